//! `cpctl lb check [ENDPOINT]`.

use crate::{
    check::front,
    cli::{Check, Common},
    command::shared::{self, cluster::Cluster, machines},
    endpoint::Endpoint,
    error::Error,
    front::Look,
    inventory::{self, Inventory},
    outcome::{Front, Outcome},
    world::World,
};

pub fn run(args: &Check, common: &Common, world: &World) -> Result<Outcome, Error> {
    let cluster = Cluster::if_any(common)?;
    let mut unlooked = vec![];
    let inventory = known(common, cluster.as_ref(), world, &mut unlooked)?;
    if cluster.is_err() {
        unlooked.push("who the API says a client is: there is no kubeconfig".to_owned());
    }
    let typed = args.endpoint.as_deref();
    let endpoint = shared::front::endpoint(typed, cluster.as_ref().ok(), inventory.as_ref())?;
    let port = cluster.as_ref().map_or(endpoint.port, |cluster| cluster.server.port);
    let nodes: Vec<(String, Endpoint)> = inventory
        .iter()
        .flat_map(|inventory| &inventory.nodes)
        .filter_map(|node| Some((node.name.clone(), machines::api_of(node, port, world)?)))
        .collect();
    let asked = match &cluster {
        Ok(cluster) => cluster.asks_for(&endpoint),
        Err(_) => endpoint.host.clone(),
    };
    let known = cluster.as_ref().ok();
    let look = Look {
        world,
        access: known.map(|cluster| &cluster.access),
        trust: known.and_then(|cluster| cluster.trust.as_ref()),
        asked,
    };
    let seen = look.gather(endpoint, nodes, unlooked);
    let judgement = front::judge(&seen);
    let of_kubeconfig = cluster.iter().flat_map(|cluster| cluster.findings.clone());
    let findings = of_kubeconfig.chain(judgement.findings.clone()).collect();
    let front = Front { seen, judgement, findings, fail_on: args.fail_on.severity() };
    Ok(Outcome::Front(front.into()))
}

/// Who the nodes are. That a cluster cannot be asked for them is no reason to say nothing of what is in front of it.
fn known(
    common: &Common,
    cluster: Result<&Cluster, &Error>,
    world: &World,
    unlooked: &mut Vec<String>,
) -> Result<Option<Inventory>, Error> {
    let reason = match machines::inventory(common, cluster, world) {
        Ok(inventory) => return Ok(Some(inventory)),
        Err(error) if machines::names_nodes(common) => return Err(error),
        Err(Error::Inventory(inventory::Error::Api(error))) => error.to_string(),
        Err(Error::Usage { .. }) => "there is no kubeconfig".to_owned(),
        Err(error) => return Err(error),
    };
    unlooked.push(format!(
        "the API servers at their own addresses: nobody names them, and they cannot be asked for ({reason})"
    ));
    Ok(None)
}
