//! Who the nodes are, and how each is reached.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::cluster::Cluster;
use crate::{
    api::Api,
    cli::{Common, Ssh},
    endpoint::Endpoint,
    error::Error,
    inventory::{How, Inventory},
    node::Target,
    operator::Operator,
    world::World,
};

/// The inventory that is used where none is named.
const DEFAULT_INVENTORY: &str = "cpctl.yaml";

/// The cluster that is meant and who its nodes are.
pub fn known(
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<(Cluster, Inventory), Error> {
    let cluster = Cluster::find(common)?;
    cluster.trust()?;
    let inventory = inventory(common, Ok(&cluster), world)?;
    if let How::Cluster { note: Some(note), .. } = &inventory.found {
        operator.note(note);
    }
    Ok((cluster, inventory))
}

/// The nodes as the operator names them, or as the cluster tells them; each with what ssh's flags say of all.
pub fn inventory(
    common: &Common,
    cluster: Result<&Cluster, &Error>,
    world: &World,
) -> Result<Inventory, Error> {
    let mut inventory = named_or_told(common, cluster, world)?;
    for node in &mut inventory.nodes {
        // A plan outlives the flags: undoing must reach the node as the run did.
        flagged(node, &common.ssh)?;
    }
    for balancer in &mut inventory.balancers {
        flagged(&mut balancer.target, &common.ssh)?;
    }
    Ok(inventory)
}

/// What ssh's flags say of every machine, put down in this one.
pub fn flagged(node: &mut Target, flags: &Ssh) -> Result<(), Error> {
    let identity = flags.identity.as_ref().map(std::path::absolute).transpose().map_err(Error::Start)?;
    node.user = flags.user.clone().or(node.user.take());
    node.port = flags.port.or(node.port);
    node.identity = identity.or(node.identity.take());
    node.jump = flags.jump.clone().or(node.jump.take());
    Ok(())
}

fn named_or_told(
    common: &Common,
    cluster: Result<&Cluster, &Error>,
    world: &World,
) -> Result<Inventory, Error> {
    if let Some(inventory) = named(common)? {
        return Ok(inventory);
    }
    match cluster {
        Ok(cluster) => {
            let dial = |verify| Api::new(&world.wire, &cluster.access, None, verify);
            Ok(Inventory::discover(&cluster.access, dial)?)
        }
        Err(error) => Err(Error::Usage {
            message: format!("no nodes are named, and there is no cluster to ask for them: {error}"),
            hint: "name them with `--node root@HOST`, or write `cpctl.yaml`, or name a kubeconfig with `--kubeconfig`".into(),
        }),
    }
}

/// The nodes as the operator names them, where they are named.
pub fn named(common: &Common) -> Result<Option<Inventory>, Error> {
    if !common.node.is_empty() {
        return Ok(Some(Inventory::from_flags(&common.node, None)?));
    }
    Ok(inventory_file(common).map(Inventory::read).transpose()?)
}

/// Whether the operator named nodes, so that nothing has to be asked of the cluster.
pub fn names_nodes(common: &Common) -> bool {
    !common.node.is_empty() || inventory_file(common).is_some()
}

/// Where a node's API server answers, as far as that is known without asking the node.
pub fn api_of(target: &Target, port: u16, world: &World) -> Option<Endpoint> {
    match &target.api {
        Some(api) => api.parse().ok(),
        None => Endpoint::parse_with_port(&world.reach.host(target), port).ok(),
    }
}

/// Where the API server of a node answers that the operator names by this text.
pub fn api_of_named(
    text: &str,
    port: Option<u16>,
    common: &Common,
    world: &World,
) -> Result<Option<Endpoint>, Error> {
    // Only a bare word can be a node's name; what is an address needs no inventory.
    if text.contains([':', '/']) || text.parse::<std::net::IpAddr>().is_ok() {
        return Ok(None);
    }
    let Some(inventory) = named(common)? else { return Ok(None) };
    let Some(port) = port.or(inventory.endpoint.as_ref().map(|endpoint| endpoint.port)) else {
        return Ok(None);
    };
    let node = inventory.nodes.iter().find(|node| node.name == text);
    Ok(node.and_then(|node| api_of(node, port, world)))
}

/// The inventory file that is meant, where there is one.
pub fn inventory_file(common: &Common) -> Option<PathBuf> {
    // A shell makes the file of `cpctl nodes -o yaml > cpctl.yaml` before cpctl looks for it.
    let holds_something = |file: &Path| fs::metadata(file).is_ok_and(|seen| seen.is_file() && seen.len() > 0);
    let by_default = || Some(PathBuf::from(DEFAULT_INVENTORY)).filter(|file| holds_something(file));
    common.inventory.clone().or_else(by_default)
}
