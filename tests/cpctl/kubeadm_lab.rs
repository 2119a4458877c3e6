//! The main job on real nodes of kubeadm's: no client may notice it, no process end, and kubeadm goes by the new names.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    harness::Ran,
    kubeadm_move_lab,
    lab::{Distribution, Lab, Probe},
    undo_by_hand,
};

mod whole;

const NODES: [&str; 3] = ["n1", "n2", "n3"];
const VIP: &str = "172.22.22.3:6443";
const NAMES: [&str; 2] = ["172.22.22.3", "cp.example.internal"];
const ADD: [&str; 5] = ["certs", "add-san", NAMES[0], NAMES[1], "--yes"];

/// Everything of Kubernetes on a node but what is to change, with times and inodes.
const BESIDE: &str = "find /etc/kubernetes /etc/systemd/system -type f \
    ! -path /etc/kubernetes/pki/apiserver.crt ! -path /etc/kubernetes/kubeadm-config.yaml \
    -printf '%p %M %u:%g %T@ %i\\n' -exec sha256sum {} + | sort";

/// What changes on a node, to the byte, with modes and owners.
const CHANGES: &str = "cd /etc/kubernetes && ls -A . pki manifests \
    && for file in pki/apiserver.crt kubeadm-config.yaml; do stat -c '%A %U:%G' $file; cat $file; done 2>&1";

/// What a second run may not touch, with times.
const TIMES: &str = "find /etc/kubernetes /var/lib/cpctl /run/cpctl* -printf '%p %T@ %i\\n' | sort";

const SERVED: &str = "openssl s_client -connect $(hostname -I | cut -d' ' -f1):6443 </dev/null 2>/dev/null";

/// What kubeadm would give to a node that joins: the cluster's own configuration, and a directory with nothing but the CA.
const MADE_BY_KUBEADM: &str = "set -eu
    export KUBECONFIG=/etc/kubernetes/admin.conf
    mkdir -p /root/new && cp /etc/kubernetes/pki/ca.* /root/new
    kubectl -n kube-system get configmap kubeadm-config -o 'jsonpath={.data.ClusterConfiguration}' \
        | sed 's|^certificatesDir:.*|certificatesDir: /root/new|' > /root/new.yaml
    kubeadm init phase certs apiserver --config /root/new.yaml > /dev/null
    openssl x509 -in /root/new/apiserver.crt -noout -ext subjectAltName";

const RENEWED_BY_KUBEADM: &str = "kubeadm certs renew apiserver > /dev/null \
    && openssl x509 -in /etc/kubernetes/pki/apiserver.crt -noout -ext subjectAltName";

#[test]
fn names_reach_nodes_of_kubeadm_s_and_no_request_and_no_process_is_lost() {
    let Some(lab) = Lab::of(Distribution::Kubeadm, "kubeadmmain") else { return };

    let before = Snapshot::of(&lab);
    the_address_is_refused_before(&lab);
    names_are_added_and_nobody_notices(&lab, &before);
    every_node_serves_all_names_on_fresh_connections(&lab, &before);
    kubeadm_s_own_configuration_lists_them_and_nothing_else_of_it_changed(&lab, &before);
    a_second_run_changes_nothing(&lab);
    all_is_taken_back(&lab, &before);
    undo_by_hand::takes_back_on_kubeadm(&lab);
    whole::everything_is_moved_as_one_and_taken_back(&lab, &before);
    what_kubeadm_makes_later_has_the_names(&lab);
    kubeadm_move_lab::everything_is_led_to_the_address(&lab);
}

#[derive(Debug, Eq, PartialEq)]
struct Snapshot {
    processes: Vec<BTreeMap<String, u32>>,
    serials: Vec<String>,
    keys: Vec<String>,
    names: Vec<BTreeSet<String>>,
    changes: Vec<String>,
    beside: Vec<String>,
    configuration: String,
    object: serde_json::Value,
}

impl Snapshot {
    fn of(lab: &Lab) -> Self {
        let on_each = |script: &str| NODES.map(|node| lab.on(node, script).stdout).to_vec();
        let served = |question: &str| on_each(&format!("{SERVED} | openssl x509 -noout {question}"));
        let (configuration, object) = configuration(lab);
        Self {
            processes: NODES.map(|node| lab.processes(node)).to_vec(),
            serials: NODES.map(|node| lab.serial(node)).to_vec(),
            keys: served("-pubkey"),
            names: served("-ext subjectAltName").iter().map(|text| names_in(text)).collect(),
            changes: on_each(CHANGES),
            beside: on_each(BESIDE),
            configuration,
            object,
        }
    }
}

/// The text that kubeadm goes by, and all else of the object that holds it.
fn configuration(lab: &Lab) -> (String, serde_json::Value) {
    let get = ["kubectl", "-n", "kube-system", "get", "configmap", "kubeadm-config", "-o", "json"];
    let ran = Ran::of(&mut lab.inside(&get)).exits(0);
    let mut object: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    object["metadata"]["resourceVersion"].take();
    let text = object["data"]["ClusterConfiguration"].take();
    (text.as_str().unwrap().to_owned(), object)
}

/// The names in what OpenSSL prints of a certificate.
fn names_in(text: &str) -> BTreeSet<String> {
    let words = text.lines().skip(1).flat_map(|line| line.split(", "));
    words.filter_map(|word| word.trim().split_once(':')).map(|(_, name)| name.to_owned()).collect()
}

