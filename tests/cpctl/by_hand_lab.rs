//! The main job on real nodes that were set up by hand: no client may notice it, and neither API server nor etcd. At its end
//! come the stories of such nodes, and what the lab itself promises of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    by_hand_nodes,
    docs::text,
    harness::Ran,
    lab::{Distribution, Lab, Probe},
    stories, undo_by_hand,
};

const NODES: [&str; 3] = ["n1", "n2", "n3"];
const VIP: &str = "172.22.22.3:6443";
const HOSTS: [&str; 4] = ["172.22.22.11", "172.22.22.12", "172.22.22.13", "172.22.22.3"];
const NAMES: [&str; 2] = ["172.22.22.3", "cp.example.internal"];
const ADD: [&str; 5] = ["certs", "add-san", NAMES[0], NAMES[1], "--yes"];

/// Everything that the API server and etcd are given, but the certificate that is signed anew.
const BESIDE: &str = "cd / && find var/lib/kubernetes etc/etcd etc/systemd/system -type f \
    ! -path var/lib/kubernetes/kubernetes.pem -printf '%p %M %u:%g %T@ %i\\n' -exec sha256sum {} + | sort";

/// The certificate's file to the byte, with its mode and owner.
const CERTIFICATE: &str =
    "cd /var/lib/kubernetes && stat -c '%A %U:%G' kubernetes.pem && cat kubernetes.pem; ls -A .";

/// What a second run may not touch, with times.
const TIMES: &str =
    "find /var/lib/kubernetes /etc/etcd /var/lib/cpctl /run/cpctl* -printf '%p %T@ %i\\n' | sort";

/// The blocks behind the first one.
const CHAIN: &str = "awk '/BEGIN CERTIFICATE/ { block++ } block > 1' /var/lib/kubernetes/kubernetes.pem";

#[test]
fn names_reach_nodes_set_up_by_hand_and_no_request_and_no_process_is_lost() {
    let Some(lab) = Lab::of(Distribution::ByHand, "byhandmain") else { return };

    by_hand_nodes::etcd_has_the_api_servers_certificate(&lab);
    a_node_serves_a_chain(&lab, "n2");
    kubectl_refuses_the_address_before(&lab);
    let before = Snapshot::of(&lab);
    names_are_added_and_nobody_notices(&lab, &before);
    every_node_and_the_address_serve_all_names(&lab, &before);
    a_second_run_changes_nothing(&lab);
    a_name_goes_and_a_certificate_is_renewed_and_nobody_notices(&lab);
    the_kubeconfig_is_repointed_and_kubectl_works(&lab);
    all_is_taken_back(&lab, &before);
    by_hand_nodes::a_node_comes_back_with_its_power(&lab);
    stories_are_true_and_are_undone_by_hand(&lab, &before);
    by_hand_nodes::three_controllers_serve_what_is_renamed_over_their_certificate(lab);
}

#[derive(Debug, Eq, PartialEq)]
struct Snapshot {
    processes: Vec<BTreeMap<String, u32>>,
    serials: Vec<String>,
    keys: Vec<String>,
    names: Vec<BTreeSet<String>>,
    certificates: Vec<String>,
    chains: Vec<String>,
    beside: Vec<String>,
}

impl Snapshot {
    fn of(lab: &Lab) -> Self {
        let on_each = |script: &str| NODES.map(|node| lab.on(node, script).exits(0).stdout).to_vec();
        let served = |question: &str| on_each(&format!("{SERVED} | openssl x509 -noout {question}"));
        Self {
            processes: NODES.map(|node| lab.processes(node)).to_vec(),
            serials: NODES.map(|node| lab.serial(node)).to_vec(),
            keys: served("-pubkey"),
            names: served("-ext subjectAltName").iter().map(|text| names_in(text)).collect(),
            certificates: on_each(CERTIFICATE),
            chains: on_each(CHAIN),
            beside: on_each(BESIDE),
        }
    }
}

