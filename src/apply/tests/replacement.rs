//! Files that a run replaces as a whole: judged first, taken in without a restart, and put back as they were.

use super::{
    super::*,
    deaths::{die, every_death},
    lab::Lab,
    machine::{BALANCER, Fault},
};
use crate::{
    node::{Act, Command, Digest},
    plan::{Change, Judge, Replace, Settle, Step},
};

const OLD: &str = "stats auth admin:s3cret\n";
const NEW: &str = "mode tcp\n";

/// Machines that are balancers as well.
fn lab(names: &[&str]) -> Lab {
    let lab = Lab::new(names);
    for machine in lab.machines.values() {
        machine.put(BALANCER, OLD);
        machine.disk().balancing = OLD.into();
    }
    lab
}

/// A plan that gives each machine a configuration.
fn plan(lab: &Lab, text: &str) -> Plan {
    let replace = Replace {
        file: BALANCER.into(),
        was: Digest::of(OLD.as_bytes()),
        text: text.into(),
        judge: Some(Judge { command: Command::new("haproxy").arg("-c").arg("-f"), draft: None }),
    };
    let step = |node: &String| Step {
        node: node.clone(),
        why: "another configuration".into(),
        holds: vec![],
        changes: vec![Change::Replace(replace.clone())],
        settle: vec![Settle::Reload {
            unit: "haproxy".into(),
            shown_by: vec![Command::new("curl").arg("/lb-ready")],
        }],
        proofs: vec![],
        notes: vec![],
    };
    Plan { steps: lab.machines.keys().map(step).collect(), ..lab.plan() }
}

fn balancing(lab: &Lab) -> Vec<String> {
    let disks = lab.disks();
    disks.values().map(|disk| String::from_utf8(disk.balancing.clone()).unwrap()).collect()
}

/// The lab's proofs are of names that nobody adds here.
fn begin(lab: &Lab, text: &str) -> Journal {
    lab.laptop.begin(Plan { finally: vec![], ..plan(lab, text) })
}

#[test]
fn a_new_text_is_taken_in_on_every_machine_and_the_old_one_comes_back() {
    let lab = lab(&["lb1", "lb2"]);
    let before = lab.told();
    let mut journal = begin(&lab, NEW);

    lab.apply(&mut journal).unwrap();
    let after = balancing(&lab);
    lab.undo(&mut journal).unwrap();

    assert_eq!(after, [NEW, NEW]);
    let taken_in = lab.machines["lb1"].disk().taken_in.clone();
    assert_eq!(taken_in, ["reload", "look", "reload"], "one reload in each direction");
    assert_eq!(balancing(&lab), [OLD, OLD]);
    assert_eq!(lab.told(), before);
    assert!(!journal.account().text().contains("s3cret"));
}

#[test]
fn a_text_that_is_not_approved_of_stops_the_run_before_it_is_in_place_and_nothing_is_reloaded() {
    let lab = lab(&["lb1", "lb2"]);
    let before = lab.told();
    lab.machines.values().for_each(|machine| machine.disk().balancing.clear());

    let stopped = lab.apply(&mut begin(&lab, "broken\n")).unwrap_err();

    assert!(stopped.to_string().contains("haproxy -c -f"), "{stopped}");
    assert!(!stopped.is_part_way());
    assert_eq!(lab.told(), before);
    assert_eq!(balancing(&lab), ["", ""]);
}

#[test]
fn a_text_that_leads_nowhere_once_it_is_taken_in_is_taken_back_and_nobody_asks_the_old_one() {
    let lab = lab(&["lb1"]);
    let before = lab.told();

    let stopped = lab.apply(&mut begin(&lab, "idle\n")).unwrap_err();

    assert!(stopped.to_string().contains("curl /lb-ready"), "{stopped}");
    assert_eq!(lab.told(), before);
    assert_eq!(balancing(&lab), [OLD]);
    assert_eq!(lab.machines["lb1"].disk().taken_in, ["reload", "look", "reload"]);
}

#[test]
fn a_text_for_a_place_where_nothing_is_is_judged_before_it_is_there() {
    let made_of = |text: &str| {
        let lab = Lab::new(&["lb1"]);
        let judge = Judge { command: Command::new("haproxy").arg("-c").arg("-f"), draft: None };
        let create =
            Change::Create { path: BALANCER.into(), text: text.into(), mode: 0o644, judge: Some(judge) };
        let mut plan = Plan { finally: vec![], ..plan(&lab, text) };
        plan.steps[0].changes = vec![create];
        let before = lab.told();
        let seen = std::sync::Arc::new(std::sync::Mutex::new(vec![]));
        let acts = seen.clone();
        lab.machines["lb1"].on_act(move |_, act| {
            acts.lock().unwrap().extend(match act {
                Act::Create { path, .. } if path == std::path::Path::new(BALANCER) => Some("created"),
                Act::Run(command) if command.program == "haproxy" => Some("judged"),
                _ => None,
            });
            Fault::Nothing
        });
        let mut journal = lab.laptop.begin(plan);
        let result = lab.apply(&mut journal);
        let at_work = seen.lock().unwrap().clone();
        let undone = lab.undo(&mut journal).map(|()| lab.told() == before);
        (result, at_work, undone)
    };

    let (made, in_order, undone) = made_of(NEW);
    let (refused, stopped_at, left) = made_of("broken\n");

    assert!(made.is_ok() && in_order == ["judged", "created"], "{made:?} {in_order:?}");
    assert!(
        refused.is_err_and(|stopped| !stopped.is_part_way()) && stopped_at == ["judged"],
        "{stopped_at:?}"
    );
    assert!(undone.unwrap() && left.unwrap());
}

