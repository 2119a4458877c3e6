//! A connection without TLS yet, and how far the way to it went where there is none.

use std::io;

use tokio::{
    net::TcpStream,
    time::{Instant, timeout},
};

use super::{
    io_words,
    look::{addresses, dial},
};
use crate::endpoint::Endpoint;

/// Where the way to a server ended.
pub(crate) enum Undialled {
    Unresolved,
    Refused,
    /// The network says that there is no way, in these words.
    Unreachable(String),
    Late,
}

/// The addresses of the host in their order, until one takes the connection; no one of them may use up the whole time.
pub(crate) async fn dial_by(endpoint: &Endpoint, deadline: Instant) -> Result<TcpStream, Undialled> {
    let left = || deadline.saturating_duration_since(Instant::now());
    let addresses = match timeout(left(), addresses(endpoint)).await {
        Ok(Ok(addresses)) => addresses,
        Ok(Err(_)) | Err(_) => return Err(Undialled::Unresolved),
    };
    let mut last = Undialled::Late;
    for (index, address) in addresses.iter().enumerate() {
        let share = left() / u32::try_from(addresses.len() - index).unwrap_or(u32::MAX);
        match timeout(share, dial(*address)).await {
            Ok(Ok(tcp)) => return Ok(tcp),
            Ok(Err(error)) => last = undialled(&error),
            Err(_) => last = Undialled::Late,
        }
    }
    Err(last)
}

fn undialled(error: &io::Error) -> Undialled {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Undialled::Refused,
        io::ErrorKind::TimedOut => Undialled::Late,
        _ => Undialled::Unreachable(io_words(error)),
    }
}
