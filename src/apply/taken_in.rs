//! Files that a node took in while what runs there may have written them anew, from what it knew before.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{Cause, Run, seen::Seen};
use crate::{
    edit::Edit,
    journal::Place,
    node::Act,
    plan::{Change, Settle, Step},
};

impl Run<'_> {
    /// Refuses to go on where a file of a node that was awaited does not hold its edits any more.
    pub(super) fn refuse_overwritten(&mut self, number: usize) -> Result<(), Cause> {
        let step = &self.plan.steps[number];
        let edits: Vec<_> = edits_taken_in(step).collect();
        let files: BTreeSet<PathBuf> = edits.iter().map(|(path, _)| (*path).to_owned()).collect();
        let acts: Vec<_> = files.iter().cloned().map(Act::Read).collect();
        let done = self.act(&step.node, &acts)?;
        let seen = Seen::of(files.into_iter().collect(), done);
        match edits.into_iter().find(|(path, edit)| !seen.holds(path, edit)) {
            Some((path, edit)) => Err(Cause::Overwritten {
                node: step.node.clone(),
                path: path.to_owned(),
                edit: edit.to_string(),
            }),
            None => Ok(()),
        }
    }

    /// Whether an edit that was made is not in its file any more.
    pub(super) fn is_lost(&self, place: Place, seen: &Seen) -> bool {
        let step = &self.plan.steps[place.step];
        match &step.changes[place.change] {
            Change::Edit { path, edit } => is_awaited(step) && !seen.holds(path, edit),
            _ => false,
        }
    }
}

fn edits_taken_in(step: &Step) -> impl Iterator<Item = (&Path, &Edit)> {
    step.changes.iter().filter(|_| is_awaited(step)).filter_map(|change| match change {
        Change::Edit { path, edit } => Some((path.as_path(), edit)),
        _ => None,
    })
}

fn is_awaited(step: &Step) -> bool {
    step.settle.iter().any(|settle| matches!(settle, Settle::AwaitNode { .. }))
}
