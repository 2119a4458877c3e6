//! Whether a load balancer in front of the API servers ends TLS itself.

use jiff::Timestamp;

use crate::san::San;

use super::{Presented, Reader, Trust};

/// The two things that a handshake shows and that a balancer in the middle cannot hand on; `None` where it is not known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Mark {
    /// Whether the chain leads to the cluster's CA.
    pub leads: Option<bool>,
    /// Whether a client certificate is asked for.
    pub asks: Option<bool>,
}

/// What gives away that something between us and the nodes answers TLS in their place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Signs {
    /// The chain does not lead to the cluster's CA while that of a node does.
    pub is_foreign: bool,
    /// No client certificate is asked for while a node asks for one: a balancer may hold a copy of their certificate.
    pub is_silent: bool,
}

impl Mark {
    pub fn of(shown: &Presented, trust: Option<&Trust>, at: Timestamp) -> Self {
        let asks = shown.client_cas.is_some();
        Self {
            leads: trust.map(|trust| trust.judge(shown, &San::kubernetes(), at).chain.is_none()),
            asks: (asks || shown.reader == Reader::Rustls).then_some(asks),
        }
    }
}

/// The signs at an endpoint, each sure only beside what the nodes show.
pub fn signs(endpoint: Mark, nodes: &[Mark]) -> Signs {
    Signs {
        is_foreign: endpoint.leads == Some(false) && nodes.iter().any(|node| node.leads == Some(true)),
        is_silent: endpoint.asks == Some(false) && nodes.iter().any(|node| node.asks == Some(true)),
    }
}

/// Whether something between us and the nodes answers TLS in their place.
pub fn is_terminated(endpoint: &Presented, nodes: &[Presented], trust: &Trust, at: Timestamp) -> bool {
    let mark = |shown: &Presented| Mark::of(shown, Some(trust), at);
    let nodes: Vec<_> = nodes.iter().map(mark).collect();
    let Signs { is_foreign, is_silent } = signs(mark(endpoint), &nodes);
    is_foreign || is_silent
}
