//! `cpctl verify [ENDPOINT]`.

use super::shared::{
    cluster::Cluster,
    greeting::{Address, ask, is_told, shake_hands, unaccepted},
    machines,
    sight::{self, CONNECTIONS, Witness},
};

use crate::{
    check::Part,
    cli::{self, Common, Verify},
    endpoint::Endpoint,
    error::Error,
    inventory,
    outcome::{Outcome, Verification, Verified},
    probe::CONCURRENCY,
    san::SanSet,
    world::World,
};

pub fn run(args: &Verify, common: &Common, world: &World) -> Result<Outcome, Error> {
    let cluster = Cluster::find(common)?;
    let trust = cluster.trust()?;
    let addresses = addresses(args, common, &cluster, world)?;

    let nodes = addresses.iter().filter(|(_, _, part)| *part == Part::Node).count();
    let behind = CONNECTIONS.saturating_mul(u32::try_from(nodes).unwrap_or(u32::MAX).max(1));

    let (mut rows, mut servers, mut findings) = (vec![], vec![], vec![]);
    for (subject, endpoint, part) in addresses {
        let connections = if part == Part::Node { CONNECTIONS } else { behind };
        let (handshakes, server) = shake_hands(connections, (subject, endpoint, part), &cluster, world)?;
        if handshakes < connections {
            findings.extend(unaccepted(&server, (world.now)()));
        }
        let (version, user) = if handshakes == connections {
            ask(&server, &cluster, world, &mut findings)
        } else {
            (None, None)
        };
        let (subject, endpoint) = (server.subject.clone(), server.endpoint.clone());
        rows.push(Verified { subject, endpoint, connections, handshakes, version, user });
        servers.push(server);
    }
    let now = (world.now)();
    let witnesses = if args.endpoint.is_some() { witnesses(common, &cluster, world) } else { vec![] };
    sight::mark_terminated(&mut servers, &witnesses, Some(trust), now);
    let mut all = cluster.findings.clone();
    all.extend(sight::certificates(&servers, &witnesses, &SanSet::default(), now));
    for finding in findings {
        if !is_told(&all, &finding) {
            all.push(finding);
        }
    }
    Ok(Outcome::Verification(Verification { rows, findings: all, fail_on: args.fail_on.severity() }))
}

/// The address that was typed; else the kubeconfig's server, the inventory's endpoint and every known node.
fn addresses(
    args: &Verify,
    common: &Common,
    cluster: &Cluster,
    world: &World,
) -> Result<Vec<Address>, Error> {
    if let Some(text) = &args.endpoint {
        if let Some(endpoint) = machines::api_of_named(text, Some(cluster.server.port), common, world)? {
            return Ok(vec![(text.clone(), endpoint, Part::Node)]);
        }
        let endpoint = cli::endpoint(text, Some(cluster.server.port))?;
        return Ok(vec![(endpoint.to_string(), endpoint, Part::Shared)]);
    }
    let mut addresses = vec![("kubeconfig".to_owned(), cluster.server.clone(), Part::Shared)];
    let inventory = match machines::inventory(common, Ok(cluster), world) {
        Ok(inventory) => inventory,
        // A cluster that does not answer is what this verb is there to tell.
        Err(Error::Inventory(inventory::Error::Api(_))) => return Ok(addresses),
        Err(error) => return Err(error),
    };
    if let Some(endpoint) = inventory.endpoint.clone().filter(|endpoint| *endpoint != cluster.server) {
        addresses.push(("endpoint".to_owned(), endpoint, Part::Shared));
    }
    for node in &inventory.nodes {
        if let Some(endpoint) = machines::api_of(node, cluster.server.port, world) {
            addresses.push((node.name.clone(), endpoint, Part::Node));
        }
    }
    Ok(addresses)
}

/// What the API servers show elsewhere, for an address that was typed: beside them a balancer that ends TLS is told, and
/// the node behind it that lacks a name.
fn witnesses(common: &Common, cluster: &Cluster, world: &World) -> Vec<Witness> {
    let nodes =
        machines::inventory(common, Ok(cluster), world).map_or_else(|_| vec![], |inventory| inventory.nodes);
    let nodes = nodes
        .into_iter()
        .filter_map(|node| Some((machines::api_of(&node, cluster.server.port, world)?, Some(node.name))));
    let (known, mut names): (Vec<Endpoint>, Vec<_>) = nodes.chain([(cluster.server.clone(), None)]).unzip();
    let mut witnesses = vec![];
    world.wire.presented_many(&known, CONCURRENCY, |index, presented| {
        witnesses.extend(presented.ok().map(|shown| Witness { node: names[index].take(), shown }));
    });
    witnesses
}
