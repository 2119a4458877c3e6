//! What is to be watched, and how closely.

use std::time::Duration;

use rustix::process::{Resource, getrlimit};

use super::Lane;
use crate::api::Dialer;

/// Descriptors for everything that is no probe.
const SPARE: u64 = 64;
/// More than this many probes at once measure this machine rather than the cluster.
const MOST: u64 = 10_000;

/// What is watched.
pub struct Course {
    pub ways: Vec<Way>,
    pub interval: Duration,
    /// How long one probe may take.
    pub within: Duration,
}

/// A lane and how it gets there.
pub struct Way {
    pub lane: Lane,
    pub dialer: Dialer,
}

impl Course {
    pub fn lanes(&self) -> Vec<Lane> {
        self.ways.iter().map(|way| way.lane.clone()).collect()
    }

    /// How many probes may be out at once: each may hold a descriptor, and the system has so many for a process.
    pub(super) fn most_at_once() -> usize {
        let descriptors = getrlimit(Resource::Nofile).current.unwrap_or(MOST);
        usize::try_from(descriptors.saturating_sub(SPARE).clamp(1, MOST)).unwrap_or(1)
    }
}
