//! From what servers showed to the checks that judge it.

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

/// Marks the shared addresses whose load balancer ends TLS itself, by what the nodes behind them and other `witnesses`
/// present.
pub fn mark_terminated(
    servers: &mut [Server],
    witnesses: Vec<Presented>,
    trust: Option<&Trust>,
    now: Timestamp,
) {
    let Some(trust) = trust else { return };
    let nodes = servers.iter().filter(|server| server.part == Part::Node);
    let nodes = nodes.filter_map(|server| server.shown.clone().ok());
    let nodes: Vec<Presented> = nodes.chain(witnesses).collect();
    for server in servers.iter_mut().filter(|server| server.part == Part::Shared) {
        if server.shown.as_ref().is_ok_and(|shown| probe::is_terminated(shown, &nodes, trust, now)) {
            server.part = Part::Terminated;
        }
    }
}

/// The findings over all servers.
pub fn certificates(servers: &[Server], require: &SanSet, now: Timestamp) -> Vec<Finding> {
    let seen: Vec<Seen<'_>> = servers
        .iter()
        .map(|server| Seen {
            subject: &server.subject,
            endpoint: &server.endpoint,
            shown: server.shown.as_ref().map(|shown| (shown, server.verdict.as_ref())),
            part: server.part,
        })
        .collect();
    check::certificates(&seen, require, now)
}