const SERVED: &str = "openssl s_client -connect $(hostname -I | cut -d' ' -f1):6443 </dev/null 2>/dev/null";

/// The names in what OpenSSL prints of a certificate.
fn names_in(text: &str) -> BTreeSet<String> {
    let words = text.lines().skip(1).flat_map(|line| line.split(", "));
    words.filter_map(|word| word.trim().split_once(':')).map(|(_, name)| name.to_owned()).collect()
}

/// The CA's certificate behind the leaf, as some write it for clients.
fn a_node_serves_a_chain(lab: &Lab, node: &str) {
    let script =
        "cd /var/lib/kubernetes && cp -p kubernetes.pem new && cat ca.pem >> new && mv new kubernetes.pem";
    lab.on(node, script).exits(0);

    let ran = lab.on(node, CHAIN).exits(0);

    assert!(ran.stdout.contains("BEGIN CERTIFICATE"), "{}", ran.shown());
}

fn kubectl_at_the_address(lab: &Lab) -> Ran {
    Ran::of(&mut lab.inside(&["kubectl", "--server", "https://172.22.22.3:6443", "get", "--raw", "/readyz"]))
}

fn kubectl_refuses_the_address_before(lab: &Lab) {
    let ran = kubectl_at_the_address(lab);

    assert_eq!(ran.code, 1, "{}", ran.shown());
    assert!(ran.stderr.contains("x509: certificate is valid for 1"), "{}", ran.shown());
    assert!(ran.stderr.contains("not 172.22.22.3"), "{}", ran.shown());
    let ran = lab.cpctl(&["verify"]).exits(1);
    assert!(ran.stdout.contains("172.22.22.3 is not among the names"), "{}", ran.shown());
}

fn names_are_added_and_nobody_notices(lab: &Lab, before: &Snapshot) {
    unnoticed(lab, &ADD);

    let after = Snapshot::of(lab);
    assert_eq!(after.processes, before.processes, "the same API server and etcd");
    assert_eq!((&after.keys, &after.chains, &after.beside), (&before.keys, &before.chains, &before.beside));
    assert!(before.chains[0].is_empty() && !before.chains[1].is_empty());
    for (new, old) in after.serials.iter().zip(&before.serials) {
        assert_ne!(new, old);
    }
    for (new, old) in after.names.iter().zip(&before.names) {
        let wanted: BTreeSet<_> = old.iter().cloned().chain(NAMES.map(str::to_owned)).collect();
        assert_eq!((new, old.len()), (&wanted, wanted.len() - NAMES.len()));
    }
}

/// Runs the binary while the probe knocks at the address, twenty times a second.
fn unnoticed(lab: &Lab, args: &[&str]) {
    let probe = Probe::start(lab, &[VIP]);

    let ran = lab.cpctl(args);

    let tally = probe.tally();
    ran.exits(0);
    assert_eq!((tally.ok, tally.kinds.len()), (tally.sent, 1), "{tally:?}");
    assert!(tally.sent > 0, "the probe was at work: {tally:?}");
}

fn every_node_and_the_address_serve_all_names(lab: &Lab, before: &Snapshot) {
    let names: Vec<_> = before.names[0].iter().map(String::as_str).chain(NAMES).collect();
    for host in HOSTS {
        for name in &names {
            let kind =
                if name.parse::<std::net::IpAddr>().is_ok() { "-verify_ip" } else { "-verify_hostname" };
            let script = format!(
                "openssl s_client -connect {host}:6443 -CAfile {} -verify_return_error {kind} {name} </dev/null",
                lab.path("pki/ca.crt").display(),
            );
            Ran::of(&mut lab.inside(&["sh", "-c", &script])).exits(0);
        }
    }
    let judge = Probe::start(lab, &["--by-name", "--for", "1s", VIP]).tally();
    assert_eq!(judge.ok, judge.sent, "the address proves itself by name: {judge:?}");
    lab.cpctl(&["verify"]).exits(0);
}

