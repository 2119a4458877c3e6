//! The lock on every machine of a plan: one run at a time on a cluster, whichever nodes it changes.

use std::sync::{Arc, Mutex};

use super::{
    super::*,
    deaths::{die, every_death},
    lab::{Lab, Laptop, VIP},
    machine::Fault,
};
use crate::node::{self, Act};

/// A plan that changes one node alone.
fn limited(lab: &Lab, node: &str) -> Plan {
    let mut plan = lab.plan();
    let endpoint = lab.machines[node].endpoint.clone();
    plan.steps.retain(|step| step.node == node);
    plan.finally.retain(|proof| proof.endpoint == endpoint);
    plan
}

/// Locks, unlocks and writes of all machines, in their order.
fn overheard(lab: &Lab) -> Arc<Mutex<Vec<String>>> {
    let heard = Arc::new(Mutex::new(vec![]));
    for machine in lab.machines.values() {
        let heard = Arc::clone(&heard);
        machine.on_act(move |node, act| {
            let word = match act {
                Act::Lock(_) | Act::TakeOver(_) => "lock",
                Act::Write { .. } => "write",
                Act::Unlock { .. } => "unlock",
                _ => return Fault::Nothing,
            };
            heard.lock().unwrap().push(format!("{word} {node}"));
            Fault::Nothing
        });
    }
    heard
}

/// Another operator who starts a run of their own as soon as this one changes something.
struct Rival<'a> {
    lab: &'a Lab,
    node: &'static str,
    stopped: Option<Stopped>,
}

impl Watch for Rival<'_> {
    fn event(&mut self, event: Event<'_>) {
        if let Event::Changing { .. } | Event::TakingBack { .. } = event
            && self.stopped.is_none()
        {
            let laptop = Laptop::new();
            let mut journal = laptop.begin(limited(self.lab, self.node));
            self.stopped =
                apply(&mut journal, &self.lab.world(&laptop), &Terms::default(), &mut Unwatched).err();
        }
    }
}

/// What is told of machines that go without a lock.
#[derive(Default)]
struct Unlocked(Vec<String>);

impl Watch for Unlocked {
    fn event(&mut self, event: Event<'_>) {
        if let Event::Unlocked { error, .. } = event {
            self.0.push(error.to_string());
        }
    }
}

fn is_locked(lab: &Lab) -> Vec<bool> {
    lab.disks().values().map(|disk| disk.lock.is_some()).collect()
}

#[test]
fn every_machine_is_locked_by_name_before_the_first_change_and_until_the_last() {
    let lab = Lab::new(&["cp1", "cp2", "cp3"]);
    let mut journal = lab.laptop.begin(limited(&lab, "cp2"));
    let heard = overheard(&lab);

    lab.apply(&mut journal).unwrap();

    let order = ["lock cp1", "lock cp2", "lock cp3", "write cp2", "unlock cp1", "unlock cp2", "unlock cp3"];
    assert_eq!(*heard.lock().unwrap(), order);
    let batches: Vec<_> = lab.disks().values().map(|disk| disk.batches).collect();
    assert_eq!(batches, [2, 6, 2], "round trips");
}

#[test]
fn two_runs_on_different_nodes_of_one_cluster_exclude_each_other() {
    let lab = Lab::new(&["cp1", "cp2"]);
    for (mine, node, held) in [("cp1", "cp2", "cp1"), ("cp2", "cp1", "cp1")] {
        let mut journal = lab.laptop.begin(limited(&lab, mine));
        let mut rival = Rival { lab: &lab, node, stopped: None };

        apply(&mut journal, &lab.world(&lab.laptop), &Terms::default(), &mut rival).unwrap();

        let cause = *rival.stopped.unwrap().cause;
        let Cause::Node(node::Error::Locked { node, run, .. }) = cause else { panic!("{cause:?}") };
        assert_eq!((node.as_str(), &run), (held, &journal.account().run));
        assert_eq!(is_locked(&lab), [false, false]);
        lab.undo(&mut journal).unwrap();
    }
}

#[test]
fn nobody_changes_another_node_while_a_run_is_taken_back() {
    let lab = Lab::new(&["cp1", "cp2"]);
    let mut journal = lab.laptop.begin(limited(&lab, "cp2"));
    lab.apply(&mut journal).unwrap();
    let mut rival = Rival { lab: &lab, node: "cp1", stopped: None };

    undo(&mut journal, &lab.world(&lab.laptop), &Terms::default(), &mut rival).unwrap();

    let cause = *rival.stopped.unwrap().cause;
    assert!(matches!(cause, Cause::Node(node::Error::Locked { .. })), "{cause}");
    assert_eq!(is_locked(&lab), [false, false]);
}

