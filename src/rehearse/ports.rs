//! Where the machines of a cluster listen, all on loopback.

use std::{
    hash::{BuildHasher, RandomState},
    io,
    net::{Ipv4Addr, TcpListener},
};

use super::Kind;

/// The address that machines share, wherever each may have a port of its own.
const SERVERS: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// Below the range from which systems take the ports of outgoing connections.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// Where servers of RKE2 join.
const JOINING: u16 = 9345;

/// Those of three digits, so that what is written is as long each time.
const OCTETS: std::ops::Range<u16> = 100..255;

/// How often another address or port is tried.
const TRIES: u32 = 100;

/// What a server stands behind.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Door {
    Api,
    Joining,
}

/// The ports of one machine.
pub(super) struct Ports {
    pub api: TcpListener,
    /// Where others join, if that is a port of its own.
    pub joining: Option<TcpListener>,
}

impl Ports {
    pub fn of(kind: Kind) -> io::Result<Self> {
        match kind {
            Kind::Rke2 => Self::apart(),
            _ => Ok(Self { api: listen(SERVERS)?, joining: None }),
        }
    }

    /// The port for joining is the same everywhere, so that each machine has an address of its own, which only Linux has.
    fn apart() -> io::Result<Self> {
        let mut refused = io::Error::from(io::ErrorKind::AddrInUse);
        for _ in 0..TRIES {
            let [one, two, three] =
                [(); 3].map(|()| drawn(OCTETS)).map(|drawn| u8::try_from(drawn).unwrap_or(100));
            let address = Ipv4Addr::new(127, one, two, three);
            match TcpListener::bind((address, JOINING)) {
                Ok(joining) => {
                    joining.set_nonblocking(true)?;
                    return Ok(Self { api: listen(address)?, joining: Some(joining) });
                }
                Err(error) => refused = error,
            }
        }
        Err(refused)
    }
}

/// Listens on a port that nobody else is likely to be given while a server is down.
pub(super) fn listen(address: Ipv4Addr) -> io::Result<TcpListener> {
    let mut refused = io::Error::from(io::ErrorKind::AddrInUse);
    for _ in 0..TRIES {
        match TcpListener::bind((address, drawn(PORTS))) {
            Ok(listener) => return listener.set_nonblocking(true).map(|()| listener),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => refused = error,
            Err(error) => return Err(error),
        }
    }
    Err(refused)
}

/// Listens where the system has only one address of its own.
pub(super) fn listen_at_home() -> io::Result<TcpListener> {
    listen(SERVERS)
}

/// A number of the range, at random.
fn drawn(range: std::ops::Range<u16>) -> u16 {
    let random = RandomState::new().hash_one(&range) % u64::from(range.end - range.start);
    range.start + u16::try_from(random).unwrap_or(0)
}
