//! What cannot be computed: machines, the wire, the time, and where runs are kept.

use std::path::PathBuf;

use jiff::Timestamp;

use crate::{
    node::{self, NodeMut, Target},
    probe::Wire,
};

pub struct World {
    pub reach: Box<dyn Reach>,
    pub wire: Wire,
    pub now: fn() -> Timestamp,
    /// Where journals are kept: `$XDG_STATE_HOME/cpctl`.
    pub state: PathBuf,
}

/// Opens machines. One connection per machine and run.
pub trait Reach: Sync + Send {
    fn connect(&self, target: &Target) -> Result<Box<dyn NodeMut>, node::Error>;
}