#[test]
fn a_node_without_a_step_that_cannot_be_locked_is_refused_with_the_reason() {
    let lab = Lab::new(&["cp1", "cp2"]);
    let before = lab.told();
    let mut journal = lab.laptop.begin(limited(&lab, "cp1"));
    lab.machines["cp2"].on_act(|_, act| match act {
        Act::Lock(_) => Fault::Fails,
        _ => Fault::Nothing,
    });

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert_eq!(stopped.to_string(), "cp2: cannot lock it against other runs");
    assert!(stopped.hint().unwrap().starts_with("nothing is changed on cp2, but no other run may"));
    assert!(!stopped.is_part_way());
    assert_eq!(lab.told(), before);
}

#[test]
fn a_dead_node_without_a_step_does_not_stand_in_the_way_of_undo() {
    let lab = Lab::new(&["cp1", "cp2", "cp3"]);
    let before = lab.told();
    let mut journal = lab.laptop.begin(limited(&lab, "cp1"));
    lab.apply(&mut journal).unwrap();
    lab.machines["cp2"].disk().is_off = true;
    let mut unlocked = Unlocked::default();

    undo(&mut journal, &lab.world(&lab.laptop), &Terms::default(), &mut unlocked).unwrap();

    assert_eq!(unlocked.0, ["cp2: cannot connect to cp2"]);
    lab.machines["cp2"].disk().is_off = false;
    assert_eq!(lab.told(), before);
}

#[test]
fn a_lock_that_may_be_left_on_a_dead_node_is_told_and_given_back_later() {
    let lab = Lab::new(&["cp1", "cp2"]);
    let before = lab.told();
    let mut journal = lab.laptop.begin(limited(&lab, "cp1"));
    lab.machines["cp1"].on_act(|_, act| match act {
        Act::Run(_) => Fault::KilledAfter,
        _ => Fault::Nothing,
    });
    assert!(super::lab::mortal(None, || lab.apply(&mut journal).is_ok()).is_none());
    lab.machines["cp1"].on_act(|_, _| Fault::Nothing);
    let run = journal.account().run.clone();
    drop(journal);
    lab.machines["cp2"].disk().is_off = true;
    let mut journal = lab.laptop.open(&run);

    let stopped = lab.undo(&mut journal).unwrap_err();

    assert_eq!(stopped.to_string(), "cp2: cannot connect to cp2");
    assert_eq!((stopped.held.as_slice(), stopped.state), (["cp2".to_owned()].as_slice(), State::Undone));
    lab.machines["cp2"].disk().is_off = false;
    assert_eq!(is_locked(&lab), [false, true]);
    lab.undo(&mut journal).unwrap();
    assert_eq!(lab.told(), before);
}

#[test]
fn a_run_that_died_anywhere_leaves_no_lock_on_a_node_without_a_step() {
    let mut lab = Lab::new(&["cp1", "cp2"]);
    let (disks, before) = (lab.disks(), lab.told());
    let mut ways = [apply, undo].iter().cycle();

    let deaths = every_death(|death| {
        lab.reset(&disks);
        let mut journal = lab.laptop.begin(limited(&lab, "cp2"));
        let is_dead = die(&lab, death, || drop(lab.apply(&mut journal)));
        drop(journal);
        let mut journal = lab.laptop.open(&lab.laptop.last());
        let go = ways.next().unwrap();
        go(&mut journal, &lab.world(&lab.laptop), &Terms::default(), &mut Unwatched)
            .unwrap_or_else(|stopped| panic!("{death:?}: {stopped:?}"));
        assert_eq!(is_locked(&lab), [false; 2], "{death:?}");
        lab.undo(&mut journal).unwrap();
        assert_eq!(lab.told(), before, "{death:?}");
        is_dead
    });

    assert!(deaths > 80, "{deaths}");
}

#[test]
fn another_machine_gives_back_the_locks_of_nodes_without_a_step() {
    let lab = Lab::new(&["cp1", "cp2", "cp3"]);
    let before = lab.told();
    let mut journal = lab.laptop.begin(limited(&lab, "cp2"));
    lab.machines["cp3"].on_act(|_, act| match act {
        Act::Record { .. } => Fault::KilledBefore,
        _ => Fault::Nothing,
    });
    assert!(super::lab::mortal(None, || lab.apply(&mut journal).is_ok()).is_none());
    lab.machines["cp3"].on_act(|_, _| Fault::Nothing);
    assert_eq!(is_locked(&lab), [true; 3]);
    let laptop = Laptop::new();
    let mut adopted = laptop.adopt(&lab.record_on("cp1", &journal.account().run));

    undo(&mut adopted, &lab.world(&laptop), &Terms::default(), &mut Unwatched).unwrap();

    assert_eq!(lab.told(), before);
    assert!(lab.told().iter().all(|told| !told.names.contains(VIP)));
}
