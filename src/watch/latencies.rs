//! How long answers took before, during and after outages: each is counted once nothing can come that would put it elsewhere.

use std::time::Duration;

use super::{Outage, summary::Latency, times::Times};

/// Answers that are not counted yet, and times of those that are.
#[derive(Clone, Debug)]
pub(super) struct Latencies {
    /// How many wait until they are looked at again.
    at_once: usize,
    /// When each ended, and how long it took.
    waiting: Vec<(Duration, Duration)>,
    full: usize,
    before: Times,
    during: Times,
    after: Times,
}

impl Latencies {
    pub fn new(at_once: usize) -> Self {
        let (before, during, after) = (Times::default(), Times::default(), Times::default());
        Self { at_once, waiting: vec![], full: at_once, before, during, after }
    }

    pub fn take(&mut self, end: Duration, took: Duration) {
        self.waiting.push((end, took));
    }

    pub fn is_full(&self) -> bool {
        self.waiting.len() >= self.full
    }

    /// Counts those whose place these outages tell: the ones in the middle of an outage, which does not grow shorter, and
    /// those that ended by `settled`, where none will reach any more.
    pub fn count(&mut self, outages: &[Outage], settled: Duration) {
        let begins = outages.first().map_or(Duration::MAX, |outage| outage.from);
        let Self { waiting, before, during, after, .. } = self;
        let first = waiting.iter().map(|(end, _)| *end).min().unwrap_or_default();
        let near: Vec<_> = outages.iter().filter(|outage| outage.to > first).collect();
        waiting.retain(|(end, took)| {
            let is_within = near.iter().any(|outage| outage.holds(*end));
            if !is_within && *end > settled {
                return true;
            }
            if is_within {
                during.count(*took);
            }
            if *end <= begins {
                before.count(*took);
            } else if !is_within {
                after.count(*took);
            }
            false
        });
        self.full = self.at_once.max(self.waiting.len() * 2);
    }

    pub fn told(&self) -> Latency {
        Latency { before: self.before.spread(), during: self.during.spread(), after: self.after.spread() }
    }

    #[cfg(test)]
    pub fn held(&self) -> usize {
        self.waiting.len()
    }
}
