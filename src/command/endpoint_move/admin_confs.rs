//! The administrators' kubeconfigs on control planes. They hold keys, so they are read only where they are to be moved.

use super::site::Site;
use crate::{
    distro::Found,
    error::Error,
    node::{self, Ask},
    report::Finding,
    world::World,
};

/// What they lead to, on each control plane that may be changed, or why one cannot be read.
pub fn found(site: &Site, world: &World) -> Result<Result<Vec<Found>, Vec<Finding>>, Error> {
    let (mut all, mut refusals, mut errors) = (vec![], vec![], vec![]);
    for node in site.changed() {
        let paths = node.control_plane.admin_confs();
        let target = site.targets.iter().find(|target| target.name == node.name);
        let Some(target) = target.filter(|_| !paths.is_empty()) else { continue };
        let asks: Vec<_> = paths.iter().cloned().map(Ask::File).collect();
        let answers: Result<_, node::Error> =
            world.reach.look_at(target).and_then(|machine| machine.look(&asks));
        let answers = match answers {
            Ok(answers) => answers,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        let mut references = vec![];
        for (path, answer) in paths.iter().zip(answers) {
            let Some(text) = answer.bytes().and_then(|bytes| std::str::from_utf8(bytes).ok()) else {
                continue;
            };
            match node.control_plane.references_in_admin_conf(path, text) {
                Ok(found) => references.extend(found),
                Err(refusal) => refusals.push(refusal),
            }
        }
        all.push(Found { node: node.name.clone(), known_as: None, references });
    }
    match (errors.is_empty(), refusals.is_empty()) {
        (false, _) => Err(Error::Nodes(errors)),
        (true, false) => Ok(Err(refusals)),
        (true, true) => Ok(Ok(all)),
    }
}
