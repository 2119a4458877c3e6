//! Runs and balancers that die while a node is out.

use super::{
    super::{
        super::*,
        deaths::{Death, die, every_death},
        lab::{Laptop, VIP},
        machine::Fault,
    },
    lab, of_cp1, perhaps, surely,
};
use crate::node::Act;

#[test]
fn a_run_with_drains_that_died_anywhere_leaves_no_node_out() {
    let mut lab = lab();
    let (disks, before) = (lab.disks(), lab.told());

    let deaths = every_death(|death| {
        lab.reset(&disks);
        let mut journal = lab.laptop.begin(of_cp1(surely(&lab)));
        let is_dead = die(&lab, death, || drop(lab.apply(&mut journal)));
        drop(journal);
        let mut journal = lab.laptop.open(&lab.laptop.last());
        lab.apply(&mut journal).unwrap_or_else(|stopped| panic!("{death:?}: {stopped:?}"));
        let told = lab.told();
        let is_done = journal.account().state() == State::Done;
        assert_eq!(told[0].names.contains(VIP), is_done, "{death:?}");
        assert_eq!(told[1..], before[1..], "{death:?}");
        lab.undo(&mut journal).unwrap_or_else(|stopped| panic!("{death:?}: {stopped:?}"));
        assert_eq!(lab.told(), before, "{death:?}");
        is_dead
    });

    assert!(deaths > 100, "{deaths}");
}

#[test]
fn a_run_that_died_with_a_node_out_late_in_its_step_is_taken_back_with_the_node_in() {
    let mut lab = lab();
    let (disks, before) = (lab.disks(), lab.told());
    let mut found_out = 0;

    for records in 0.. {
        lab.reset(&disks);
        let mut journal = lab.laptop.begin(of_cp1(perhaps(&lab)));
        let is_dead = die(&lab, Death::Record(records), || drop(lab.apply(&mut journal)));
        drop(journal);
        found_out += u32::from(lab.machines["lb2"].disk().rotation["api/cp1"] == "DRAIN");
        let mut journal = lab.laptop.open(&lab.laptop.last());
        lab.undo(&mut journal).unwrap_or_else(|stopped| panic!("{records}: {stopped:?}"));
        assert_eq!(lab.told(), before, "killed before record {records}");
        if !is_dead {
            break;
        }
    }

    assert!(found_out >= 2, "{found_out}");
}

#[test]
fn an_undo_that_died_with_a_node_out_puts_it_back_from_another_laptop() {
    let mut lab = lab();
    let (disks, before) = (lab.disks(), lab.told());
    let mut found_out = 0;

    for records in 0.. {
        lab.reset(&disks);
        let mut journal = lab.laptop.begin(of_cp1(surely(&lab)));
        lab.apply(&mut journal).unwrap();
        let is_dead = die(&lab, Death::Record(records), || drop(lab.undo(&mut journal)));
        found_out += u32::from(lab.machines["lb2"].disk().rotation["api/cp1"] == "DRAIN");
        let run = journal.account().run.clone();
        drop(journal);
        let other = Laptop::new();
        let mut journal = other.adopt(&lab.record_on("lb1", &run));
        undo(&mut journal, &lab.world(&other), &Terms::default(), &mut Unwatched).unwrap();
        assert_eq!(lab.told(), before, "killed before record {records}");
        if !is_dead {
            break;
        }
    }

    assert!(found_out >= 2, "{found_out}");
}

#[test]
fn a_balancer_that_cannot_be_reached_stops_the_run_before_the_first_change() {
    let lab = lab();
    let before = lab.told();
    let mut journal = lab.laptop.begin(perhaps(&lab));
    lab.machines["lb2"].disk().is_off = true;

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert_eq!(stopped.to_string(), "lb2: cannot lock it against other runs");
    assert_eq!(stopped.notes(), ["nothing was changed"]);
    lab.machines["lb2"].disk().is_off = false;
    assert_eq!(lab.told(), before);
}

#[test]
fn a_balancer_that_dies_with_a_node_out_is_named_among_what_may_be_left() {
    let lab = lab();
    lab.machines["lb1"].on_act(|_, act| match act {
        Act::Undrain { .. } => Fault::PowerOff,
        _ => Fault::Nothing,
    });
    let mut journal = lab.laptop.begin(of_cp1(surely(&lab)));

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert!(stopped.held.contains(&"lb1".to_owned()), "{:?}", stopped.held);
    assert!(stopped.is_part_way());
    lab.machines["lb1"].on_act(|_, _| Fault::Nothing);
    lab.machines["lb1"].disk().is_off = false;
    lab.undo(&mut journal).unwrap();
    assert!(lab.told().iter().all(|told| told.rotation.values().all(|state| state == "UP")));
}
