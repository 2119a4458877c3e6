//! Units that take their files in only when they start: restarted once for each change, in either direction.

use super::{
    super::*,
    deaths::{Death, die, every_death},
    lab::{Lab, VIP, mortal, names},
    machine::{Fault, SERVER},
};
use crate::{
    node::{Act, Command},
    plan::Settle,
};

/// Servers that follow no file by themselves.
fn lab(names: &[&str]) -> Lab {
    let lab = Lab::new(names);
    lab.machines.values().for_each(|machine| machine.disk().reloads = false);
    lab
}

/// A plan whose steps restart the server in place of watching the wire.
fn plan(lab: &Lab) -> Plan {
    let mut plan = lab.plan();
    for step in &mut plan.steps {
        step.settle[0] = Settle::Restart { unit: SERVER.into() };
    }
    plan
}

fn restarts(lab: &Lab) -> Vec<u32> {
    lab.disks().values().map(|disk| disk.restarts).collect()
}

#[test]
fn each_way_restarts_once() {
    let lab = lab(&["cp1", "cp2"]);
    let before = lab.told();
    let mut journal = lab.laptop.begin(plan(&lab));

    lab.apply(&mut journal).unwrap();
    assert!(lab.told().iter().all(|told| told.names.contains(VIP)));
    assert_eq!(restarts(&lab), [1, 1]);
    lab.undo(&mut journal).unwrap();

    assert_eq!(lab.told(), before);
    assert_eq!(restarts(&lab), [2, 2]);
}

#[test]
fn what_was_restarted_after_the_last_change_is_not_restarted_by_resume() {
    let mut lab = lab(&["cp1"]);
    let disks = lab.disks();
    let mut resumed = 0;

    for records in 0.. {
        lab.reset(&disks);
        let mut journal = lab.laptop.begin(plan(&lab));
        let is_dead = mortal(Some(records), || drop(lab.apply(&mut journal))).is_none();
        drop(journal);
        let mut journal = lab.laptop.open(&lab.laptop.last());
        let was_restarted = journal.account().is_restarted(0, 0);
        lab.apply(&mut journal).unwrap();
        assert!(lab.told()[0].names.contains(VIP));
        if was_restarted {
            assert_eq!(restarts(&lab), [1], "killed before record {records}");
            resumed += u32::from(is_dead);
        }
        if !is_dead {
            break;
        }
    }

    assert!(resumed >= 3, "{resumed}");
}

#[test]
fn what_was_restarted_after_the_last_change_was_taken_back_is_not_restarted_by_another_undo() {
    let mut lab = lab(&["cp1"]);
    let (disks, before) = (lab.disks(), lab.told());
    let mut resumed = 0;

    for records in 0.. {
        lab.reset(&disks);
        let mut journal = lab.laptop.begin(plan(&lab));
        lab.apply(&mut journal).unwrap();
        let is_dead = mortal(Some(records), || drop(lab.undo(&mut journal))).is_none();
        drop(journal);
        let mut journal = lab.laptop.open(&lab.laptop.last());
        let account = journal.account();
        let was_restarted = account.is_restarted(0, 0) && !account.has_changes();
        lab.undo(&mut journal).unwrap();
        assert_eq!(lab.told(), before);
        if was_restarted {
            assert_eq!(restarts(&lab), [2], "killed before record {records}");
            resumed += u32::from(is_dead);
        }
        if !is_dead {
            break;
        }
    }

    assert!(resumed >= 1, "{resumed}");
}

#[test]
fn an_undo_whose_restart_failed_is_finished_by_another() {
    let lab = lab(&["cp1"]);
    let before = lab.told();
    let mut journal = lab.laptop.begin(plan(&lab));
    lab.apply(&mut journal).unwrap();
    lab.machines["cp1"].on_act(|_, act| match act {
        Act::Restart { .. } => Fault::Fails,
        _ => Fault::Nothing,
    });

    let stopped = lab.undo(&mut journal).unwrap_err();
    lab.machines["cp1"].on_act(|_, _| Fault::Nothing);

    assert!(stopped.is_part_way());
    assert!(lab.told()[0].names.contains(VIP));
    lab.undo(&mut journal).unwrap();
    assert_eq!(lab.told(), before);
}

