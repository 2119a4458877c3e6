//! The whole job on K3s as one run: servers, agent and kubeconfig, and all of them back.

use std::fs;

use super::{DOORS, Snapshot, agents::Agent};
use crate::{
    crashes::stages::Killed,
    lab::{Lab, Probe},
    rolling::{Doors, NAMES, NODES, Told, changed_one_at_a_time, with},
};

const OLD: &str = "172.22.22.11:6443";
const NEW: &str = "172.22.22.3:6443";
/// A balancer's own address.
const OTHER: &str = "172.22.22.8:6443";
/// The order is told by the units; nothing is demanded of what each server answers meanwhile.
const BY_UNIT: Doors = Doors { servers: Told::Unit("k3s"), ..DOORS };

const MIGRATE: [&str; 4] = ["migrate", "--to", NEW, "--yes"];

/// Nobody serves the name yet; K3s keeps it when all is taken back.
pub fn servers_agent_and_kubeconfig_are_moved_as_one_and_taken_back(lab: &Lab) {
    let kubeconfig = || fs::read_to_string(lab.path("home/.kube/config")).unwrap();
    let (before, agent, leading) = (Snapshot::of(lab), Agent::of(lab), kubeconfig());

    changed_one_at_a_time(lab, &MIGRATE, &NODES, &BY_UNIT);

    let after = Snapshot::of(lab);
    for (new, old) in after.names.iter().zip(&before.names) {
        assert!(!old.contains(NAMES[0]));
        assert_eq!(*new, with(old, [NAMES[0].to_owned()]));
    }
    assert_eq!(after.pods(), before.pods(), "the same pods");
    let judge = Probe::start(lab, &["--by-name", "--for", "1s", NEW]).tally();
    assert!(judge.sent > 0 && judge.ok == judge.sent, "the address proves itself by name: {judge:?}");
    let moved = Agent::of(lab);
    assert_eq!(moved.variables, agent.variables.replace("172.22.22.11", "172.22.22.3"));
    assert_eq!(moved.pods, agent.pods);
    assert_eq!(kubeconfig(), leading.replace(OLD, NEW));
    assert_ne!(kubeconfig(), leading);
    lab.cpctl(&["verify"]).exits(0);

    changed_one_at_a_time(lab, &["undo", "--yes"], &["n3", "n2", "n1"], &BY_UNIT);

    let back = Snapshot::of(lab);
    assert_eq!((&back.files, back.pods()), (&before.files, before.pods()));
    for (new, old) in back.names.iter().zip(&before.names) {
        assert_eq!(*new, with(old, [NAMES[0].to_owned()]), "K3s removes no name");
    }
    assert_eq!((Agent::of(lab), kubeconfig()), (agent, leading));
    for node in [&NODES[..], &["w1"]].concat() {
        lab.on(node, "test ! -e /var/lib/cpctl/lock").exits(0);
    }
}

/// To an address that nobody serves yet: a name that is served already costs no restart.
pub fn a_migration_is_finished_and_taken_back_wherever_it_is_killed(lab: &Lab) {
    let kubeconfig = || fs::read_to_string(lab.path("home/.kube/config")).unwrap();
    let (before, agent, leading) = (Snapshot::of(lab), Agent::of(lab), kubeconfig());
    let is_there = || {
        let variables = agent.variables.replace("172.22.22.11", "172.22.22.8");
        assert_eq!((Agent::of(lab).variables, kubeconfig()), (variables, leading.replace(OLD, OTHER)));
        lab.cpctl(&["verify", OTHER]).exits(0);
    };
    let is_back = || {
        let back = Snapshot::of(lab);
        assert_eq!((&back.files, back.pods()), (&before.files, before.pods()));
        assert_eq!((Agent::of(lab), kubeconfig()), (agent.clone(), leading.clone()));
    };

    let migrate = ["migrate", "--to", OTHER, "--yes"];
    Killed { lab, to: OTHER, migrate: &migrate, is_there: &is_there, is_back: &is_back }
        .resumed_after_each_stage();
}
