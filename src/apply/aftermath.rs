//! What a run that stopped leaves behind, in words.

use std::{error::Error, iter, path::PathBuf};

use super::{Run, Stopped};
use crate::{
    journal::{Place, State},
    node,
    plan::{Change, HERE},
};

/// A change of a step that is not complete.
#[derive(Clone, Debug, PartialEq)]
pub struct InPlace {
    pub node: String,
    pub change: Change,
    /// Where a node keeps its files as they were before.
    pub copies: PathBuf,
}

impl Run<'_> {
    /// Changes that were begun of steps that are not complete.
    pub(super) fn in_place(&self) -> Vec<InPlace> {
        let account = self.journal.account();
        let steps = self.plan.steps.iter().enumerate().filter(|(step, _)| !account.is_completed(*step));
        let changes = steps.flat_map(|(step, planned)| {
            let changes = planned.changes.iter().enumerate();
            changes.map(move |(change, made)| (Place { step, change }, &planned.node, made))
        });
        let begun = changes.filter(|(place, ..)| account.is_begun(*place));
        begun
            .map(|(_, node, change)| InPlace {
                node: node.clone(),
                change: change.clone(),
                copies: node::run_directory(&account.run),
            })
            .collect()
    }
}

impl Stopped {
    /// What happened beyond the cause, and what is left, one line each.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = self.standing();
        notes.extend(self.taken_back.iter().map(|node| self.taken_back_on(node)));
        let others = self.restarted.iter().filter(|(node, _)| Some(node) != self.taken_back.as_ref());
        notes.extend(others.map(|(node, unit)| format!("{unit} was restarted on {node}")));
        notes.extend(self.not_taken_back.iter().map(|cause| not_put_right(cause)));
        notes.extend(self.in_place.iter().map(InPlace::told));
        if !self.held.is_empty() {
            let nodes = self.held.join(", ");
            notes.push(format!("the lock, or what the step holds, may be left on {nodes}"));
        }
        notes
    }

    /// Which nodes a run leaves changed, and which it never came to.
    fn standing(&self) -> Vec<String> {
        if self.is_clean {
            return vec!["nothing was changed".to_owned()];
        }
        // Of a run that is over, `runs` tells.
        if self.state != State::Unfinished {
            return vec![];
        }
        let named = |nodes: &[String], said: &str| {
            let are = if nodes.len() == 1 { "is" } else { "are" };
            (!nodes.is_empty()).then(|| format!("{} {are} {said}", nodes.join(", ")))
        };
        let changed = named(&self.completed, "changed: every change there is complete and stays");
        changed.into_iter().chain(named(&self.untouched, "untouched")).collect()
    }

    fn taken_back_on(&self, node: &str) -> String {
        let units: Vec<&str> =
            self.restarted.iter().filter(|(on, _)| on == node).map(|(_, unit)| unit.as_str()).collect();
        match units.as_slice() {
            [] if node == HERE => format!("{node} is taken back"),
            [] => format!("{node} is taken back; nothing was restarted there"),
            units => format!("{node} is taken back; {} was restarted there", units.join(", ")),
        }
    }
}

impl InPlace {
    fn told(&self) -> String {
        let Self { node, change, copies } = self;
        match change {
            Change::EditObject { .. } => format!("may still be in place: {change}"),
            Change::Edit { .. } | Change::Create { .. } => told_on(node, change),
            Change::Run { rewrites, .. } if rewrites.is_empty() => told_on(node, change),
            Change::Run { .. } | Change::Reissue(_) | Change::Replace(_) => {
                let files: Vec<_> = change.rewrites().iter().map(|path| path.display().to_string()).collect();
                format!(
                    "may still be in place on {node}: {}, rewritten; as before they lie in {}",
                    files.join(", "),
                    copies.display()
                )
            }
        }
    }
}

fn told_on(node: &str, change: &Change) -> String {
    format!("may still be in place on {node}: {change}")
}

fn not_put_right(cause: &dyn Error) -> String {
    let causes = iter::successors(Some(cause), |error: &&dyn Error| (*error).source());
    format!("not put right: {}", causes.map(ToString::to_string).collect::<Vec<_>>().join(": "))
}
