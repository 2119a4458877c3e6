//! Steps that are planned without a balancer's word.

use std::{sync::Arc, time::Duration};

use super::*;
use crate::{
    node::{self, NodeMut},
    plan::Settle,
    probe::Wire,
    world::Reach,
};

/// Nobody may be asked.
struct Nowhere;

impl Reach for Nowhere {
    fn connect(&self, target: &Target) -> Result<Box<dyn NodeMut>, node::Error> {
        panic!("{} is asked", target.name)
    }

    fn host(&self, target: &Target) -> String {
        target.host.clone()
    }
}

fn world() -> World {
    World {
        reach: Arc::new(Nowhere),
        wire: Wire::new(Duration::from_secs(1)),
        now: jiff::Timestamp::now,
        random: crate::world::random_octets,
        state: "/nowhere".into(),
        operator: "ann@laptop".into(),
    }
}

fn step(settle: Settle) -> Step {
    Step {
        node: "cp1".into(),
        why: "serve it".into(),
        holds: vec![],
        changes: vec![],
        settle: vec![settle],
        proofs: vec![],
        notes: vec![],
    }
}

fn servers() -> BTreeMap<String, Endpoint> {
    [("cp1".to_owned(), "10.0.0.11:6443".parse().unwrap())].into()
}

#[test]
fn a_certain_restart_that_no_balancer_knows_of_says_what_it_costs() {
    let mut steps = [step(Settle::Restart { unit: "k3s.service".into() })];

    let (targets, findings) = plan(&mut steps, &servers(), &[], &world());

    assert!(targets.is_empty() && findings.is_empty());
    assert_eq!(steps[0].notes, [balancer::cost_of_restart()]);
}

#[test]
fn no_balancer_is_asked_where_nothing_is_restarted() {
    let settle = Settle::AwaitReady { endpoint: servers()["cp1"].clone(), within: Duration::from_secs(1) };
    let mut steps = [step(settle)];
    let balancer = Balancer {
        target: Target::from_host("lb1", "10.0.0.8"),
        socket: "/run/haproxy/admin.sock".into(),
        backend: None,
        interface: None,
        priority: None,
    };

    let (targets, _) = plan(&mut steps, &servers(), &[balancer], &world());

    assert!(targets.is_empty() && steps[0].holds.is_empty() && steps[0].notes.is_empty());
}
