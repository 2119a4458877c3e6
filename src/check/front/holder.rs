//! The machine that has the endpoint's address, where it is on one network with us.

use std::net::IpAddr;

use super::Evidence;
use crate::{endpoint::Endpoint, san::San};

impl Evidence {
    /// The node that answers for the endpoint's address with its own hardware address. Where no other node is seen to have
    /// another one, somebody may answer for all of them, as a router does.
    pub(super) fn holder(&self) -> Option<&str> {
        let hardware = self.neighbours.get(&address(&self.endpoint)?)?;
        let known = self.nodes.iter().filter_map(|node| {
            let at = address(&node.face.at)?;
            Some((node.name.as_str(), self.neighbours.get(&at)?))
        });
        let (same, others): (Vec<_>, Vec<_>) = known.partition(|(_, of)| *of == hardware);
        match same.as_slice() {
            [(name, _)] if !others.is_empty() => Some(name),
            _ => None,
        }
    }
}

fn address(endpoint: &Endpoint) -> Option<IpAddr> {
    match endpoint.host {
        San::Ip(address) => Some(address),
        San::Dns(_) => None,
    }
}
