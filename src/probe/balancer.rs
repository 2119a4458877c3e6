//! Whether a load balancer in front of the API servers ends TLS itself.

use jiff::Timestamp;

use crate::san::San;

use super::{Presented, Reader, Trust};

/// What gives away that something between us and the nodes answers TLS in their place; each is sure only beside what the
/// nodes show.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Signs {
    /// The chain does not lead to the cluster's CA while that of a node does.
    pub is_foreign: bool,
    /// No client certificate is asked for while a node asks for one: a balancer may hold a copy of their certificate.
    pub is_silent: bool,
}

pub fn signs(endpoint: &Presented, nodes: &[Presented], trust: Option<&Trust>, at: Timestamp) -> Signs {
    let leads_to_ca =
        |shown: &Presented, trust: &Trust| trust.judge(shown, &San::kubernetes(), at).chain.is_none();
    let is_foreign = trust.is_some_and(|trust| {
        !leads_to_ca(endpoint, trust) && nodes.iter().any(|node| leads_to_ca(node, trust))
    });
    let is_silent = endpoint.client_cas.is_none() && endpoint.reader == Reader::Rustls;
    let asks = |shown: &Presented| shown.client_cas.is_some();
    Signs { is_foreign, is_silent: is_silent && nodes.iter().any(asks) }
}

/// Whether something between us and the nodes answers TLS in their place.
pub fn is_terminated(endpoint: &Presented, nodes: &[Presented], trust: &Trust, at: Timestamp) -> bool {
    let Signs { is_foreign, is_silent } = signs(endpoint, nodes, Some(trust), at);
    is_foreign || is_silent
}
