//! How long an outage is to be expected.

use std::time::Duration;

/// What a configuration lets expect.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Prediction {
    /// The file and what in it: `haproxy.cfg, backend kube_api`.
    pub by: String,
    /// What takes that long: `a dead server is noticed`.
    pub what: &'static str,
    pub within: Duration,
}

/// How long an outage may be by all of them, where one of their failures happens at a time. A probe may have left just
/// before, and the next one is there to see the end of it.
pub fn allowed(predicted: &[Prediction], interval: Duration) -> Option<Duration> {
    let longest = predicted.iter().map(|one| one.within).max()?;
    Some(longest + interval * 2)
}