#[test]
fn a_step_taken_back_and_made_again_restarts_each_time() {
    let lab = lab(&["cp1"]);
    let before = lab.told();
    let mut plan = plan(&lab);
    plan.steps[0].proofs[0].covers = names(&["never.example"]);
    let mut journal = lab.laptop.begin(plan);

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert_eq!(restarts(&lab), [2]);
    assert_eq!(lab.told(), before);
    assert_eq!(stopped.notes(), ["cp1 is taken back; kubelite was restarted there"]);
}

#[test]
fn a_run_with_restarts_that_died_anywhere_serves_what_is_on_the_disk() {
    let mut lab = lab(&["cp1"]);
    let (disks, before) = (lab.disks(), lab.told());

    let deaths = every_death(|death| {
        lab.reset(&disks);
        let mut journal = lab.laptop.begin(plan(&lab));
        let is_dead = die(&lab, death, || drop(lab.apply(&mut journal)));
        drop(journal);
        let mut journal = lab.laptop.open(&lab.laptop.last());
        lab.apply(&mut journal).unwrap_or_else(|stopped| panic!("{death:?}: {stopped:?}"));
        let is_done = journal.account().state() == State::Done;
        assert_eq!(lab.told()[0].names.contains(VIP), is_done, "{death:?}");
        if matches!(death, Death::Record(_)) {
            assert!(restarts(&lab)[0] <= 2, "{death:?}");
        }
        lab.undo(&mut journal).unwrap_or_else(|stopped| panic!("{death:?}: {stopped:?}"));
        assert_eq!(lab.told(), before, "{death:?}");
        is_dead
    });

    assert!(deaths > 70, "{deaths}");
}

#[test]
fn a_restart_waits_until_the_other_servers_are_ready() {
    let lab = lab(&["cp1", "cp2"]);
    let other = std::sync::Arc::downgrade(&lab.machines["cp2"]);
    lab.machines["cp1"].on_act(move |_, act| {
        if matches!(act, Act::Write { .. }) {
            other.upgrade().unwrap().disk().is_off = true;
        }
        Fault::Nothing
    });
    let mut plan = plan(&lab);
    plan.steps.truncate(1);
    let terms =
        Terms { patience: std::time::Duration::ZERO, on_failure: OnFailure::Keep, ..Terms::default() };

    let stopped =
        apply(&mut lab.laptop.begin(plan), &lab.world(&lab.laptop), &terms, &mut Unwatched).unwrap_err();

    assert!(matches!(*stopped.cause, Cause::Refused(_)), "{stopped:?}");
    assert_eq!(restarts(&lab), [0, 0]);
}

#[test]
fn a_server_that_something_else_starts_again_is_ended_by_its_command() {
    let lab = lab(&["cp1"]);
    let mut plan = lab.plan();
    let Settle::ServesFile { otherwise: Some(restart), .. } = &mut plan.steps[0].settle[0] else {
        unreachable!()
    };
    restart.command = Some(Command::new("end-server"));

    lab.apply(&mut lab.laptop.begin(plan)).unwrap();

    assert!(lab.told()[0].names.contains(VIP));
    assert_eq!(restarts(&lab), [1]);
}

#[test]
fn a_change_that_was_surely_not_made_restarts_nothing() {
    let lab = lab(&["cp1"]);
    let before = lab.told();
    lab.machines["cp1"].on_act(|_, act| match act {
        Act::Write { .. } => Fault::Fails,
        _ => Fault::Nothing,
    });

    lab.apply(&mut lab.laptop.begin(plan(&lab))).unwrap_err();

    assert_eq!((lab.told(), restarts(&lab)), (before, vec![0]));
}
