//! The main job on real servers of K3s: one restart at a time, the names on the wire, and nothing else in the certificate.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    harness::Ran,
    lab::{Distribution, Lab},
    rolling::{
        Doors, HOSTS, NAMES, NODES, Told, a_second_run_changes_nothing, changed_one_at_a_time, files_below,
        lines, names_at, shows_on_twenty_connections, with,
    },
    stories, undo_by_hand,
    wait::until,
};

mod agents;
mod whole;

/// Clients and those that join come in at one port.
const DOORS: Doors = Doors { servers: Told::Port(6443), shared: &[(6443, "/readyz")] };

const ADD: [&str; 5] = ["certs", "add-san", NAMES[0], NAMES[1], "--yes"];

/// Where everything lies that an operator may have written.
const FILES: &str = "rancher systemd/system default/k3s";

/// What a second run may not touch, with times.
const TIMES: &str = "find /etc/rancher /var/lib/cpctl /run/cpctl* /var/lib/rancher/k3s/server/tls -printf '%p %T@ %i\\n' | sort";

/// The names below which dynamiclistener keeps a proof of each name that it ever took in.
const PROOFS: &str = "k3s kubectl -n kube-system get secret k3s-serving \
    -o go-template='{{range $name, $value := .metadata.annotations}}{{$name}}{{\"\\n\"}}{{end}}'";

#[test]
fn names_reach_servers_of_k3s_with_one_restart_at_a_time_and_no_pod_is_lost() {
    let Some(lab) = Lab::of(Distribution::K3s, "k3smain") else { return };

    lab.name_balancers();
    a_look_at_a_server_that_starts_leaves_nothing_in_its_certificate(&lab);
    an_edit_without_a_restart_is_found(&lab);
    whole::servers_agent_and_kubeconfig_are_moved_as_one_and_taken_back(&lab);
    whole::a_migration_is_finished_and_taken_back_wherever_it_is_killed(&lab);
    let before = Snapshot::of(&lab);
    names_are_added_one_server_at_a_time(&lab, &before);
    every_server_serves_all_names_on_twenty_connections_in_a_row(&lab, &before);
    a_second_run_changes_nothing(&lab, &ADD, TIMES);
    agents::an_agent_is_led_to_the_address_and_back(&lab);
    all_is_taken_back_but_the_names_in_the_certificate(&lab, &before);
    stories::retells("relayd", &lab);
    undo_by_hand::takes_back_on_k3s(&lab);
}

struct Snapshot {
    processes: Vec<BTreeMap<String, u32>>,
    names: Vec<BTreeSet<String>>,
    proofs: BTreeSet<String>,
    files: Vec<BTreeSet<String>>,
}

impl Snapshot {
    fn of(lab: &Lab) -> Self {
        let lines = |script: &str| NODES.map(|node| lines(&lab.on(node, script).exits(0).stdout)).to_vec();
        Self {
            processes: NODES.map(|node| lab.processes(node)).to_vec(),
            names: NODES.map(|node| names_at(lab, node, 6443)).to_vec(),
            proofs: proofs(lab),
            files: lines(&files_below("/etc", FILES)),
        }
    }

    fn pods(&self) -> Vec<BTreeMap<String, u32>> {
        let pods = |all: &BTreeMap<String, u32>| {
            all.iter().filter(|(name, _)| *name != "k3s").map(|(name, pid)| (name.clone(), *pid)).collect()
        };
        self.processes.iter().map(pods).collect()
    }
}

/// Without the fingerprint, which is that of the certificate.
fn proofs(lab: &Lab) -> BTreeSet<String> {
    let text = lab.on("n1", PROOFS).exits(0).stdout;
    text.lines().filter(|name| name.contains("/cn-")).map(str::to_owned).collect()
}

/// While it starts, K3s lets every name in that it is asked for.
fn a_look_at_a_server_that_starts_leaves_nothing_in_its_certificate(lab: &Lab) {
    let (before, pid) = (proofs(lab), lab.processes("n1")["k3s"]);
    lab.on("n1", "systemctl restart --no-block k3s").exits(0);

    until("n1 is up again", || {
        lab.cpctl(&["certs", "inspect"]);
        lab.cpctl(&["verify", "172.22.22.3:6443"]);
        lab.on("n1", "systemctl is-active k3s").code == 0 && lab.processes("n1")["k3s"] != pid
    });

    assert_eq!(proofs(lab), before);
    lab.until_ready("n1");
    lab.until_balanced();
}

