//! Who is in a pool, and who should be.

use super::{Pool, PoolServer, Seen, Server, Serves, Told};
use crate::balancer::lint::Spot;

pub(super) fn etcd<'a>(seen: &'a Seen<'_>) -> Vec<Told<'a>> {
    let why = "etcd's clients know every member and go to each by itself; through a balancer they lose members, and peers cannot do with one address";
    let pools = seen.pools.iter().filter(|pool| pool.serves == Serves::Etcd);
    let spot = |pool: &Pool<'_>| {
        Spot::new(pool.line, why)
            .instead("remove it, and name all members: `--etcd-servers=https://A:2379,https://B:2379,…`")
    };
    pools.map(|pool| Told(pool.source, spot(pool))).collect()
}

pub(super) fn of_one<'a>(seen: &'a Seen<'_>) -> Vec<Told<'a>> {
    let told = |pool: &'a Pool<'_>| {
        let mut serving = pool.servers.iter().filter(|server| !server.is_spare);
        let first = serving.next()?;
        if serving.next().is_some() {
            return None;
        }
        let why = match pool.servers.len() {
            1 => format!("{} has no other server than {}, and is gone with it", pool.name, first.name),
            _ => format!(
                "{} alone gets clients: the others are spare, switched off or of no weight",
                first.name
            ),
        };
        Some(Told(
            pool.source,
            Spot::new(first.line, why).instead("list every control-plane node, all alike"),
        ))
    };
    seen.apis().filter_map(told).collect()
}

pub(super) fn twice<'a>(seen: &'a Seen<'_>) -> Vec<Told<'a>> {
    let mut told = vec![];
    for pool in seen.apis() {
        for (index, server) in pool.servers.iter().enumerate() {
            let is_same = |other: &&PoolServer| other.host == server.host && other.port == server.port;
            let Some(first) = pool.servers[..index].iter().find(is_same) else { continue };
            let why = format!(
                "{} is the server of line {} once more, so one node gets twice its share",
                server.name, first.line
            );
            told.push(Told(
                pool.source,
                Spot::new(server.line, why).instead("give it the address of its own node"),
            ));
        }
    }
    told
}

pub(super) fn missing<'a>(seen: &'a Seen<'_>) -> Vec<Told<'a>> {
    let Some(plane) = seen.facts.plane else { return vec![] };
    let mut told = vec![];
    for pool in seen.apis().filter(|pool| are_comparable(pool, &plane.nodes)) {
        for node in plane.nodes.iter().filter(|node| !pool.servers.iter().any(|server| is_node(server, node)))
        {
            let why = format!("{} of the inventory is not among the servers of {}", node.name, pool.name);
            let line = pool.servers.last().map_or(pool.line, |server| server.line);
            let instead = format!("add {} at {}", node.name, node.address());
            told.push(Told(pool.source, Spot::new(line, why).instead(instead)));
        }
    }
    told
}

pub(super) fn foreign<'a>(seen: &'a Seen<'_>) -> Vec<Told<'a>> {
    let Some(plane) = seen.facts.plane else { return vec![] };
    let mut told = vec![];
    for pool in seen.apis().filter(|pool| are_comparable(pool, &plane.nodes)) {
        for server in
            pool.servers.iter().filter(|server| !plane.nodes.iter().any(|node| is_node(server, node)))
        {
            let why = format!("{} at {} is no control-plane node of the inventory", server.name, server.host);
            let instead = "remove the line, or add the node to the inventory";
            told.push(Told(pool.source, Spot::new(server.line, why).instead(instead)));
        }
    }
    told
}

fn is_node(server: &PoolServer, node: &Server) -> bool {
    let host = server.host.to_lowercase();
    [node.address(), node.host.clone(), node.name.clone()].iter().any(|of| of.to_lowercase() == host)
}

/// Whether the pool and the inventory speak of the same nodes at all: another cluster's pool is no fault, nor are names
/// beside addresses, nor what nobody here knows.
fn are_comparable(pool: &Pool<'_>, nodes: &[Server]) -> bool {
    pool.servers.iter().all(|server| !server.host.contains('$'))
        && pool.servers.iter().any(|server| nodes.iter().any(|node| is_node(server, node)))
}
