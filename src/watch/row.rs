//! The probes of one lane that leave on a schedule, in the order in which they were to leave, as running numbers.

use std::{collections::BTreeMap, time::Duration};

use super::{
    Outage, Record, Seen, Timeline, calm,
    gaps::Gaps,
    latencies::Latencies,
    outage::{Failures, joined},
    summary::Latency,
    timeline::Fate,
};

/// Outages are looked through once for so many answers.
pub(super) const AT_ONCE: usize = 4_096;

/// A lane's probes. What is kept of them are those that are out of turn, answers close to what may be an outage yet, and
/// the outages.
#[derive(Clone, Debug)]
pub(super) struct Row {
    interval: Duration,
    /// The turn whose probe is not back yet.
    turn: u32,
    /// Probes that came back before others that were to leave earlier.
    early: BTreeMap<Duration, Record>,
    failures: Failures,
    gaps: Gaps,
    latencies: Latencies,
    timeline: Timeline,
}

/// What a lane's probes came to.
pub(super) struct Sum {
    pub outages: Vec<Outage>,
    pub latency: Latency,
    /// The longest time between two answers.
    pub between: Option<Duration>,
}

impl Row {
    pub fn new(interval: Duration, at_once: usize) -> Self {
        let calm = calm(interval);
        Self {
            interval,
            turn: 0,
            early: BTreeMap::new(),
            failures: Failures::new(calm),
            gaps: Gaps::new(calm),
            latencies: Latencies::new(at_once),
            timeline: Timeline::new(interval),
        }
    }

    /// A probe that is back, in whatever order.
    pub fn take(&mut self, record: Record) {
        self.timeline.take(record.scheduled, Fate::of(&record.seen));
        self.early.insert(record.scheduled, record);
        // Every turn has its probe, so the next one is known by its time.
        while let Some(next) = self.early.remove(&self.interval.saturating_mul(self.turn)) {
            self.turn = self.turn.saturating_add(1);
            self.see(&next);
        }
    }

    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// What it comes to where the watch ends now.
    pub fn sum(&self, lasted: Duration) -> Sum {
        let mut row = self.clone();
        std::mem::take(&mut row.early).values().for_each(|record| row.see(record));
        row.gaps.close_until(Duration::MAX);
        let outages = joined([row.failures.all(lasted), row.gaps.silences].concat(), calm(row.interval));
        row.latencies.count(&outages, Duration::MAX);
        Sum { latency: row.latencies.told(), between: row.gaps.longest, outages }
    }

    fn see(&mut self, record: &Record) {
        if record.seen == Seen::Unsent {
            return;
        }
        self.failures.see(record);
        self.gaps.see(record);
        if record.seen != Seen::Answered {
            return;
        }
        self.latencies.take(record.end, record.end.saturating_sub(record.start));
        if self.latencies.is_full() {
            let known = [self.failures.over(), &self.gaps.silences].concat();
            let calm = calm(self.interval);
            let settled = self.settled(record.scheduled).saturating_sub(calm);
            self.latencies.count(&joined(known, calm), settled);
        }
    }

    /// No outage that is not known yet begins before this: it would begin with the last answer, or with a probe to come.
    fn settled(&self, seen: Duration) -> Duration {
        let bounds = [self.failures.answered_until(), self.gaps.known_until()];
        bounds.into_iter().map(Option::unwrap_or_default).fold(seen, Duration::min)
    }

    /// How many values it keeps beside the outages, which are all told.
    #[cfg(test)]
    pub fn held(&self) -> usize {
        self.early.len() + self.gaps.held() + self.latencies.held()
    }
}
