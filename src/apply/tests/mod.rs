//! Runs stopped at every point, and machines that misbehave.

mod barred;
mod cluster;
mod copies;
mod creation;
mod deaths;
mod drains;
mod lab;
mod local;
mod locks;
mod machine;
mod object;
mod quorum;
mod refusals;
mod reissue;
mod replacement;
mod restarts;
mod server;
mod taken_back;
mod travels;

use std::sync::atomic::Ordering;

use lab::{Lab, SECRET, VIP, names};
use machine::{CONF, Fault, TEMPLATE};

use super::*;
use crate::{
    edit::Edit,
    journal::Place,
    node::Act,
    plan::{Change, Listener, Proof},
};

#[test]
fn every_node_serves_the_new_name_and_nothing_is_restarted() {
    let lab = Lab::new(&["cp1", "cp2", "cp3"]);
    let before = lab.told();

    lab.apply(&mut lab.begin()).unwrap();

    for (told, before) in lab.told().iter().zip(before) {
        assert!(told.names.contains(VIP), "{}", told.names);
        assert_ne!(told.serial, before.serial);
        assert_eq!((told.lock.clone(), told.stopped, told.kicks), (None, false, 0));
    }
    for disk in lab.disks().values() {
        assert_eq!(disk.restarts, 0);
        assert_eq!(disk.batches, 6, "round trips");
    }
}

#[test]
fn undo_serves_the_old_certificate_again() {
    let lab = Lab::new(&["cp1", "cp2"]);
    let before = lab.told();
    let mut journal = lab.begin();
    lab.apply(&mut journal).unwrap();

    lab.undo(&mut journal).unwrap();

    assert_eq!(lab.told(), before);
    assert_eq!(journal.account().state(), State::Undone);
    let batches: u32 = lab.disks().values().map(|disk| disk.batches).sum();
    lab.undo(&mut journal).unwrap();
    assert_eq!(lab.disks().values().map(|disk| disk.batches).sum::<u32>(), batches, "nothing left to undo");
}

#[test]
fn a_name_that_stays_and_an_end_that_is_no_later_fail_the_proof() {
    let lab = Lab::new(&["cp1"]);
    let before = lab.told();
    let mut stays = lab.plan();
    stays.steps[0].proofs[0].lacks = names(&[VIP, "never.example"]);
    let mut ends = lab.plan();
    ends.steps[0].proofs[0].outlasts = Some(jiff::Timestamp::MAX);

    for (plan, words) in [
        (stays, format!("these names are still there: {VIP}")),
        (ends, "no later than the old one".to_owned()),
    ] {
        let mut journal = lab.laptop.begin(plan);
        let stopped = lab.apply(&mut journal).unwrap_err();

        let Cause::Unproven { source, .. } = &*stopped.cause else { panic!("{stopped}") };
        assert!(source.to_string().ends_with(&words), "{source}");
        assert_eq!((stopped.taken_back.as_deref(), lab.told()), (Some("cp1"), before.clone()));
    }
}

#[test]
fn the_server_is_restarted_only_where_the_wire_does_not_follow() {
    let lab = Lab::new(&["cp1", "cp2"]);
    lab.machines["cp2"].disk().reloads = false;
    let mut journal = lab.begin();

    lab.apply(&mut journal).unwrap();

    assert!(lab.told().iter().all(|told| told.names.contains(VIP) && told.kicks == 0));
    assert_eq!([&lab.disks()["cp1"].restarts, &lab.disks()["cp2"].restarts], [&0, &1]);
    lab.undo(&mut journal).unwrap();
    assert!(lab.told().iter().all(|told| !told.names.contains(VIP)));
    assert_eq!([&lab.disks()["cp1"].restarts, &lab.disks()["cp2"].restarts], [&0, &2]);
}

#[test]
fn a_unit_whose_files_differ_is_not_started() {
    let lab = Lab::new(&["cp1"]);
    let mut plan = lab.plan();
    let crate::plan::Hold::Unit { reconcile, .. } = &mut plan.steps[0].holds[0] else { unreachable!() };
    reconcile.clear();
    lab.machines["cp1"].put(CONF, "[ alt_names ]\nIP.1 = 127.0.0.1\n");
    let Change::Run { commands, .. } = &mut plan.steps[0].changes[1] else { unreachable!() };
    commands.remove(0);
    let mut journal = lab.laptop.begin(plan);

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert_eq!(stopped.held, ["cp1"]);
    assert!(stopped.is_part_way() && stopped.not_taken_back.is_some());
    assert_eq!(lab.disks()["cp1"].kicks, 0);
}

#[test]
fn undo_leaves_the_later_edits_of_others_alone() {
    let lab = Lab::new(&["cp1"]);
    let before = lab.machines["cp1"].text(TEMPLATE);
    let mut journal = lab.begin();
    lab.apply(&mut journal).unwrap();
    let edited = lab.machines["cp1"].text(TEMPLATE).replace("#MOREIPS", "DNS.7 = theirs.example\n#MOREIPS");
    lab.machines["cp1"].put(TEMPLATE, &edited);

    lab.undo(&mut journal).unwrap();

    assert_eq!(
        lab.machines["cp1"].text(TEMPLATE),
        before.replace("#MOREIPS", "DNS.7 = theirs.example\n#MOREIPS")
    );
}