/// A name that stands in a file and was never taken in.
fn an_edit_without_a_restart_is_found(lab: &Lab) {
    let edit = "/etc/rancher/k3s/config.yaml.d/10-edit.yaml";
    lab.on("n1", &format!("mkdir $(dirname {edit}) && echo 'tls-san+: {}' > {edit}", NAMES[0])).exits(0);

    let refused =
        Ran::of(&mut lab.inside(&["kubectl", "--server", "https://172.22.22.3:6443", "get", "nodes"]));
    let plan = lab.cpctl(&["certs", "add-san", NAMES[0], "--dry-run"]).exits(0).stdout;

    assert!(refused.stderr.contains("x509: certificate is valid for 1"), "{}", refused.shown());
    assert!(refused.stderr.contains("not 172.22.22.3"), "{}", refused.shown());
    let (n1, rest) = plan.split_once("\nn2: the certificate does not name 172.22.22.3\n").expect(&plan);
    let why = "n1: 172.22.22.3 stands in its configuration, but its certificate does not name it\n";
    assert!(n1.contains(why) && n1.contains("\n  restart k3s,") && !n1.contains("\n  create "), "{n1}");
    assert!(rest.contains("\n  create "), "{rest}");
    lab.on("n1", &format!("rm -r $(dirname {edit})")).exits(0);
}

fn names_are_added_one_server_at_a_time(lab: &Lab, before: &Snapshot) {
    let plan = lab.cpctl(&["certs", "add-san", NAMES[0], NAMES[1], "--dry-run"]).exits(0).stdout;
    assert!(plan.contains("note on n1, n2, n3: while k3s restarts, a server refuses connections"), "{plan}");

    changed_one_at_a_time(lab, &ADD, &NODES, &DOORS);

    let after = Snapshot::of(lab);
    assert_eq!(after.pods(), before.pods(), "the same pods");
    for (new, old) in after.processes.iter().zip(&before.processes) {
        assert_ne!(new["k3s"], old["k3s"], "it was restarted");
    }
    for (new, old) in after.names.iter().zip(&before.names) {
        assert_eq!(*new, with(old, NAMES.map(str::to_owned)));
    }
    assert_eq!(after.proofs, with(&before.proofs, NAMES.map(|name| format!("listener.cattle.io/cn-{name}"))));
    for (new, old) in after.files.iter().zip(&before.files) {
        assert!(new.is_superset(old), "{new:?}");
    }
    for node in NODES {
        let asked =
            lab.on(node, "journalctl -u k3s -o cat | grep 'with tls-san' | tail -n 1").exits(0).stdout;
        assert!(NAMES.iter().all(|name| asked.contains(name)), "{node} asks for them by itself: {asked}");
        assert!(asked.contains("k3s.example.internal"), "{node}: {asked}");
    }
}

fn every_server_serves_all_names_on_twenty_connections_in_a_row(lab: &Lab, before: &Snapshot) {
    for host in HOSTS {
        shows_on_twenty_connections(lab, &format!("{host}:6443"), &before.names[0]);
    }
    lab.cpctl(&["verify", "172.22.22.3:6443"]).exits(0);
    let told = lab.cpctl(&["lb", "check", "172.22.22.3:6443"]).exits(0).stdout;
    assert!(told.contains("passes TLS through") && told.contains("share a certificate"), "{told}");
    assert_eq!(proofs(lab), with(&before.proofs, NAMES.map(|name| format!("listener.cattle.io/cn-{name}"))));
}

fn all_is_taken_back_but_the_names_in_the_certificate(lab: &Lab, before: &Snapshot) {
    changed_one_at_a_time(lab, &["undo", "--yes"], &["n3", "n2", "n1"], &DOORS);

    let after = Snapshot::of(lab);
    assert_eq!(after.files, before.files);
    assert_eq!(after.pods(), before.pods());
    for (new, old) in after.names.iter().zip(&before.names) {
        assert_eq!(*new, with(old, NAMES.map(str::to_owned)), "K3s removes no name");
    }
    for node in NODES {
        lab.on(node, "test ! -e /var/lib/cpctl/lock").exits(0);
    }
}
