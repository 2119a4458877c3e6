//! Machines: what we may ask of them, and what we may do to them.

use std::time::Duration;

mod act;
mod ask;
mod command;
mod digest;
mod error;
#[cfg(test)]
#[path = "../../tests/cpctl/left_out.rs"]
mod left_out;
pub mod local;
mod password;
mod public;
mod reach;
mod remote;
pub mod ssh;
mod sudo;
mod target;
mod transport;
mod trip;

pub use act::{ADMIN_SOCKET, Act, Done, Drain, Kept, Lock, Output, run_directory};
pub use ask::{Answer, Ask, FileSeen, LoadedUnit, ProcessSeen, UnitSeen};
pub use command::Command;
pub use digest::Digest;
pub use error::{Error, hint_of_file};
pub use password::Password;
pub use public::certificates_in;
pub use reach::{Reached, Stream, Talk, straight};
pub use target::Target;
pub use trip::{Errand, Listener, Trip};

/// A machine we may look at.
///
/// Planning takes this, so planning cannot change anything. One call is one round trip.
pub trait Node: Send {
    /// The machine's name in the inventory.
    fn name(&self) -> &str;

    /// The address or DNS name that connections really go to, after the ssh configuration had its say.
    fn host(&self) -> &str;

    /// Answers in the order of the questions.
    fn look(&self, asks: &[Ask]) -> Result<Vec<Answer>, Error>;

    /// Has a talk with `host:port` as this machine sees it; whatever is said there, nothing changes on the machine.
    ///
    /// What the talk came to counts only where the connection stood.
    fn reach(&self, _host: &str, _port: u16, _within: Duration, _talk: Talk<'_>) -> Result<Reached, Error> {
        Ok(Reached::Forbidden)
    }
}

/// A machine we may change. Only `apply` takes this.
pub trait NodeMut: Node {
    /// Carries out `acts` in order in one round trip, under the machine's one lock for changing commands,
    /// and stops at the first that cannot be done.
    ///
    /// An act that was already carried out is carried out again without harm, so that a run cut off at any
    /// point can go on.
    fn act(&mut self, acts: &[Act]) -> Result<Vec<Done>, Error>;
}
