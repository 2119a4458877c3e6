//! A network that leads a machine elsewhere than it leads us.

use std::io;

use super::Machine;
use crate::endpoint::Endpoint;

const NOTE: &str = "detour";

impl Machine {
    /// Has what this machine connects to at one address end at another.
    pub fn lead_astray(&self, from: &Endpoint, to: &Endpoint) -> io::Result<()> {
        self.note(NOTE, &format!("{from} {to}"))
    }

    pub fn lead_straight(&self) -> io::Result<()> {
        self.forget(NOTE)
    }

    /// Where a connection from this machine ends.
    pub(super) fn led(&self, host: &str, port: u16) -> (String, u16) {
        let straight = (host.to_owned(), port);
        let Some(note) = self.told(NOTE) else { return straight };
        let ends: Vec<Endpoint> = note.split(' ').filter_map(|end| end.parse().ok()).collect();
        match &ends[..] {
            [from, to] if (from.host.to_string(), from.port) == straight => (to.host.to_string(), to.port),
            _ => straight,
        }
    }
}
