//! Times between answers, and those of them in which nobody answered though several probes left.

use std::{cmp::Reverse, collections::BinaryHeap, time::Duration};

use super::{Outage, Record, Seen};

/// As many probes must have left in a silence: one alone that is slow says nothing of the others.
const LOOKS: usize = 2;

/// The times between the ends of answers that follow each other; the first counts from when it was to leave.
///
/// Probes are seen in the order in which they were to leave, and none ends before that: whatever ended before the latest
/// was to leave is known.
#[derive(Clone, Debug)]
pub(super) struct Gaps {
    /// No answer for longer than this is a silence.
    calm: Duration,
    /// The end of the last answer that is known to be the last.
    from: Option<Duration>,
    /// Probes that have surely left since.
    looks: usize,
    starts: BinaryHeap<Reverse<Duration>>,
    ends: BinaryHeap<Reverse<Duration>>,
    pub longest: Option<Duration>,
    pub silences: Vec<Outage>,
}

impl Gaps {
    pub fn new(calm: Duration) -> Self {
        let (starts, ends) = (BinaryHeap::new(), BinaryHeap::new());
        Self { calm, from: None, looks: 0, starts, ends, longest: None, silences: vec![] }
    }

    /// The next probe that left.
    pub fn see(&mut self, record: &Record) {
        self.from.get_or_insert(record.scheduled);
        self.starts.push(Reverse(record.start));
        if record.seen == Seen::Answered {
            self.ends.push(Reverse(record.end));
        }
        self.close_until(record.scheduled);
    }

    /// Closes the gaps that ended before then.
    pub fn close_until(&mut self, then: Duration) {
        loop {
            let end = self.ends.peek().map(|end| end.0).filter(|end| *end < then);
            while self.starts.peek().is_some_and(|start| start.0 < end.unwrap_or(then)) {
                self.starts.pop();
                self.looks += 1;
            }
            let Some(end) = end else { return };
            self.ends.pop();
            self.close(end);
        }
    }

    /// The end of the last answer before all that is not known yet.
    pub fn known_until(&self) -> Option<Duration> {
        self.from
    }

    fn close(&mut self, to: Duration) {
        let from = self.from.replace(to).unwrap_or(to).min(to);
        let gap = to - from;
        self.longest = self.longest.max(Some(gap));
        if gap > self.calm && self.looks >= LOOKS {
            self.silences.push(Outage {
                from,
                to,
                failed: 0,
                flaps: 0,
                longest_gap: gap,
                first: None,
                is_over: true,
            });
        }
        self.looks = 0;
    }

    #[cfg(test)]
    pub fn held(&self) -> usize {
        self.starts.len() + self.ends.len()
    }
}