fn with_new(names: &BTreeSet<String>) -> BTreeSet<String> {
    names.iter().cloned().chain(NAMES.map(str::to_owned)).collect()
}

fn the_address_is_refused_before(lab: &Lab) {
    let ran = lab.cpctl(&["verify"]).exits(1);

    assert!(ran.stdout.contains("172.22.22.3 is not among the names"), "{}", ran.shown());
}

fn names_are_added_and_nobody_notices(lab: &Lab, before: &Snapshot) {
    unnoticed(lab, &ADD);

    let after = Snapshot::of(lab);
    assert_eq!(after.processes, before.processes, "the same API server and etcd");
    assert_eq!((&after.keys, &after.beside), (&before.keys, &before.beside));
    for (new, old) in after.serials.iter().zip(&before.serials) {
        assert_ne!(new, old);
    }
    for (new, old) in after.names.iter().zip(&before.names) {
        assert_eq!((new, new.len()), (&with_new(old), old.len() + NAMES.len()));
    }
}

/// Runs the binary while the probe knocks at the address, twenty times a second.
pub fn unnoticed(lab: &Lab, args: &[&str]) {
    let probe = Probe::start(lab, &[VIP]);

    let ran = lab.cpctl(args);

    let tally = probe.tally();
    ran.exits(0);
    assert_eq!((tally.ok, tally.kinds.len()), (tally.sent, 1), "{tally:?}");
    assert!(tally.sent > 0, "the probe was at work: {tally:?}");
}

fn every_node_serves_all_names_on_fresh_connections(lab: &Lab, before: &Snapshot) {
    for (node, names) in NODES.iter().zip(&before.names) {
        let checks: String = with_new(names)
            .iter()
            .map(|name| match name.parse::<std::net::IpAddr>() {
                Ok(_) => format!(" -verify_ip {name}"),
                Err(_) => format!(" -verify_hostname {name}"),
            })
            .map(|check| format!("verified {check}\n"))
            .collect();
        let script = format!(
            "set -eu; verified() {{ openssl s_client -connect {node}:6443 -CAfile {} -verify_return_error \"$@\" \
             </dev/null >/dev/null 2>&1; }}\n{checks}for _ in $(seq 20); do verified -verify_ip {}; done",
            lab.path("pki/ca.crt").display(),
            NAMES[0],
        );
        let address = lab.on(node, "hostname -I | cut -d' ' -f1").exits(0).stdout;
        let script = script.replace(&format!("-connect {node}:"), &format!("-connect {}:", address.trim()));
        Ran::of(&mut lab.inside(&["sh", "-c", &script])).exits(0);
    }
    let judge = Probe::start(lab, &["--by-name", "--for", "1s", VIP]).tally();
    assert_eq!(judge.ok, judge.sent, "the address proves itself by name: {judge:?}");
    lab.cpctl(&["verify"]).exits(0);
}

fn kubeadm_s_own_configuration_lists_them_and_nothing_else_of_it_changed(lab: &Lab, before: &Snapshot) {
    let (text, object) = configuration(lab);

    let listed = before
        .configuration
        .replace("  - api.lab.example\n", "  - api.lab.example\n  - cp.example.internal\n  - 172.22.22.3\n");
    assert_ne!(listed, before.configuration);
    assert_eq!((text, object), (listed, before.object.clone()));
    let file = lab.on("n1", "cat /etc/kubernetes/kubeadm-config.yaml").exits(0).stdout;
    assert!(file.contains("  certSANs: [api.lab.example, cp.example.internal, 172.22.22.3]\n"), "{file}");
}

fn a_second_run_changes_nothing(lab: &Lab) {
    let version = ["kubectl", "-n", "kube-system", "get", "configmap", "kubeadm-config", "-o", "yaml"];
    let look = || {
        let object = Ran::of(&mut lab.inside(&version)).exits(0).stdout;
        (NODES.map(|node| lab.on(node, TIMES).stdout), object)
    };
    let before = look();

    let ran = lab.cpctl(&ADD).exits(0);

    assert!(ran.stdout.contains("nothing to do"), "{}", ran.shown());
    assert_eq!(look(), before);
}

fn all_is_taken_back(lab: &Lab, before: &Snapshot) {
    unnoticed(lab, &["undo", "--yes"]);

    assert_eq!(Snapshot::of(lab), *before);
    for node in NODES {
        lab.on(node, "test ! -e /var/lib/cpctl/lock").exits(0);
    }
    lab.cpctl(&["verify"]).exits(1);
}

/// kubeadm has the last word: it renews what is there, and for a node that joins it goes by the cluster's configuration.
fn what_kubeadm_makes_later_has_the_names(lab: &Lab) {
    let made = names_in(&lab.on("n3", MADE_BY_KUBEADM).exits(0).stdout);
    assert!(made.contains("api.lab.example") && NAMES.iter().all(|name| !made.contains(*name)), "{made:?}");
    lab.on("n3", "rm -r /root/new").exits(0);
    lab.cpctl(&ADD).exits(0);

    let made_anew = names_in(&lab.on("n3", MADE_BY_KUBEADM).exits(0).stdout);
    let renewed = names_in(&lab.on("n3", RENEWED_BY_KUBEADM).exits(0).stdout);

    assert_eq!(made_anew, with_new(&made));
    assert!(renewed.is_superset(&with_new(&made)), "{renewed:?}");
}
