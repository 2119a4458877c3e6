//! The main job on real servers of RKE2: two ports with a certificate each, pods that are replaced, one server at a time.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    lab::{Distribution, Lab},
    rolling::{
        Doors, HOSTS, NAMES, NODES, Told, a_second_run_changes_nothing, changed_one_at_a_time, files_below,
        lines, names_at, shows_on_twenty_connections, with,
    },
    undo_by_hand,
};

const API: u16 = 6443;
const JOINING: u16 = 9345;
const SHARED: &[(u16, &str)] = &[(API, "/readyz"), (JOINING, "/ping")];
const ADD: [&str; 5] = ["certs", "add-san", NAMES[0], NAMES[1], "--yes"];

/// Where everything lies that an operator may have written.
const FILES: &str = "rancher systemd/system default/rke2-server /usr/local/lib/systemd";

/// What a second run may not touch, with times.
const TIMES: &str = "find /etc/rancher /var/lib/cpctl /run/cpctl* /var/lib/rancher/rke2/server/tls -printf '%p %T@ %i\\n' | sort";

#[test]
fn names_reach_both_ports_of_servers_of_rke2_with_one_restart_at_a_time() {
    let Some(lab) = Lab::of(Distribution::Rke2, "rke2main") else { return };

    lab.name_balancers();
    let before = Snapshot::of(&lab);
    names_are_added_one_server_at_a_time(&lab, &before);
    both_ports_of_every_server_serve_all_names(&lab, &before);
    a_second_run_changes_nothing(&lab, &ADD, TIMES);
    all_is_taken_back_but_the_names_in_the_certificates(&lab, &before);
    undo_by_hand::takes_back_on_rke2(&lab);
}

struct Snapshot {
    processes: Vec<BTreeMap<String, u32>>,
    /// By port.
    names: BTreeMap<u16, Vec<BTreeSet<String>>>,
    files: Vec<BTreeSet<String>>,
}

impl Snapshot {
    fn of(lab: &Lab) -> Self {
        let names = |port| (port, NODES.map(|node| names_at(lab, node, port)).to_vec());
        Self {
            processes: NODES.map(|node| lab.processes(node)).to_vec(),
            names: [API, JOINING].map(names).into(),
            files: NODES
                .map(|node| lines(&lab.on(node, &files_below("/etc", FILES)).exits(0).stdout))
                .to_vec(),
        }
    }

    /// Whether each of these has another process on every node than it had then.
    fn replaced(&self, then: &Self, names: &[&str]) -> Vec<bool> {
        let pairs = self.processes.iter().zip(&then.processes);
        pairs.flat_map(|(new, old)| names.iter().map(|name| new[*name] != old[*name])).collect()
    }
}

fn names_are_added_one_server_at_a_time(lab: &Lab, before: &Snapshot) {
    changed_one_at_a_time(lab, &ADD, &NODES, &Doors { servers: Told::Port(API), shared: SHARED });

    let after = Snapshot::of(lab);
    assert_eq!(after.replaced(before, &["rke2", "kube-apiserver", "etcd"]), [true; 9]);
    assert_eq!(after.replaced(before, &["pod-a", "pod-b"]), [false; 6]);
    for port in [API, JOINING] {
        for (new, old) in after.names[&port].iter().zip(&before.names[&port]) {
            assert_eq!(*new, with(old, NAMES.map(str::to_owned)), "{port}");
        }
    }
    for (new, old) in after.files.iter().zip(&before.files) {
        assert!(new.is_superset(old), "{new:?}");
    }
}

fn both_ports_of_every_server_serve_all_names(lab: &Lab, before: &Snapshot) {
    for (host, node) in HOSTS.iter().zip(0..NODES.len()) {
        for port in [API, JOINING] {
            shows_on_twenty_connections(lab, &format!("{host}:{port}"), &before.names[&port][node]);
        }
    }
    lab.cpctl(&["verify", "172.22.22.3:6443"]).exits(0);
}

/// Nothing is signed anew then, so that the pods stay and the port for joining alone goes away.
fn all_is_taken_back_but_the_names_in_the_certificates(lab: &Lab, before: &Snapshot) {
    let then = Snapshot::of(lab);

    let doors = Doors { servers: Told::Unit("rke2-server"), shared: SHARED };
    changed_one_at_a_time(lab, &["undo", "--yes"], &["n3", "n2", "n1"], &doors);

    let after = Snapshot::of(lab);
    assert_eq!(after.files, before.files);
    assert_eq!(after.replaced(&then, &["rke2"]), [true; 3]);
    assert_eq!(after.replaced(&then, &["kube-apiserver", "etcd", "pod-a", "pod-b"]), [false; 12]);
    assert_eq!(after.names, then.names, "RKE2 removes no name");
    for node in NODES {
        lab.on(node, "test ! -e /var/lib/cpctl/lock").exits(0);
    }
}
