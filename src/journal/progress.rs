//! What the lines of a journal come to, one after the other.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use super::{Outcome, Place, Record};
use crate::{node::Digest, plan::Plan};

/// How far a run came, by its records.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    pub opened: BTreeSet<String>,
    pub entered: BTreeSet<usize>,
    pub drained: BTreeSet<usize>,
    pub begun: BTreeSet<Place>,
    pub done: BTreeSet<Place>,
    pub kept: BTreeSet<Place>,
    pub left: BTreeMap<Place, BTreeMap<PathBuf, Digest>>,
    pub undone: BTreeMap<Place, u32>,
    /// Steps that are taken back and have not settled since.
    pub unsettled: BTreeSet<usize>,
    pub completed: BTreeSet<usize>,
    /// Steps and their settles whose unit was restarted since the step last changed anything.
    pub restarted: BTreeSet<(usize, usize)>,
    pub is_being_undone: bool,
    pub outcome: Option<Outcome>,
}

impl Progress {
    pub fn take(&mut self, record: &Record) {
        match record {
            Record::Opening { node } => drop(self.opened.insert(node.clone())),
            Record::Closed { node } => drop(self.opened.remove(node)),
            Record::Entering { step } => drop(self.entered.insert(*step)),
            Record::Draining { step } => drop(self.drained.insert(*step)),
            Record::Begun(place) => {
                self.begun.insert(*place);
                self.outdate(place.step);
            }
            Record::Done { place, left } => {
                self.done.insert(*place);
                self.outdate(place.step);
                self.left.insert(*place, left.clone());
                // One batch keeps all that a step may rewrite, and makes the step's first change.
                self.kept.extend(self.begun.iter().filter(|begun| begun.step == place.step));
            }
            Record::Restarted { step, settle } => drop(self.restarted.insert((*step, *settle))),
            Record::Settled { step } => drop(self.unsettled.remove(step)),
            Record::Completed { step } => {
                self.leave(*step);
                self.unsettled.remove(step);
                self.completed.insert(*step);
            }
            Record::Left { step } => self.leave(*step),
            Record::Undoing => {
                self.is_being_undone = true;
                self.outcome = None;
            }
            Record::Reverting { step } => {
                self.completed.remove(step);
                self.unsettled.insert(*step);
                self.done.retain(|place| place.step != *step);
            }
            Record::Undone(place) => {
                self.outdate(place.step);
                self.begun.remove(place);
                self.kept.remove(place);
                self.left.remove(place);
                *self.undone.entry(*place).or_default() += 1;
            }
            Record::Finished { outcome } => {
                self.outcome = Some(*outcome);
                self.unsettled.clear();
            }
            Record::Plan { .. }
            | Record::Proven { .. }
            | Record::Rested
            | Record::Superseded
            | Record::Unsure => {}
        }
    }

    fn leave(&mut self, step: usize) {
        self.entered.remove(&step);
        self.drained.remove(&step);
    }

    /// What runs does not know of a change yet.
    fn outdate(&mut self, step: usize) {
        self.restarted.retain(|(of, _)| *of != step);
    }

    /// Whatever the plan says may have happened.
    pub fn doubt(&mut self, plan: &Plan) {
        self.outcome = None;
        self.done.clear();
        self.kept.clear();
        self.left.clear();
        self.completed.clear();
        self.restarted.clear();
        self.entered = (0..plan.steps.len()).collect();
        self.drained.clone_from(&self.entered);
        self.opened = plan.machines().into_iter().map(ToOwned::to_owned).collect();
        for (step, planned) in plan.steps.iter().enumerate() {
            self.begun.extend((0..planned.changes.len()).map(|change| Place { step, change }));
        }
    }
}
