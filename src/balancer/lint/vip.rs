//! An address that is to move, and that somebody has already.

use super::{Facts, Files, Serves};

pub const INSTEAD: &str = "an address of the same network that no machine has";

/// Why an address cannot move: it is a node's or a server's own.
pub fn taken(address: &str, files: &Files<'_, '_>, facts: &Facts<'_>) -> Option<String> {
    let nodes = facts.plane.map(|plane| plane.nodes.as_slice()).unwrap_or_default();
    if let Some(node) = nodes.iter().find(|node| node.is_at(address)) {
        return Some(format!("{address} is {}'s own address, and does not move", node.name));
    }
    let pools = files.pools.iter().filter(|pool| pool.serves != Serves::Other);
    let server = pools.flat_map(|pool| &pool.servers).find(|server| server.host == address)?;
    Some(format!("{address} is the address of the server {}, and does not move", server.name))
}
