//! Writes the configuration of what stands in front of the API servers, from who they are.

mod demands;
mod error;
mod files;
mod pair;
mod template;
mod values;
mod wanted;

pub use self::{
    error::Error,
    files::{File, Kind},
    wanted::{Gate, Machine, Proxy, Server, Wanted},
};
pub use super::distribution::Anonymous;

use self::values::{PoolServer, Values};
use std::net::SocketAddr;

use crate::{endpoint::Endpoint, san::San};

/// The files of a kind, in the order in which they are to be read.
pub fn render(kind: Kind, wanted: &Wanted) -> Result<Vec<File>, Error> {
    files::files(kind, wanted)
}

/// The API servers that clients are led to, by name.
pub fn servers(wanted: &Wanted) -> Result<Vec<(String, Endpoint)>, Error> {
    let values = Values::of(wanted)?;
    let of_pool =
        |server: &PoolServer| (server.name.clone(), Endpoint::new(San::Ip(server.address), server.port));
    Ok(values.pools[0].servers.iter().map(of_pool).collect())
}

/// Where the machines in front have the cluster's CA certificate.
pub fn ca_file(wanted: &Wanted) -> Result<String, Error> {
    Ok(Values::of(wanted)?.ca_file)
}

/// The address that the machines in front hold, and the port of the API there.
pub fn front(wanted: &Wanted) -> Result<SocketAddr, Error> {
    Ok(SocketAddr::new(wanted.held()?.address, wanted.named_endpoint()?.port))
}

#[cfg(test)]
mod tests;
