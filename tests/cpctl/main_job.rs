//! The main job on real nodes: a client that is not cpctl must not notice it.

use super::{
    harness::Ran,
    lab::{Count, Lab, Probe},
    stories, undo_by_hand,
};

mod whole;

const NODES: [&str; 3] = ["n1", "n2", "n3"];
const VIP: &str = "172.22.22.3:16443";
const NAMES: [&str; 2] = ["172.22.22.3", "cp.example.internal"];

/// Everything under the directories that must not change, each entry with its mode and owner, each file with its time
/// and content. The kicker renders into certs/ every five seconds, so csr.conf.rendered counts by its content alone.
const TREE: &str = "cd /var/snap/microk8s/current && \
    find certs args credentials var/lock ! -name csr.conf.rendered -printf '%p %M %u:%g ' \
    \\( -type f -printf '%T@\\n' -exec sha256sum {} + -o -printf '\\n' \\) | sort && sha256sum certs/csr.conf.rendered && \
    find args credentials var/lock -type d -printf '%p %T@\\n'";

/// What cpctl itself leaves on a node, and all that it could leave elsewhere: files with their times, and units. What
/// systemd keeps of logins and of its own work is not cpctl's.
const ELSEWHERE: &str = "find /var/lib/cpctl /run/cpctl* -printf '%p %T@\\n' | sort; \
    find /etc /root /tmp /var/tmp /usr/local /opt /srv /home -printf '%p %T@\\n' | sort; \
    find /run -path /run/systemd -prune -o -path /run/user -prune -o -path /run/log -prune -o -print | sort; \
    systemctl list-unit-files --no-legend | sort; \
    systemctl list-units --all --plain --no-legend | awk '{ print $1, $3 }' | grep -vE '^(session-|user)' | sort";

/// The same without times: what an undone run leaves as it was.
const BYTES: &str = "cd /var/snap/microk8s/current && \
    find certs args credentials var/lock ! -name ca.srl -printf '%p %M %u:%g\\n' \
    -type f -exec sha256sum {} + | sort; systemctl is-active snap.microk8s.daemon-apiserver-kicker";

/// What must outlive whatever is restarted on a worker.
const PODS: &str = "systemctl show --property=MainPID --value pod-a pod-b snap.microk8s.daemon-kubelite";

#[test]
fn a_migration_costs_no_request_no_pod_and_no_restart_and_can_be_taken_back() {
    let Some(lab) = Lab::start("main") else { return };

    kubectl_refuses_the_address_before(&lab);
    let before = Snapshot::of(&lab);
    names_are_added_and_nobody_notices(&lab, &before.counts);
    every_node_and_the_address_serve_the_names(&lab);
    a_second_run_changes_nothing(&lab);
    a_worker_is_led_to_the_address_and_back(&lab);
    a_name_goes_and_a_certificate_is_renewed_and_nobody_notices(&lab);
    the_kubeconfig_is_repointed_and_kubectl_works(&lab);
    undo_is_refused_while_the_kubeconfig_relies_on_the_name(&lab);
    all_is_taken_back(&lab, &before);
    whole::the_whole_job_is_one_run_and_nobody_notices(&lab, &before);
    whole::it_is_finished_or_taken_back_wherever_it_is_killed(&lab, &before);
    a_story_is_true_and_is_undone_by_hand(&lab, &before);
}

struct Snapshot {
    counts: Vec<Count>,
    serials: Vec<String>,
    bytes: Vec<String>,
    kubeconfig: Vec<u8>,
}

impl Snapshot {
    fn of(lab: &Lab) -> Self {
        Self {
            counts: NODES.iter().map(|node| lab.count(node)).collect(),
            serials: NODES.iter().map(|node| lab.serial(node)).collect(),
            bytes: NODES.iter().map(|node| lab.on(node, BYTES).exits(0).stdout).collect(),
            kubeconfig: std::fs::read(lab.path("home/.kube/config")).unwrap(),
        }
    }
}

fn kubectl_at_the_address(lab: &Lab) -> Ran {
    Ran::of(&mut lab.inside(&["kubectl", "--server", "https://172.22.22.3:16443", "get", "--raw", "/readyz"]))
}

fn kubectl_refuses_the_address_before(lab: &Lab) {
    let ran = kubectl_at_the_address(lab);

    assert_eq!(ran.code, 1, "{}", ran.shown());
    assert!(ran.stderr.contains("x509: certificate is valid for"), "{}", ran.shown());
    let ran = lab.cpctl(&["verify"]).exits(1);
    assert!(
        ran.stdout.contains("172.22.22.3 is not among the names")
            && ran.stdout.contains("cpctl certs add-san 172.22.22.3"),
        "{}",
        ran.shown()
    );
}

