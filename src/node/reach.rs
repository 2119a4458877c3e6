//! The network as a machine sees it.

use std::{
    io::{self, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

/// Both directions of a connection.
pub trait Stream: Read + Write {}

impl<T: Read + Write> Stream for T {}

/// What is said over a connection once it stands.
pub type Talk<'a> = &'a mut dyn FnMut(&mut dyn Stream);

/// What became of a try to connect from a machine.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reached {
    /// The connection stood, and the talk was had.
    Talked,
    /// Nobody listens there, or whoever is in between says no.
    Refused,
    /// No answer in time. Over ssh the machine goes on trying, and its connection is of no more use.
    Silent,
    /// The machine passes no connections on, so nothing is known.
    Forbidden,
}

/// Connects from here.
pub fn straight(host: &str, port: u16, within: Duration, talk: Talk<'_>) -> Reached {
    match dial(host, port, within) {
        Ok(mut stream) => {
            talk(&mut stream);
            Reached::Talked
        }
        Err(error) if error.kind() == io::ErrorKind::TimedOut => Reached::Silent,
        Err(_) => Reached::Refused,
    }
}

fn dial(host: &str, port: u16, within: Duration) -> io::Result<TcpStream> {
    let mut last = io::ErrorKind::NotFound.into();
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, within) {
            Ok(stream) => {
                stream.set_read_timeout(Some(within))?;
                stream.set_write_timeout(Some(within))?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}
