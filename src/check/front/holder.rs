//! The machine that has the endpoint's address, where it is on one network with us.

use std::net::IpAddr;

use super::Evidence;
use crate::{endpoint::Endpoint, san::San};

impl Evidence {
    /// The node that answers for the endpoint's address with its own hardware address. Nodes that share one are behind a
    /// router, or behind somebody who answers for all of them.
    pub(super) fn holder(&self) -> Option<&str> {
        let hardware = self.neighbours.get(&address(&self.endpoint)?)?;
        let mut same = self.nodes.iter().filter(|node| {
            address(&node.face.at).is_some_and(|at| self.neighbours.get(&at) == Some(hardware))
        });
        let first = same.next()?;
        same.next().is_none().then_some(first.name.as_str())
    }
}

fn address(endpoint: &Endpoint) -> Option<IpAddr> {
    match endpoint.host {
        San::Ip(address) => Some(address),
        San::Dns(_) => None,
    }
}
