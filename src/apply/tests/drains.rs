//! Nodes out of their balancers while a server is restarted, and back whatever happens.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use super::{
    super::*,
    lab::{Lab, VIP, names},
    machine::{Fault, SERVER},
};
use crate::{
    node::{self, Act},
    plan::{Drained, Hold, Settle},
};

mod deaths;

const BALANCERS: [&str; 2] = ["lb1", "lb2"];

/// Two servers that follow no file by themselves, behind two balancers.
fn lab() -> Lab {
    let lab = Lab::new(&["cp1", "cp2", "lb1", "lb2"]);
    for machine in lab.machines.values() {
        let mut disk = machine.disk();
        disk.reloads = false;
        if BALANCERS.contains(&machine.name.as_str()) {
            disk.rotation = ["api/cp1", "api/cp2"].map(|server| (server.to_owned(), "UP".to_owned())).into();
        }
    }
    lab
}

/// What `otherwise` restarts is restarted where the wire does not follow, which is always.
fn perhaps(lab: &Lab) -> Plan {
    let mut plan = lab.plan();
    let is_balancer = |name: &str| BALANCERS.contains(&name);
    let balancers = ["lb1", "lb2"].map(|name| lab.machines[name].endpoint.clone());
    plan.steps.retain(|step| !is_balancer(&step.node));
    plan.cluster.servers.retain(|name, _| !is_balancer(name));
    plan.finally.retain(|proof| !balancers.contains(&proof.endpoint));
    for step in &mut plan.steps {
        if let Settle::ServesFile { within, .. } = &mut step.settle[0] {
            *within = Duration::ZERO;
        }
        let drained = BALANCERS.map(|balancer| {
            Hold::Drained(Drained {
                balancer: balancer.into(),
                socket: "/run/haproxy/admin.sock".into(),
                server: format!("api/{}", step.node),
                rest: Duration::ZERO,
                back_after: Duration::from_secs(300),
                up_within: Duration::ZERO,
            })
        });
        step.holds.extend(drained);
    }
    plan
}

fn surely(lab: &Lab) -> Plan {
    let mut plan = perhaps(lab);
    for step in &mut plan.steps {
        step.settle[0] = Settle::Restart { unit: SERVER.into() };
    }
    plan
}

fn of_cp1(mut plan: Plan) -> Plan {
    plan.steps.truncate(1);
    plan.finally.truncate(1);
    plan
}

/// What each balancer says of each node's server at the moment in which that node does this.
fn noted(lab: &Lab, is_it: fn(&Act) -> bool) -> Arc<Mutex<Vec<String>>> {
    let seen = Arc::new(Mutex::new(vec![]));
    for name in ["cp1", "cp2"] {
        let (seen, balancers) =
            (Arc::clone(&seen), BALANCERS.map(|name| Arc::downgrade(&lab.machines[name])));
        lab.machines[name].on_act(move |node, act| {
            if is_it(act) {
                let state = |lb: &std::sync::Weak<super::machine::Machine>| {
                    lb.upgrade().unwrap().disk().rotation[&format!("api/{node}")].clone()
                };
                let states: Vec<_> = balancers.iter().map(state).collect();
                seen.lock().unwrap().push(format!("{node} {}", states.join(" ")));
            }
            Fault::Nothing
        });
    }
    seen
}

fn is_restart(act: &Act) -> bool {
    matches!(act, Act::Restart { .. })
}

fn is_write(act: &Act) -> bool {
    matches!(act, Act::Write { .. })
}

#[test]
fn a_node_is_out_of_every_balancer_while_its_server_is_restarted_and_at_no_other_time() {
    for (plan, at_a_write) in [(perhaps as fn(&Lab) -> Plan, "UP UP"), (surely, "DRAIN DRAIN")] {
        let lab = lab();
        let before = lab.told();
        let restarts = noted(&lab, is_restart);
        let mut journal = lab.laptop.begin(plan(&lab));

        lab.apply(&mut journal).unwrap();
        let after = lab.told();
        lab.undo(&mut journal).unwrap();

        let out = ["cp1 DRAIN DRAIN", "cp2 DRAIN DRAIN", "cp2 DRAIN DRAIN", "cp1 DRAIN DRAIN"];
        assert_eq!(*restarts.lock().unwrap(), out);
        assert_eq!((&after[2], &after[3]), (&before[2], &before[3]));
        assert_eq!(lab.told(), before);
        let writes = noted(&lab, is_write);
        lab.apply(&mut lab.laptop.begin(plan(&lab))).unwrap();
        assert_eq!(writes.lock().unwrap()[0], format!("cp1 {at_a_write}"));
    }
}

