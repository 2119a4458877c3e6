//! Whether a load balancer in front of the API servers ends TLS itself.

use jiff::Timestamp;

use crate::san::San;

use super::{Presented, Reader, Trust};

/// Whether something between us and the nodes answers TLS in their place.
///
/// Two signs, each sure only beside what the nodes show: the chain does not lead to the cluster's CA while theirs do,
/// or no client certificate is asked for while they ask for one (a balancer may hold a copy of their certificate).
pub fn is_terminated(endpoint: &Presented, nodes: &[Presented], trust: &Trust, at: Timestamp) -> bool {
    let leads_to_ca = |shown: &Presented| trust.judge(shown, &San::kubernetes(), at).chain.is_none();
    let is_foreign = !leads_to_ca(endpoint) && nodes.iter().any(leads_to_ca);
    let is_silent = endpoint.client_cas.is_none() && endpoint.reader == Reader::Rustls;
    let asks = |shown: &Presented| shown.client_cas.is_some();
    is_foreign || (is_silent && nodes.iter().any(asks))
}