#[test]
fn what_somebody_else_had_put_in_place_before_is_not_ours_to_take_away() {
    let lab = Lab::new(&["cp1"]);
    let mut journal = lab.begin();
    let Change::Edit { edit, .. } = &journal.account().plan.steps[0].changes[0] else { unreachable!() };
    let edited = edit.make(&lab.machines["cp1"].text(TEMPLATE)).unwrap();
    lab.machines["cp1"].put(TEMPLATE, &edited);
    lab.apply(&mut journal).unwrap();

    lab.undo(&mut journal).unwrap();

    assert_eq!(lab.machines["cp1"].text(TEMPLATE), edited);
}

#[test]
fn two_edits_of_one_file_are_made_and_taken_back_together() {
    let lab = Lab::new(&["cp1"]);
    let before = lab.told();
    let mut plan = lab.plan();
    let Change::Edit { path, edit: Edit::AddNames(first) } = plan.steps[0].changes[0].clone() else {
        unreachable!()
    };
    let mut second = first.clone();
    second.entries = vec![("DNS.9".into(), "second.example".parse().unwrap())];
    plan.steps[0].changes.insert(1, Change::Edit { path, edit: Edit::AddNames(second) });
    let mut journal = lab.laptop.begin(plan);

    lab.apply(&mut journal).unwrap();

    let served = lab.told().remove(0).names;
    assert!(served.contains(VIP) && served.contains("second.example"), "{served}");
    lab.undo(&mut journal).unwrap();
    assert_eq!(lab.told(), before);
}

#[test]
fn after_the_first_interrupt_the_change_is_finished_and_the_rest_left() {
    let lab = Lab::new(&["cp1", "cp2"]);
    let before = lab.told();
    let mut journal = lab.begin();
    let terms = Terms::default();
    let flag = terms.interrupt.flag();
    lab.machines["cp1"].on_act(move |_, act| {
        flag.fetch_or(matches!(act, Act::Write { .. }), Ordering::Relaxed);
        Fault::Nothing
    });

    let stopped = apply(&mut journal, &lab.world(&lab.laptop), &terms, &mut Unwatched).unwrap_err();

    assert!(matches!(*stopped.cause, Cause::Interrupted));
    assert!(stopped.is_part_way() && stopped.held.is_empty());
    assert!(stopped.notes().contains(&"cp2 is untouched".to_owned()), "{:?}", stopped.notes());
    assert!(journal.account().is_done(Place { step: 0, change: 0 }));
    assert!(!journal.account().is_done(Place { step: 0, change: 1 }));
    assert!(lab.told().iter().all(|told| told.lock.is_none() && !told.stopped && told.kicks == 0));
    lab.apply(&mut journal).unwrap();
    assert!(lab.told().iter().all(|told| told.names.contains(VIP)));
    lab.undo(&mut journal).unwrap();
    assert_eq!(lab.told(), before);
}

#[test]
fn each_of_a_step_s_proofs_has_to_hold() {
    let lab = Lab::new(&["cp1"]);
    let before = lab.told();
    let mut plan = lab.plan();
    let joining = Proof { listener: Listener::Supervisor, ..plan.steps[0].proofs[0].clone() };
    plan.steps[0].proofs.push(Proof { covers: names(&["never.example"]), ..joining });
    let mut journal = lab.laptop.begin(plan);

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert!(matches!(*stopped.cause, Cause::Unproven { .. }), "{stopped}");
    assert_eq!((stopped.taken_back.as_deref(), lab.told()), (Some("cp1"), before));
}

#[test]
fn a_run_made_anew_after_it_was_taken_back_keeps_new_copies() {
    let lab = Lab::new(&["cp1", "cp2"]);
    let mut plan = lab.plan();
    plan.steps[1].proofs[0].covers = names(&["never.example"]);
    let mut journal = lab.laptop.begin(plan);
    lab.apply(&mut journal).unwrap_err();
    let renewed = lab.authority.sign(vec!["127.0.0.1".into(), "renewed.example".into()]);
    lab.machines["cp2"].put(machine::CERT, &renewed);

    lab.apply(&mut journal).unwrap_err();

    assert_eq!(lab.machines["cp2"].text(machine::CERT), renewed);
}

#[test]
fn no_secret_of_a_file_reaches_a_journal() {
    let lab = Lab::new(&["cp1"]);
    let template = format!("# {SECRET}\n{}", lab.machines["cp1"].text(TEMPLATE));
    lab.machines["cp1"].put(TEMPLATE, &template);
    lab.machines["cp1"].put(CONF, &template);
    let mut journal = lab.begin();

    lab.apply(&mut journal).unwrap();
    lab.undo(&mut journal).unwrap();

    let record = String::from_utf8(lab.record_on("cp1", &journal.account().run)).unwrap();
    assert!(lab.machines["cp1"].text(TEMPLATE).contains(SECRET));
    assert!(!journal.account().text().contains(SECRET) && !record.contains(SECRET));
}