fn a_second_run_changes_nothing(lab: &Lab) {
    let look = || NODES.map(|node| lab.on(node, TIMES).stdout);
    let before = look();

    let ran = lab.cpctl(&ADD).exits(0);

    assert!(ran.stdout.contains("nothing to do"), "{}", ran.shown());
    assert_eq!(look(), before);
}

fn a_name_goes_and_a_certificate_is_renewed_and_nobody_notices(lab: &Lab) {
    let before = Snapshot::of(lab);
    lab.cpctl(&["certs", "drift", "--fail-on", "warn"]).exits(0);

    unnoticed(lab, &["certs", "remove-san", NAMES[1], "--yes"]);
    let without = Snapshot::of(lab);
    unnoticed(lab, &["undo", "--yes"]);
    assert_eq!(Snapshot::of(lab), before);
    unnoticed(lab, &["certs", "renew", "--yes"]);
    let renewed = Snapshot::of(lab);
    unnoticed(lab, &["undo", "--yes"]);

    assert_eq!(Snapshot::of(lab), before);
    for (left, all) in without.names.iter().zip(&before.names) {
        assert_eq!(all.difference(left).collect::<Vec<_>>(), [NAMES[1]]);
    }
    assert_eq!((&renewed.names, &renewed.keys), (&before.names, &before.keys));
    assert_eq!((&renewed.processes, &without.processes), (&before.processes, &before.processes));
    assert!(renewed.serials.iter().zip(&before.serials).all(|(new, old)| new != old));
}

fn the_kubeconfig_is_repointed_and_kubectl_works(lab: &Lab) {
    lab.cpctl(&["kubeconfig", "repoint"]).exits(0);

    let ran = Ran::of(&mut lab.inside(&["kubectl", "get", "namespaces", "-o", "name"])).exits(0);
    assert!(ran.stdout.contains("namespace/default"), "{}", ran.shown());
    let ran = Ran::of(&mut lab.inside(&["kubectl", "config", "view", "--minify"])).exits(0);
    assert!(ran.stdout.contains("server: https://172.22.22.3:6443"), "{}", ran.shown());
    lab.cpctl(&["verify"]).exits(0);
}

fn all_is_taken_back(lab: &Lab, before: &Snapshot) {
    let runs = lab.runs();
    lab.cpctl(&["undo", runs.last().unwrap(), "--yes"]).exits(0);

    unnoticed(lab, &["undo", &runs[0], "--yes"]);

    assert_eq!(Snapshot::of(lab), *before);
    for node in NODES {
        lab.on(node, "test ! -e /var/lib/cpctl/lock").exits(0);
    }
    assert_eq!(kubectl_at_the_address(lab).code, 1, "the address is no longer named");
}

/// Afterwards the certificates hold the name that the second story adds, and nobody holds its balancers' address.
fn stories_are_true_and_are_undone_by_hand(lab: &Lab, before: &Snapshot) {
    stories::retells("ipfw", lab);
    lab.until_ready("n2");
    let run = undo_by_hand::run_of_a_story(lab, "ipfw");

    undo_by_hand::on_nodes_set_up_by_hand(lab, &run);
    undo_by_hand::serves_again(lab, &before.serials);

    let after = Snapshot::of(lab);
    assert_eq!((&after.serials, &after.certificates), (&before.serials, &before.certificates));
    assert_eq!((&after.names, &after.beside), (&before.names, &before.beside));
    undo_by_hand::nothing_is_left_to_undo(lab, "ipfw");
    stories::retells("nginx", lab);
    undo_by_hand::on_nginx(lab, "lb2", &undo_by_hand::run_of_a_story(lab, "nginx"));
    assert_eq!(lab.on("lb2", "cat /etc/nginx/nginx.conf").stdout, text("fixtures/stories/nginx/nginx.conf"));
    undo_by_hand::nothing_is_left_to_undo(lab, "nginx");
}