#[test]
fn a_server_that_follows_its_file_is_not_drained() {
    let lab = lab();
    lab.machines.values().for_each(|machine| machine.disk().reloads = true);
    let is_asked = Arc::new(Mutex::new(false));
    for balancer in BALANCERS {
        let is_asked = Arc::clone(&is_asked);
        lab.machines[balancer].on_act(move |_, act| {
            *is_asked.lock().unwrap() |= matches!(act, Act::Drain(_) | Act::Undrain { .. });
            Fault::Nothing
        });
    }

    lab.apply(&mut lab.laptop.begin(perhaps(&lab))).unwrap();

    assert!(lab.told()[0].names.contains(VIP));
    assert!(!*is_asked.lock().unwrap());
}

#[test]
fn what_somebody_else_took_out_stays_out() {
    for theirs in ["DRAIN", "MAINT"] {
        let lab = lab();
        lab.machines["lb1"].disk().rotation.insert("api/cp1".into(), theirs.into());
        let before = lab.told();
        let mut journal = lab.laptop.begin(of_cp1(surely(&lab)));

        lab.apply(&mut journal).unwrap();

        assert_eq!(lab.told()[2..], before[2..], "{theirs}");
        lab.undo(&mut journal).unwrap();
        assert_eq!(lab.told(), before, "{theirs}");
    }
}

#[test]
fn what_somebody_else_takes_out_meanwhile_stays_out() {
    let lab = lab();
    let balancer = Arc::downgrade(&lab.machines["lb1"]);
    lab.machines["cp1"].on_act(move |_, act| {
        if is_restart(act) {
            let balancer = balancer.upgrade().unwrap();
            balancer.disk().rotation.insert("api/cp1".into(), "MAINT".into());
        }
        Fault::Nothing
    });

    lab.apply(&mut lab.laptop.begin(of_cp1(surely(&lab)))).unwrap();

    let told = lab.told();
    assert_eq!(told[2].rotation["api/cp1"], "MAINT");
    assert_eq!(told[3].rotation["api/cp1"], "UP");
    assert!(told[2].timers.is_empty());
}

#[test]
fn the_last_server_of_a_balancer_is_not_drained_and_nothing_is_changed() {
    let lab = lab();
    lab.machines["lb2"].disk().rotation.insert("api/cp2".into(), "DOWN".into());
    let before = lab.told();
    let terms = Terms { patience: Duration::ZERO, ..Terms::default() };
    let mut journal = lab.laptop.begin(surely(&lab));

    let stopped = apply(&mut journal, &lab.world(&lab.laptop), &terms, &mut Unwatched).unwrap_err();

    assert_eq!(stopped.to_string(), "lb2: api/cp1 cannot be spared: api/cp2 is DOWN");
    assert_eq!(stopped.notes(), ["nothing was changed"]);
    assert_eq!(lab.told(), before);
    assert_eq!(lab.disks()["cp1"].restarts, 0);
}

#[test]
fn a_step_is_not_complete_before_the_balancer_says_that_its_node_is_up() {
    let lab = lab();
    let before = lab.told();
    lab.machines["lb1"].disk().comes_back = Some("DOWN".into());
    let mut journal = lab.laptop.begin(of_cp1(surely(&lab)));

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert!(
        matches!(&*stopped.cause, Cause::Node(node::Error::NotUp { state, .. }) if state == "DOWN"),
        "{stopped:?}"
    );
    let told = lab.told();
    assert_eq!(told[0].serial, before[0].serial, "taken back");
    assert_eq!((told[2].timers.len(), &*told[3].rotation["api/cp1"]), (0, "UP"));
}

#[test]
fn a_node_that_fails_its_proof_goes_back_into_its_balancers() {
    let lab = lab();
    let before = lab.told();
    for on_failure in [OnFailure::TakeBack, OnFailure::Keep] {
        let mut plan = of_cp1(surely(&lab));
        plan.steps[0].proofs[0].covers = names(&["never.example"]);
        let mut journal = lab.laptop.begin(plan);
        let terms = Terms { on_failure, ..Terms::default() };

        apply(&mut journal, &lab.world(&lab.laptop), &terms, &mut Unwatched).unwrap_err();

        assert_eq!(lab.told()[2..], before[2..], "{on_failure:?}");
        lab.undo(&mut journal).unwrap();
    }
}
