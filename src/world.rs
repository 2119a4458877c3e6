//! What cannot be computed: machines, the wire, the time, and where runs are kept.

use std::{
    path::PathBuf,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};

use crate::{
    node::{self, Node, NodeMut, Target},
    probe::Wire,
};

/// How long to wait between two looks at something that is awaited.
const PAUSE: Duration = Duration::from_millis(50);

pub struct World {
    pub reach: Arc<dyn Reach>,
    pub wire: Wire,
    pub now: fn() -> Timestamp,
    /// Octets that nobody can guess.
    pub random: fn() -> [u8; 16],
    /// Where journals are kept: `$XDG_STATE_HOME/cpctl`.
    pub state: PathBuf,
    /// `user@laptop`, for whoever finds what we left on a node.
    pub operator: String,
}

/// Opens machines. One connection per machine and run.
pub trait Reach: Sync + Send {
    /// For those who may change the machine: `apply` alone.
    fn connect(&self, target: &Target) -> Result<Box<dyn NodeMut>, node::Error>;

    /// For everybody else.
    fn look_at(&self, target: &Target) -> Result<Box<dyn Node>, node::Error> {
        Ok(self.connect(target)?)
    }

    /// The address or name that connections to the machine go to, told without connecting.
    fn host(&self, target: &Target) -> String;
}

/// Octets of the system's generator.
pub fn random_octets() -> [u8; 16] {
    let mut octets = [0; 16];
    SystemRandom::new().fill(&mut octets).expect("the system has random bytes");
    octets
}

/// Looks again and again until something is seen; the last error where it is not seen `within` that time.
pub fn await_within<T, E>(within: Duration, mut look: impl FnMut() -> Result<T, E>) -> Result<T, E> {
    let begun = Instant::now();
    loop {
        let seen = look();
        if seen.is_ok() || begun.elapsed() >= within {
            return seen;
        }
        thread::sleep(PAUSE);
    }
}
