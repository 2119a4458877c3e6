//! On which ports clients come, and to which they are sent.

use super::{Listen, Pool, PoolServer, Seen, Serves, Told};
use crate::{
    balancer::{
        distribution::{Distribution, is_api_port},
        lint::{Kind, Source, Spot},
    },
    endpoint::Endpoint,
};

pub(super) fn differ<'a>(seen: &'a Seen<'_>) -> Vec<Told<'a>> {
    let mut told = vec![];
    for pool in seen.apis() {
        let usual = usual_port(pool);
        for server in &pool.servers {
            let (Some(port), Some(wanted)) = (server.port, known_port(server, seen).or(usual)) else {
                continue;
            };
            if port != wanted {
                let why =
                    format!("{} is asked on port {port}, and its API server is on {wanted}", server.name);
                let spot =
                    Spot::new(server.line, why).instead(with_port(pool.source, server.line, port, wanted));
                told.push(Told(pool.source, spot));
            }
        }
    }
    told.extend(seen.pools.iter().filter(|pool| pool.serves == Serves::Etcd).flat_map(strays));
    told
}

/// Members of etcd that are asked on another port than the others: an API server's, by a slip.
fn strays<'a>(pool: &'a Pool<'_>) -> Vec<Told<'a>> {
    let ports = || pool.servers.iter().filter_map(|server| server.port);
    let count = |port: u16| ports().filter(|other| *other == port).count();
    let usual = ports().max_by_key(|port| (count(*port), !is_api_port(*port)));
    let strays = pool.servers.iter().filter_map(|server| Some((server, server.port?, usual?)));
    strays
        .filter(|(_, port, usual)| port != usual)
        .map(|(server, port, usual)| {
            let why =
                format!("{} is asked on port {port}, and others of {} on {usual}", server.name, pool.name);
            let instead = with_port(pool.source, server.line, port, usual);
            Told(pool.source, Spot::new(server.line, why).instead(instead))
        })
        .collect()
}

/// The line with another port, or what to do where the line does not show the one that it has.
fn with_port(source: &Source, line: usize, port: u16, wanted: u16) -> String {
    let quote = source.quote(line);
    let better = quote.replace(&format!(":{port}"), &format!(":{wanted}"));
    if better == quote { format!("port {wanted} in place of {port}") } else { better }
}

/// Where the inventory has the API server of a node.
fn known_port(server: &PoolServer, seen: &Seen<'_>) -> Option<u16> {
    let node =
        seen.facts.plane?.nodes.iter().find(|node| node.host == server.host || node.name == server.host)?;
    node.api.as_ref().map(|api| api.port)
}

/// The port that most servers of a pool have; of two, one that API servers have by themselves.
fn usual_port(pool: &Pool<'_>) -> Option<u16> {
    let ports = || pool.servers.iter().filter_map(|server| server.port);
    let count = |port: u16| ports().filter(|other| *other == port).count();
    ports().max_by_key(|port| (count(*port), is_api_port(*port)))
}

pub(super) fn join_missing<'a>(seen: &'a Seen<'_>) -> Vec<Told<'a>> {
    let Some(plane) = seen.facts.plane else { return vec![] };
    let distribution = plane.nodes.first().and_then(|node| node.distribution.as_deref());
    let Some(distribution) = distribution.and_then(Distribution::named) else { return vec![] };
    let Some(first) = seen.apis().next() else { return vec![] };
    let is_there =
        |port: &u16| seen.pools.iter().flat_map(|pool| &pool.listens).any(|listen| listen.port == *port);
    let missing = distribution.beside.iter().map(|beside| beside.port).filter(|port| !is_there(port));
    missing
        .map(|port| {
            let why =
                format!("nodes of {} join through port {port}, and nothing listens there", distribution.name);
            let instead = format!("pass port {port} on to the same nodes, as the API's own");
            Told(first.source, Spot::new(first.line, why).instead(instead))
        })
        .collect()
}

