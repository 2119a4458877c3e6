//! One step for each node where something is left to do.

use std::path::PathBuf;

use super::{Site, ca_key};
use crate::{
    cert::reissue::Serial,
    command::shared::survey::Surveyed,
    distro::{Given, Served, Signer, Want},
    error::Error,
    outcome::FileDiff,
    plan::{Change, Step},
    report::Finding,
    world::World,
};

impl Site {
    /// One step for each node where something is left to do, and what the steps make of the files that they edit.
    pub(super) fn steps(&self, want: &Want, world: &World) -> Result<Planned, Error> {
        let allowed = self.inventory.nodes.iter().filter(|node| self.limit.allows(&node.name));
        let signers = match ca_key::signers(self.place.as_ref(), allowed, world)? {
            Ok(signers) => signers,
            Err(found) => return Ok(Err(found)),
        };
        let (mut steps, mut diffs, mut refusals) = (vec![], vec![], vec![]);
        for node in self.allowed() {
            match step(node, want, signers.get(&node.name), world) {
                Ok(Some(step)) => {
                    diffs.extend(node.control_plane.seen().into_iter().filter_map(|file| diff(&step, file)));
                    steps.push(step);
                }
                Ok(None) => {}
                Err(found) => refusals.extend(found),
            }
        }
        Ok(if refusals.is_empty() { Ok((steps, diffs)) } else { Err(refusals) })
    }
}

/// Steps with the diffs of their files, or why there are none.
type Planned = Result<(Vec<Step>, Vec<FileDiff>), Vec<Finding>>;

/// What is to be done on a node, or all that must be put right first.
pub fn step(
    node: &Surveyed,
    want: &Want,
    signer: Option<&Signer>,
    world: &World,
) -> Result<Option<Step>, Vec<Finding>> {
    let Ok(presented) = &node.presented else { return Ok(None) };
    let supervisor = node.supervisor.as_ref().and_then(|heard| heard.presented.as_ref().ok());
    let served = Served { endpoint: &node.endpoint, presented, supervisor };
    let given = Given { now: (world.now)(), serial: Serial::from((world.random)()), signer };
    node.control_plane.plan(want, &served, &given)
}

/// A file of a step's node after all edits of the step; `None` where no edit is of this file.
fn diff(step: &Step, (path, before): (PathBuf, String)) -> Option<FileDiff> {
    let mut edits = step.changes.iter().filter_map(|change| match change {
        Change::Edit { path: edited, edit } if *edited == path => Some(edit),
        _ => None,
    });
    let after = edits.try_fold(before.clone(), |text, edit| edit.make(&text)).ok()?;
    (after != before).then(|| FileDiff { node: step.node.clone(), path, before, after })
}