#[test]
fn a_run_that_replaces_and_died_anywhere_is_finished_or_taken_back() {
    let mut lab = lab(&["lb1"]);
    let (disks, before) = (lab.disks(), lab.told());

    let deaths = every_death(|death| {
        lab.reset(&disks);
        let mut journal = begin(&lab, NEW);
        let is_dead = die(&lab, death, || drop(lab.apply(&mut journal)));
        drop(journal);
        let mut journal = lab.laptop.open(&lab.laptop.last());
        lab.apply(&mut journal).unwrap_or_else(|stopped| panic!("{death:?}: {stopped:?}"));
        if journal.account().state() == State::Done {
            assert_eq!(balancing(&lab), [NEW], "{death:?}");
        }
        lab.undo(&mut journal).unwrap_or_else(|stopped| panic!("{death:?}: {stopped:?}"));
        assert_eq!(lab.told(), before, "{death:?}");
        assert_eq!(balancing(&lab), [OLD], "{death:?}");
        is_dead
    });

    assert!(deaths > 30, "{deaths}");
}

#[test]
fn an_undo_of_a_replacement_that_died_anywhere_is_finished_by_another() {
    let mut lab = lab(&["lb1"]);
    let (disks, before) = (lab.disks(), lab.told());

    let deaths = every_death(|death| {
        lab.reset(&disks);
        let mut journal = begin(&lab, NEW);
        lab.apply(&mut journal).unwrap();
        let is_dead = die(&lab, death, || drop(lab.undo(&mut journal)));
        drop(journal);
        let mut journal = lab.laptop.open(&lab.laptop.last());
        lab.undo(&mut journal).unwrap_or_else(|stopped| panic!("{death:?}: {stopped:?}"));
        assert_eq!(lab.told(), before, "{death:?}");
        assert_eq!(balancing(&lab), [OLD], "{death:?}");
        is_dead
    });

    assert!(deaths > 20, "{deaths}");
}

#[test]
fn a_file_that_others_wrote_since_the_plan_refuses_the_run_before_any_change() {
    let lab = lab(&["lb1", "lb2"]);
    lab.machines["lb2"].put(BALANCER, "theirs\n");
    let before = lab.told();

    let stopped = lab.apply(&mut begin(&lab, NEW)).unwrap_err();

    assert_eq!(stopped.to_string(), format!("lb2: {BALANCER} changed since it was read"));
    assert!(!stopped.is_part_way());
    assert_eq!(lab.told(), before);
}

#[test]
fn a_file_that_others_write_while_the_run_is_at_work_is_not_replaced() {
    let lab = lab(&["lb1"]);
    let machine = std::sync::Arc::downgrade(&lab.machines["lb1"]);
    lab.machines["lb1"].on_act(move |_, act| {
        if matches!(act, Act::Write { .. }) {
            machine.upgrade().unwrap().put(BALANCER, "theirs\n");
        }
        Fault::Nothing
    });

    lab.apply(&mut begin(&lab, NEW)).unwrap_err();

    assert_eq!(lab.machines["lb1"].text(BALANCER), "theirs\n");
}

#[test]
fn a_file_that_others_wrote_since_stops_undo_before_anything_is_taken_back() {
    let lab = lab(&["lb1"]);
    let mut journal = begin(&lab, NEW);
    lab.apply(&mut journal).unwrap();
    lab.machines["lb1"].put(BALANCER, "theirs\n");

    let stopped = lab.undo(&mut journal).unwrap_err();

    assert!(stopped.to_string().contains(BALANCER), "{stopped}");
    assert_eq!(lab.machines["lb1"].text(BALANCER), "theirs\n");
}

#[test]
fn a_text_that_is_in_place_already_is_not_written_again() {
    let lab = lab(&["lb1"]);
    lab.machines["lb1"].put(BALANCER, NEW);
    let before = lab.told();
    let mut journal = begin(&lab, NEW);

    lab.apply(&mut journal).unwrap();
    lab.undo(&mut journal).unwrap();

    assert_eq!(lab.told(), before);
}
