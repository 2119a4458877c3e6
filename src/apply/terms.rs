//! How a run goes about its work.

use std::time::Duration;

use super::{Foreseen, Interrupt};
use crate::plan::Cluster;

/// How long other API servers may take to be ready: one that has just been restarted flaps, and a run that stops over
/// that leaves its work half done.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a run goes about its work.
#[derive(Clone, Debug)]
pub struct Terms {
    pub on_failure: OnFailure,
    pub interrupt: Interrupt,
    /// How long to wait for the other API servers before a node is touched.
    pub patience: Duration,
    /// The plan's cluster with the credentials of this machine, where the plan was made on another one.
    pub cluster: Option<Cluster>,
    pub foreseen: Foreseen,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            on_failure: OnFailure::default(),
            interrupt: Interrupt::default(),
            patience: PATIENCE,
            cluster: None,
            foreseen: Foreseen::default(),
        }
    }
}

/// What becomes of a step that fails.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum OnFailure {
    #[default]
    TakeBack,
    Keep,
}
