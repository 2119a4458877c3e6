//! `cpctl nodes`.

use super::{
    cluster::{self, Cluster},
    survey::{self, Limit},
};
use crate::{
    cli::Common,
    distro::Role,
    error::Error,
    outcome::{NodeSeen, NodesFound, Outcome},
    san::SanSet,
    world::World,
};

pub fn run(common: &Common, world: &World) -> Result<Outcome, Error> {
    let cluster = Cluster::if_any(common)?;
    let inventory = cluster::inventory(common, cluster.as_ref(), world)?;
    let (surveyed, findings) = survey::at(&inventory.nodes, &Limit::default(), world)?;
    let nodes = inventory
        .nodes
        .iter()
        .map(|target| {
            let seen = surveyed.iter().find(|node| node.name == target.name);
            NodeSeen {
                target: target.clone(),
                distribution: seen.map(|node| node.control_plane.distribution().to_owned()),
                role: seen.map(|node| role(node.control_plane.role()).to_owned()),
                api: seen.map(|node| node.endpoint.clone()),
                configured: seen.map_or_else(SanSet::default, |node| node.control_plane.configured()),
            }
        })
        .collect();
    Ok(Outcome::Nodes(NodesFound {
        endpoint: inventory.endpoint.clone(),
        how: inventory.found.to_string(),
        nodes,
        findings,
        inventory: inventory.to_yaml(),
    }))
}

fn role(role: Role) -> &'static str {
    match role {
        Role::First => "control plane",
        Role::Joined => "control plane, joined",
        Role::Worker => "worker",
    }
}
