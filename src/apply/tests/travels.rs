//! A run that another machine goes on with, from the record on the nodes.

use super::{
    super::*,
    lab::{Lab, Laptop, Told, VIP},
    machine::Fault,
};
use crate::node::Act;

/// A run that lost its laptop after the first node, and what was there before it.
fn abandoned() -> (Lab, Vec<Told>, String) {
    let lab = Lab::new(&["cp1", "cp2"]);
    let before = lab.told();
    let mut journal = lab.begin();
    lab.machines["cp2"].on_act(|_, act| match act {
        Act::Run(_) => Fault::KilledAfter,
        _ => Fault::Nothing,
    });
    assert!(super::lab::mortal(None, || lab.apply(&mut journal).is_ok()).is_none());
    lab.machines["cp2"].on_act(|_, _| Fault::Nothing);
    let run = journal.account().run.clone();
    (lab, before, run)
}

fn carry_on(
    lab: &Lab,
    run: &str,
    go: fn(&mut Journal, &World, &Terms, &mut dyn Watch) -> Result<(), Stopped>,
) -> Laptop {
    let laptop = Laptop::new();
    let mut journal = laptop.adopt(&lab.record_on("cp2", run));
    go(&mut journal, &lab.world(&laptop), &Terms::default(), &mut Unwatched).unwrap();
    laptop
}

#[test]
fn another_machine_finishes_the_run() {
    let (lab, _, run) = abandoned();

    carry_on(&lab, &run, apply);

    for told in lab.told() {
        assert!(told.names.contains(VIP));
        assert_eq!((told.lock, told.stopped, told.kicks), (None, false, 0));
    }
}

#[test]
fn another_machine_takes_the_run_back() {
    let (lab, before, run) = abandoned();

    carry_on(&lab, &run, undo);

    assert_eq!(lab.told(), before);
}

#[test]
fn the_first_machine_learns_what_the_other_did() {
    let (lab, before, run) = abandoned();
    carry_on(&lab, &run, apply);
    let mut journal = lab.laptop.open(&run);
    assert_eq!(journal.account().state(), State::Unfinished);

    lab.undo(&mut journal).unwrap();

    assert_eq!(lab.told(), before);
    assert_eq!(journal.account().state(), State::Undone);
}

#[test]
fn a_run_that_the_other_took_back_is_not_done_again() {
    let (lab, before, run) = abandoned();
    carry_on(&lab, &run, undo);
    let mut journal = lab.laptop.open(&run);

    lab.apply(&mut journal).unwrap();

    assert_eq!(lab.told(), before);
    assert_eq!(journal.account().state(), State::Undone);
}

#[test]
fn a_finished_run_is_taken_back_from_the_record_alone() {
    let lab = Lab::new(&["cp1", "cp2"]);
    let before = lab.told();
    let mut journal = lab.begin();
    lab.apply(&mut journal).unwrap();

    carry_on(&lab, &journal.account().run, undo);

    assert_eq!(lab.told(), before);
}
