//! `cpctl nodes`.

use super::shared::{
    cluster::Cluster,
    machines,
    survey::{self, Limit, Surveyed},
};
use crate::{
    cli::Common,
    distro::Role,
    error::Error,
    inventory::{Balancer, Inventory},
    node::Target,
    outcome::{BalancerNamed, NodeSeen, NodesFound, Outcome},
    san::SanSet,
    world::World,
};

pub fn run(common: &Common, world: &World) -> Result<Outcome, Error> {
    let cluster = Cluster::if_any(common)?;
    let inventory = machines::inventory(common, cluster.as_ref(), world)?;
    let (surveyed, findings) = survey::at(&inventory.nodes, &Limit::default(), world)?;
    let nodes: Vec<NodeSeen> = inventory
        .nodes
        .iter()
        .map(|target| seen(target, surveyed.iter().find(|node| node.name == target.name)))
        .collect();
    Ok(Outcome::Nodes(NodesFound {
        endpoint: inventory.endpoint.clone(),
        how: inventory.found.to_string(),
        inventory: written(&inventory, &nodes),
        nodes,
        balancers: inventory.balancers.iter().map(named).collect(),
        findings,
    }))
}

fn named(balancer: &Balancer) -> BalancerNamed {
    BalancerNamed { target: balancer.target.clone(), socket: balancer.socket.clone() }
}

fn seen(target: &Target, surveyed: Option<&Surveyed>) -> NodeSeen {
    let plane = surveyed.map(|node| &node.control_plane);
    NodeSeen {
        target: target.clone(),
        distribution: plane.map(|plane| plane.distribution().to_owned()),
        role: plane.map(|plane| role(plane.role()).to_owned()),
        // A worker's port leads to a proxy in front of the API servers of others.
        api: surveyed
            .filter(|node| node.control_plane.role() != Role::Worker)
            .map(|node| node.endpoint.clone()),
        configured: plane.map_or_else(SanSet::default, |plane| plane.configured()),
    }
}

/// The inventory of the nodes that have an API server, with where each answers and what it is.
fn written(inventory: &Inventory, nodes: &[NodeSeen]) -> String {
    let nodes = nodes.iter().filter_map(|node| {
        let api = Some(node.api.as_ref()?.to_string());
        let distribution = node.distribution.clone().or(node.target.distribution.clone());
        Some(Target { api, distribution, ..node.target.clone() })
    });
    Inventory { nodes: nodes.collect(), ..inventory.clone() }.to_yaml()
}

fn role(role: Role) -> &'static str {
    match role {
        Role::First => "control plane",
        Role::Joined => "control plane, joined",
        Role::Worker => "worker",
    }
}
