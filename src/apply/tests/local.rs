//! Steps on the operator's own machine: a file that other programs lock, and no record elsewhere.

use super::{
    lab::{Lab, mortal},
    machine::{Fault, Machine, TEMPLATE},
};
use crate::{
    node::Act,
    plan::{Change, HERE, Hold, Plan},
};

const LOCK_FILE: &str = "/certs/csr.conf.template.lock";

/// A lab whose one machine is this one, and a plan that edits a file of it under a lock file.
fn local() -> (Lab, Plan) {
    let lab = Lab::new(&[HERE]);
    let mut plan = lab.plan();
    plan.steps[0].changes.truncate(1);
    plan.steps[0].holds = vec![Hold::LockFile { path: LOCK_FILE.into(), within: std::time::Duration::ZERO }];
    (plan.steps[0].settle, plan.steps[0].proofs, plan.finally) = (vec![], vec![], vec![]);
    plan.cluster = crate::plan::Cluster::default();
    plan.nodes.clear();
    (lab, plan)
}

fn edited(machine: &Machine, plan: &Plan) -> bool {
    let Change::Edit { edit, .. } = &plan.steps[0].changes[0] else { unreachable!() };
    edit.state(&machine.text(TEMPLATE)).unwrap() == crate::edit::State::Made
}

#[test]
fn a_local_file_is_edited_under_its_lock_file_alone() {
    let (lab, plan) = local();
    lab.machines[HERE].on_act(|_, act| match act {
        Act::Lock(_) | Act::Record { .. } | Act::Unlock { .. } => Fault::Fails,
        _ => Fault::Nothing,
    });
    let mut journal = lab.laptop.begin(plan.clone());

    lab.apply(&mut journal).unwrap();

    assert!(edited(&lab.machines[HERE], &plan));
    let disk = lab.machines[HERE].disk().clone();
    assert!(!disk.files.contains_key(std::path::Path::new(LOCK_FILE)));
    assert!(disk.files.contains_key(&journal.copy("0.0.0.0-csr.conf.template")), "a copy is kept");
    assert_eq!(disk.batches, 3);
    lab.undo(&mut journal).unwrap();
    assert!(!edited(&lab.machines[HERE], &plan));
}

#[test]
fn a_lock_file_left_by_a_killed_run_is_known_and_taken_away() {
    let (lab, plan) = local();
    let mut journal = lab.laptop.begin(plan.clone());
    lab.machines[HERE].on_act(|_, act| match act {
        Act::Write { .. } => Fault::KilledBefore,
        _ => Fault::Nothing,
    });
    assert!(mortal(None, || lab.apply(&mut journal).is_ok()).is_none());
    lab.machines[HERE].on_act(|_, _| Fault::Nothing);
    assert!(lab.machines[HERE].disk().files.contains_key(std::path::Path::new(LOCK_FILE)));

    lab.undo(&mut journal).unwrap();

    assert!(!lab.machines[HERE].disk().files.contains_key(std::path::Path::new(LOCK_FILE)));
    assert!(!edited(&lab.machines[HERE], &plan));
}

#[test]
fn a_lock_file_of_another_program_is_left_alone() {
    let (lab, plan) = local();
    lab.machines[HERE].put(LOCK_FILE, "");
    let mut journal = lab.laptop.begin(plan.clone());

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert!(stopped.to_string().contains("is held by another program"), "{stopped}");
    assert!(!stopped.is_part_way());
    assert_eq!(lab.machines[HERE].text(LOCK_FILE), "");
    assert!(!edited(&lab.machines[HERE], &plan));
}
