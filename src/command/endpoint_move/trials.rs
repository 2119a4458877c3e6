//! The new address tried through each machine whose clients are to be led there.

use std::{collections::BTreeSet, thread};

use super::site::Site;
use crate::{
    command::shared::{seen_from, survey::Surveyed},
    distro::{Move, Trial},
    endpoint::Endpoint,
    error::Error,
    node::{self, Target},
    report::Finding,
    world::World,
};

/// What is wrong with the address as these machines see it, all of them asked side by side.
pub fn faults(site: &Site, wanted: &Move, world: &World) -> Result<Vec<Finding>, Error> {
    let trials: Vec<_> = site.changed().filter_map(|node| of_node(site, node, wanted)).collect();
    let results: Vec<_> = thread::scope(|scope| {
        let asked: Vec<_> =
            trials.iter().map(|trial| scope.spawn(move || through_node(trial, world))).collect();
        asked
            .into_iter()
            .map(|asked| asked.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let (mut findings, mut errors) = (vec![], vec![]);
    for result in results {
        match result {
            Ok(found) => findings.extend(found),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(findings) } else { Err(Error::Nodes(errors)) }
}

type Tried<'s> = (&'s Target, Trial, BTreeSet<Endpoint>);

/// What is tried through a machine; nothing where nothing of it is moved.
fn of_node<'s>(site: &'s Site, node: &Surveyed, wanted: &Move) -> Option<Tried<'s>> {
    let trial = node.control_plane.trial()?;
    let references = node.control_plane.references();
    let moving = references.iter().filter(|reference| reference.moves(wanted));
    let targets: BTreeSet<_> = moving.map(|reference| reference.target(&wanted.to)).collect();
    let target = site.targets.iter().find(|target| target.name == node.name)?;
    (!targets.is_empty()).then_some((target, trial, targets))
}

fn through_node((target, trial, endpoints): &Tried<'_>, world: &World) -> Result<Vec<Finding>, node::Error> {
    let node = world.reach.look_at(target)?;
    let mut findings = vec![];
    for endpoint in endpoints {
        findings.extend(seen_from::faults(&*node, trial, endpoint, world)?);
    }
    Ok(findings)
}