fn names_are_added_and_nobody_notices(lab: &Lab, before: &[Count]) {
    unnoticed(lab, &["certs", "add-san", NAMES[0], NAMES[1], "--yes"], before);
}

/// Runs the binary while the probe knocks at the address, twenty times a second.
fn unnoticed(lab: &Lab, args: &[&str], before: &[Count]) {
    let probe = Probe::start(lab, &[VIP]);

    let ran = lab.cpctl(args);

    let tally = probe.tally();
    ran.exits(0);
    assert_eq!((tally.ok, tally.kinds.len()), (tally.sent, 1), "{tally:?}");
    assert!(tally.sent > 0, "the probe was at work: {tally:?}");
    let after: Vec<Count> = NODES.iter().map(|node| lab.count(node)).collect();
    assert_eq!(after, before, "no kick, no killed pod, the same kubelite");
}

fn every_node_and_the_address_serve_the_names(lab: &Lab) {
    for host in ["172.22.22.11", "172.22.22.12", "172.22.22.13", "172.22.22.3"] {
        for name in NAMES {
            let script = format!(
                "openssl s_client -connect {host}:16443 -CAfile {} -verify_return_error {} </dev/null",
                lab.path("pki/ca.crt").display(),
                if name.ends_with('3') {
                    format!("-verify_ip {name}")
                } else {
                    format!("-verify_hostname {name}")
                },
            );
            Ran::of(&mut lab.inside(&["sh", "-c", &script])).exits(0);
        }
    }
    let judge = Probe::start(lab, &["--by-name", "--for", "1s", VIP]).tally();
    assert_eq!(judge.ok, judge.sent, "the address proves itself by name: {judge:?}");
    lab.cpctl(&["verify"]).exits(0);
}

fn a_second_run_changes_nothing(lab: &Lab) {
    let look = || -> Vec<String> {
        NODES.iter().map(|node| lab.on(node, &format!("{TREE}; {ELSEWHERE}")).exits(0).stdout).collect()
    };
    let before = look();

    let ran = lab.cpctl(&["certs", "add-san", NAMES[0], NAMES[1], "--yes"]).exits(0);

    assert!(ran.stdout.contains("nothing to do"), "{}", ran.shown());
    assert_same(&look(), &before);
}

/// Its proxy leads its kubelet to the API servers; in place of theirs it is given the address, and learns no other.
fn a_worker_is_led_to_the_address_and_back(lab: &Lab) {
    let args = "/var/snap/microk8s/current/args";
    let files =
        || lab.on("w1", &format!("cd {args} && cat traefik/provider.yaml apiserver-proxy")).exits(0).stdout;
    let tree = || lab.on("w1", BYTES).stdout;
    let through_proxy = || lab.on("w1", "curl -sk --max-time 5 https://127.0.0.1:16443/version").exits(0);
    let (before, bytes, pods) = (files(), tree(), lab.on("w1", PODS).exits(0));

    lab.cpctl(&["endpoint", "move", "--to", VIP, "--yes"]).exits(0);

    let led = NODES
        .iter()
        .zip(11..)
        .fold(before.clone(), |text, (_, last)| text.replace(&format!("172.22.22.{last}:16443"), VIP));
    assert_eq!(files(), led.replace("--refresh-interval=30s", "--refresh-interval=0s"));
    assert_eq!(lab.on("w1", PODS), pods);
    through_proxy();
    let again = lab.cpctl(&["endpoint", "move", "--to", VIP, "--yes"]).exits(0);
    assert!(again.stdout.contains("nothing to do"), "{}", again.shown());
    lab.cpctl(&["undo", "--yes"]).exits(0);
    assert_eq!((files(), tree()), (before, bytes));
    assert_eq!(lab.on("w1", PODS), pods);
    through_proxy();
}

