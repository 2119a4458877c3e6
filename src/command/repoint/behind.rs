//! The API servers behind an address: a few connections through a balancer do not meet them all.

use crate::{
    api::{Access, Api, VerifyAs},
    cli::Common,
    command::shared::machines,
    endpoint::Endpoint,
    error::Error,
    probe::CONCURRENCY,
    report::{Code, Finding},
    san::San,
    world::World,
};

/// An API server by the name that it is told by.
pub struct Server {
    subject: String,
    endpoint: Endpoint,
}

/// The nodes that the operator named, at `port` unless they say otherwise; else what the cluster tells through `to`.
pub fn servers(
    common: &Common,
    access: &Access,
    to: &Endpoint,
    port: u16,
    world: &World,
) -> Result<Vec<Server>, Error> {
    if let Some(inventory) = machines::named(common)? {
        let nodes = inventory.nodes.iter().filter_map(|node| {
            let endpoint = machines::api_of(node, port, world)?;
            Some(Server { subject: node.name.clone(), endpoint })
        });
        return Ok(nodes.collect());
    }
    let told = Api::new(&world.wire, access, Some(to), VerifyAs::Host).and_then(|api| api.servers());
    let servers = told.unwrap_or_default().into_iter();
    Ok(servers.map(|endpoint| Server { subject: endpoint.to_string(), endpoint }).collect())
}

/// Servers whose certificate lacks the host: a client that the balancer leads there is refused. What does not answer
/// here is passed over, since a balancer does so too.
pub fn without_name(host: &San, servers: &[Server], world: &World) -> Vec<Finding> {
    let endpoints: Vec<Endpoint> = servers.iter().map(|server| server.endpoint.clone()).collect();
    let mut lacking = vec![];
    world.wire.presented_many(&endpoints, CONCURRENCY, |index, shown| {
        if shown.is_ok_and(|shown| !shown.leaf.covers(host)) {
            lacking.push(index);
        }
    });
    lacking.sort_unstable();
    lacking.into_iter().map(|index| finding(host, &servers[index])).collect()
}

fn finding(host: &San, server: &Server) -> Finding {
    let message =
        format!("{} does not serve {host}; clients that are led to it will be refused", server.endpoint);
    Finding::new(Code::ServerWithoutName, server.subject.clone(), message)
        .remedy(format!("`cpctl certs add-san {host}`"))
}
