//! From what servers showed to the checks that judge it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    check::{self, Part, Seen},
    outcome::Server,
    probe::{self, Presented, Trust},
    report::Finding,
    san::SanSet,
};

/// Fresh connections to each address, and behind a balancer to each node: one good handshake proves one backend.
pub const CONNECTIONS: u32 = 3;

/// What a server showed that is known beside those that are told; its node, where it is one's own address.
pub struct Witness {
    pub node: Option<String>,
    pub shown: Presented,
}

/// Marks the shared addresses whose load balancer ends TLS itself, by what the nodes behind them and other `witnesses`
/// present.
pub fn mark_terminated(servers: &mut [Server], witnesses: &[Witness], trust: Option<&Trust>, now: Timestamp) {
    let Some(trust) = trust else { return };
    let nodes = servers.iter().filter(|server| server.part == Part::Node);
    let nodes = nodes.filter_map(|server| server.shown.clone().ok());
    let nodes: Vec<Presented> = nodes.chain(witnesses.iter().map(|witness| witness.shown.clone())).collect();
    for server in servers.iter_mut().filter(|server| server.part == Part::Shared) {
        if server.shown.as_ref().is_ok_and(|shown| probe::is_terminated(shown, &nodes, trust, now)) {
            server.part = Part::Terminated;
        }
    }
}

/// The findings over all servers.
///
/// `nodes` are certificates of nodes beside the servers, by which a node behind a shared address is known.
pub fn certificates(servers: &[Server], nodes: &[Witness], require: &SanSet, now: Timestamp) -> Vec<Finding> {
    let known = by_fingerprint(servers, nodes);
    let seen: Vec<Seen<'_>> = servers
        .iter()
        .map(|server| Seen {
            subject: &server.subject,
            endpoint: &server.endpoint,
            shown: server.shown.as_ref().map(|shown| (shown, server.verdict.as_ref())),
            part: server.part,
            asked: &server.asked,
            behind: behind(server, &known),
        })
        .collect();
    check::certificates(&seen, require, now)
}

/// The node that presents each certificate at its own address.
fn by_fingerprint<'s>(servers: &'s [Server], nodes: &'s [Witness]) -> BTreeMap<&'s str, &'s str> {
    let told = servers.iter().filter(|server| server.part == Part::Node).filter_map(|server| {
        let shown = server.shown.as_ref().ok()?;
        Some((shown.leaf.fingerprint.as_str(), server.subject.as_str()))
    });
    let beside = nodes
        .iter()
        .filter_map(|witness| Some((witness.shown.leaf.fingerprint.as_str(), witness.node.as_deref()?)));
    told.chain(beside).collect()
}

/// The nodes behind a shared address that lack its name; none where one of them is not known.
fn behind<'s>(server: &Server, known: &BTreeMap<&'s str, &'s str>) -> Vec<&'s str> {
    if server.part != Part::Shared {
        return vec![];
    }
    let nodes = server.lacking.iter().map(|fingerprint| known.get(fingerprint.as_str()).copied());
    let mut nodes = nodes.collect::<Option<Vec<_>>>().unwrap_or_default();
    nodes.sort_unstable();
    nodes
}