fn a_name_goes_and_a_certificate_is_renewed_and_nobody_notices(lab: &Lab) {
    let before = Snapshot::of(lab);
    let servers = ["172.22.22.11:16443", "172.22.22.12:16443", "172.22.22.13:16443"];
    let lacking = |name: &str| {
        let ran = lab.cpctl(&[&["certs", "inspect", "--require", name][..], &servers].concat());
        assert_eq!(ran.stdout.matches("  sha256 ").count(), servers.len(), "{}", ran.shown());
        ran.stdout.matches("[san-missing]").count()
    };
    lab.cpctl(&["certs", "drift", "--fail-on", "warn"]).exits(0);

    unnoticed(lab, &["certs", "remove-san", NAMES[1], "--yes"], &before.counts);
    assert_eq!(NAMES.map(lacking), [0, 3]);
    lab.cpctl(&["certs", "drift", "--fail-on", "warn"]).exits(0);
    unnoticed(lab, &["undo", "--yes"], &before.counts);
    assert_eq!(NAMES.map(lacking), [0, 0]);
    assert_same(&Snapshot::of(lab).bytes, &before.bytes);

    unnoticed(lab, &["certs", "renew", "--yes"], &before.counts);
    assert_eq!(NAMES.map(lacking), [0, 0]);
    let renewed = Snapshot::of(lab);
    assert!(renewed.serials.iter().zip(&before.serials).all(|(new, old)| new != old));
    unnoticed(lab, &["undo", "--yes"], &before.counts);

    let after = Snapshot::of(lab);
    assert_eq!(after.serials, before.serials);
    assert_same(&after.bytes, &before.bytes);
}

fn the_kubeconfig_is_repointed_and_kubectl_works(lab: &Lab) {
    let path = lab.path("home/.kube/config");
    let before = std::fs::read_to_string(&path).unwrap();

    lab.cpctl(&["kubeconfig", "repoint"]).exits(0);

    let after = std::fs::read_to_string(&path).unwrap();
    assert_eq!(after, before.replace("https://172.22.22.11:16443", "https://172.22.22.3:16443"));
    assert_ne!(after, before);
    let ran = Ran::of(&mut lab.inside(&["kubectl", "get", "nodes", "-o", "name"])).exits(0);
    assert!(ran.stdout.contains("node/n1"), "{}", ran.shown());
    lab.cpctl(&["verify"]).exits(0);
}

fn undo_is_refused_while_the_kubeconfig_relies_on_the_name(lab: &Lab) {
    let runs = lab.runs();
    let (names, kubeconfig) = (&runs[0], runs.last().unwrap());

    let ran = lab.cpctl(&["undo", names, "--yes"]).exits(2);

    assert!(ran.stderr.contains(names) && ran.stderr.contains(kubeconfig), "{}", ran.shown());
}

fn all_is_taken_back(lab: &Lab, before: &Snapshot) {
    let runs = lab.runs();

    lab.cpctl(&["undo", runs.last().unwrap(), "--yes"]).exits(0);
    lab.cpctl(&["undo", &runs[0], "--yes"]).exits(0);

    let after = Snapshot::of(lab);
    assert_eq!(after.kubeconfig, before.kubeconfig);
    assert_eq!(after.serials, before.serials);
    assert_same(&after.bytes, &before.bytes);
    assert_eq!(after.counts, before.counts);
    for node in NODES {
        lab.on(node, "test ! -e /var/lib/cpctl/lock").exits(0);
    }
    assert_eq!(kubectl_at_the_address(lab).code, 1, "the address is no longer named");
}

/// What a page says to type undoes all of it, and `undo` finds nothing left.
fn a_story_is_true_and_is_undone_by_hand(lab: &Lab, before: &Snapshot) {
    let worker = || lab.on("w1", BYTES).stdout;
    let bytes = worker();
    stories::retells("pfsense", lab);
    let run = undo_by_hand::run_of_a_story(lab, "pfsense");

    undo_by_hand::on_microk8s(lab, &run);
    undo_by_hand::serves_again(lab, &before.serials);

    let after = Snapshot::of(lab);
    assert_eq!((&after.serials, &after.counts), (&before.serials, &before.counts));
    assert_same(&after.bytes, &before.bytes);
    assert_eq!(worker(), bytes);
    undo_by_hand::nothing_is_left_to_undo(lab, "pfsense");
    assert_eq!(Snapshot::of(lab).kubeconfig, before.kubeconfig);
}

/// Compares listings, and shows only the lines that differ.
fn assert_same(after: &[String], before: &[String]) {
    let lines = |listing: &[String]| -> std::collections::BTreeSet<String> {
        listing.iter().flat_map(|text| text.lines().map(str::to_owned)).collect()
    };
    let (after, before) = (lines(after), lines(before));
    assert_eq!(
        (after.difference(&before).collect::<Vec<_>>(), before.difference(&after).collect::<Vec<_>>()),
        (vec![], vec![])
    );
}