pub(super) fn unlistened<'a>(seen: &'a Seen<'_>) -> Vec<Told<'a>> {
    let listens: Vec<&Listen> = seen.apis().flat_map(|pool| &pool.listens).collect();
    let kubeconfigs = seen.sources.iter().filter(|source| source.kind() == Some(Kind::Kubeconfig));
    let by_kubeconfig = kubeconfigs.flat_map(|source| {
        servers(source)
            .filter_map(|(line, endpoint)| {
                let host = endpoint.host.to_string();
                let of_host =
                    || listens.iter().filter(|listen| listen.host.as_deref() == Some(host.as_str()));
                of_host().next()?;
                if of_host().any(|listen| listen.port == endpoint.port) {
                    return None;
                }
                let meant = meant(endpoint.port, of_host().map(|listen| listen.port));
                let why = format!(
                    "nothing listens on port {} of {host}{}",
                    endpoint.port,
                    meant.map(|port| format!("; did you mean {port}?")).unwrap_or_default()
                );
                let port = meant.or_else(|| of_host().next().map(|listen| listen.port))?;
                Some(Told(
                    source,
                    Spot::new(line, why)
                        .instead(format!("server: {}", Endpoint::new(endpoint.host, port).url())),
                ))
            })
            .collect::<Vec<_>>()
    });
    by_kubeconfig.chain(of_inventory(seen)).collect()
}

/// The inventory's endpoint, where a pool listens at its address and on other ports alone.
fn of_inventory<'a>(seen: &'a Seen<'_>) -> Option<Told<'a>> {
    let endpoint = seen.facts.plane?.endpoint.as_ref()?;
    let host = endpoint.host.to_string();
    let here = |listen: &&Listen| listen.host.as_ref().is_none_or(|at| *at == host);
    let of_host = || seen.apis().flat_map(|pool| pool.listens.iter().map(move |listen| (pool, listen)));
    let (pool, listen) = of_host().find(|(_, listen)| here(listen))?;
    if of_host().any(|(_, listen)| here(&listen) && listen.port == endpoint.port) {
        return None;
    }
    let why = format!("clients are to come to {endpoint}, and {} listens on port {}", pool.name, listen.port);
    let instead = with_port(pool.source, listen.line, listen.port, endpoint.port);
    Some(Told(pool.source, Spot::new(listen.line, why).instead(instead)))
}

/// The servers that a kubeconfig names, with their lines.
fn servers(source: &Source) -> impl Iterator<Item = (usize, Endpoint)> + '_ {
    source.text.lines().enumerate().filter_map(|(index, line)| {
        let url = line.trim().trim_start_matches("- ").strip_prefix("server:")?;
        Some((index + 1, url.trim().trim_matches(['"', '\'']).parse().ok()?))
    })
}

/// The port of which this one is a slip of the finger.
fn meant(port: u16, among: impl Iterator<Item = u16>) -> Option<u16> {
    let written = port.to_string();
    among.into_iter().find(|other| {
        let other = other.to_string();
        let differ = |(a, b): (u8, u8)| a != b;
        other.len() == written.len()
            && other.bytes().zip(written.bytes()).filter(|pair| differ(*pair)).count() == 1
    })
}

pub(super) fn taken<'a>(seen: &'a Seen<'_>) -> Vec<Told<'a>> {
    let Some(plane) = seen.facts.plane else { return vec![] };
    let shared = plane.nodes.iter().find(|node| plane.balancers.contains(&node.host));
    let Some(node) = shared else { return vec![] };
    let pools = seen.pools.iter().filter(|pool| matches!(pool.serves, Serves::Api | Serves::Join));
    let told = |pool: &'a Pool<'_>| {
        let listen = pool
            .listens
            .iter()
            .find(|listen| pool.servers.iter().any(|server| server.port == Some(listen.port)))?;
        let why = format!(
            "{} is a control-plane node, whose API server has port {} of every address already",
            node.name, listen.port
        );
        Some(Told(
            pool.source,
            Spot::new(listen.line, why).instead("another port, 8443 for example, or another machine"),
        ))
    };
    pools.filter_map(told).collect()
}
