//! Outages: from the end of the last answer before a failure to the end of the first answer after it.

use std::time::Duration;

use super::{Record, Seen};
use crate::api::Miss;

/// How long answers must follow each other before an outage counts as over.
const CALM: Duration = Duration::from_secs(1);
/// The same in probes, where they leave seldom.
const CALM_PROBES: u32 = 3;

/// A time in which not every probe was answered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Outage {
    /// The end of the last answer before it; where there was none, when the first failed probe was to leave.
    pub from: Duration,
    /// The end of the first answer after it; where there was none, the end of the watch.
    pub to: Duration,
    pub failed: u64,
    /// Answers in the middle of it.
    pub flaps: u64,
    /// The longest time in it without any answer.
    pub longest_gap: Duration,
    /// What became of its first failed probe.
    pub first: Miss,
    pub is_over: bool,
}

impl Outage {
    pub fn length(&self) -> Duration {
        self.to.saturating_sub(self.from)
    }

    /// Whether an answer that came then is one in the middle of it: those that border on it are not.
    pub(super) fn holds(&self, end: Duration) -> bool {
        self.from < end && end < self.to
    }
}

/// How long it must be calm until a failure belongs to another outage.
pub(super) fn calm(interval: Duration) -> Duration {
    CALM.max(interval.saturating_mul(CALM_PROBES))
}

/// The outages of one lane, whose records stand in the order in which they were to leave.
pub(super) fn outages(records: &[&Record], calm: Duration, lasted: Duration) -> Vec<Outage> {
    let mut found: Vec<Outage> = vec![];
    let (mut before, mut answers) = (None, 0);
    let sent: Vec<&Record> = records.iter().copied().filter(|record| record.seen != Seen::Unsent).collect();
    let mut rest = sent.as_slice();
    while let [record, later @ ..] = rest {
        let Seen::Failed(first) = &record.seen else {
            (before, answers, rest) = (Some(*record), answers + 1, later);
            continue;
        };
        let failures = rest.iter().take_while(|record| record.seen != Seen::Answered).count();
        let after = rest.get(failures);
        let (from, to) = gap(before, &rest[..failures], after.copied(), lasted);
        match found.last_mut().filter(|last| record.scheduled.saturating_sub(last.to) < calm) {
            Some(last) => {
                last.from = last.from.min(from);
                last.to = last.to.max(to);
                last.failed += failures as u64;
                last.flaps += answers;
                last.longest_gap = last.longest_gap.max(to - from);
                last.is_over = after.is_some();
            }
            None => found.push(Outage {
                from,
                to,
                failed: failures as u64,
                flaps: 0,
                longest_gap: to - from,
                first: first.clone(),
                is_over: after.is_some(),
            }),
        }
        (answers, rest) = (0, &rest[failures..]);
    }
    found
}

/// The time without an answer around failures that follow each other.
///
/// An answer that was asked for before them and came after the one behind them ends no earlier time: it is passed over.
fn gap(
    before: Option<&Record>,
    failures: &[&Record],
    after: Option<&Record>,
    lasted: Duration,
) -> (Duration, Duration) {
    let last_end = failures.iter().map(|record| record.end).max().unwrap_or_default();
    let to = after.map_or(lasted.max(last_end), |record| record.end);
    let asked = failures[0].scheduled.min(to);
    (before.map(|record| record.end).filter(|end| *end <= to).unwrap_or(asked), to)
}
