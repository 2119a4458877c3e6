//! The machines of a run: one connection each, and what the run keeps there.

use std::path::{Path, PathBuf};

use super::{Cause, Run, Way, seen::Seen};
use crate::{
    journal::Place,
    node::{self, Act, Done, Target},
    plan::{Change, HERE, Reissue, Replace},
};

/// The file of the run's directory that holds the journal as it was last known.
pub const RECORD: &str = "journal.jsonl";

impl Run<'_> {
    /// Carries out acts in one round trip, on the connection that is there or on a new one.
    pub(super) fn act(&mut self, node: &str, acts: &[Act]) -> Result<Vec<Done>, Cause> {
        if acts.is_empty() {
            return Ok(vec![]);
        }
        let mut machine = match self.machines.remove(node) {
            Some(machine) => machine,
            None => self.world.reach.connect(&self.target(node)?)?,
        };
        // Another machine may go on with the run by now, and this one must not work beside it.
        let is_held = self.opened.contains(node);
        let hold = is_held.then(|| self.hold());
        let acts: Vec<_> = hold.into_iter().chain(acts.iter().cloned()).collect();
        let result = machine.act(&acts).map(|mut done| done.split_off(usize::from(is_held)));
        if !matches!(result, Err(node::Error::Broken { .. } | node::Error::Protocol { .. })) {
            self.machines.insert(node.to_owned(), machine);
        }
        Ok(result?)
    }

    pub(super) fn target(&self, node: &str) -> Result<Target, Cause> {
        match self.plan.nodes.get(node) {
            Some(target) => Ok(target.clone()),
            None if node == HERE => Ok(Target::from_host(HERE, HERE)),
            None => Err(Cause::NoTarget { node: node.into() }),
        }
    }

    /// Refuses the whole run where a file holds neither side of a change that lies ahead.
    pub(super) fn try_edits(&self, node: &str, way: Way, mut seen: Seen) -> Result<(), Cause> {
        for (place, path) in self.edits(node, way) {
            match (&self.plan.steps[place.step].changes[place.change], way) {
                (Change::Edit { edit, .. }, way) => {
                    let bytes = match way {
                        Way::Forward => seen.edited(node, path, edit)?,
                        Way::Back => seen.reverted(node, path, edit)?,
                    };
                    if bytes.is_some() {
                        seen.put(path, bytes);
                    }
                }
                (Change::Create { text, .. }, Way::Forward) => {
                    seen.lacks(node, path, text)?;
                    seen.put(path, Some(text.clone().into_bytes()));
                }
                (Change::Create { text, .. }, Way::Back) => {
                    self.refuse_altered(node, path, text, &seen)?;
                    seen.put(path, None);
                }
                (Change::Reissue(reissue), Way::Forward) => drop(seen.is_reissued(node, reissue)?),
                (Change::Replace(replace), Way::Forward) => {
                    seen.is_replaced(node, replace)?;
                    seen.put(path, Some(replace.text.clone().into_bytes()));
                }
                (Change::Reissue(_) | Change::Replace(_), Way::Back)
                | (Change::EditObject { .. } | Change::Run { .. }, _) => {}
            }
        }
        Ok(())
    }

    /// Changes of single files on a node that lie ahead, in the order in which they will be made or taken back.
    pub(super) fn edits(&self, node: &str, way: Way) -> Vec<(Place, &Path)> {
        let account = self.journal.account();
        let mut edits = vec![];
        for (step, planned) in self.plan.steps.iter().enumerate().filter(|(_, step)| step.node == node) {
            for (change, planned) in planned.changes.iter().enumerate() {
                let place = Place { step, change };
                let is_ahead = match way {
                    Way::Forward => !account.is_completed(step) && !account.is_done(place),
                    Way::Back => account.is_begun(place),
                };
                match planned {
                    Change::Edit { path: file, .. }
                    | Change::Create { path: file, .. }
                    | Change::Reissue(Reissue { file, .. })
                    | Change::Replace(Replace { file, .. })
                        if is_ahead =>
                    {
                        edits.push((place, file.as_path()));
                    }
                    _ => {}
                }
            }
        }
        if way == Way::Back {
            edits.reverse();
        }
        edits
    }

    pub(super) fn stored(&self) -> Act {
        let account = self.journal.account();
        Act::Record { run: account.run.clone(), file: RECORD.into(), bytes: account.text().into() }
    }

    /// Where the file is kept as it was before a change; a change that was taken back and is made again keeps anew.
    pub(super) fn copy(&self, place: Place, file: &Path) -> PathBuf {
        let rewrites = self.plan.steps[place.step].changes[place.change].rewrites();
        let index = rewrites.iter().position(|path| path == file).unwrap_or(0);
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let account = self.journal.account();
        let Place { step, change } = place;
        let name = format!("{step}.{change}.{}.{index}-{name}", account.times_undone(place));
        match self.plan.steps[step].node.as_str() {
            HERE => self.journal.copy(&name),
            _ => node::run_directory(&account.run).join(name),
        }
    }
}
