//! Outages: from the end of the last answer before a failure, or before a silence, to the end of the first one after it.

use std::time::Duration;

use super::{Record, Seen};
use crate::api::Miss;

/// How long answers must follow each other before an outage counts as over.
const CALM: Duration = Duration::from_secs(1);
/// The same in probes, where they leave seldom.
const CALM_PROBES: u32 = 3;

/// As many probes must have left in a silence: one alone that is slow says nothing of the others.
const LOOKS: usize = 2;

/// A time in which not every probe was answered, or none in time.
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
    /// What became of its first failed probe; `None` where all were answered, though late.
    pub first: Option<Miss>,
    pub is_over: bool,
}

impl Outage {
    pub fn length(&self) -> Duration {
        self.to.saturating_sub(self.from)
    }

    /// Whether a silence and what is beside it are one.
    fn goes_on_with(&self, next: &Self, calm: Duration) -> bool {
        (self.failed == 0 || next.failed == 0) && next.from.saturating_sub(self.to) < calm
    }

    fn take(&mut self, next: Self) {
        self.from = self.from.min(next.from);
        self.to = self.to.max(next.to);
        self.failed += next.failed;
        self.flaps += next.flaps;
        self.longest_gap = self.longest_gap.max(next.longest_gap);
        self.first = self.first.take().or(next.first);
        self.is_over &= next.is_over;
    }

    /// Whether an answer that came then is one in the middle of it: those that border on it are not.
    pub(super) fn holds(&self, end: Duration) -> bool {
        self.from < end && end < self.to
    }
}

/// How long it must be calm until a failure belongs to another outage; and how long no answer may come.
pub(super) fn calm(interval: Duration) -> Duration {
    CALM.max(interval.saturating_mul(CALM_PROBES))
}

/// The outages of one lane, whose records stand in the order in which they were to leave.
pub(super) fn outages(records: &[&Record], calm: Duration, lasted: Duration) -> Vec<Outage> {
    let mut parts = of_failures(records, calm, lasted);
    parts.extend(silences(records, calm));
    parts.sort_by_key(|part| (!part.is_over, part.from));
    let mut found: Vec<Outage> = vec![];
    for part in parts {
        match found.last_mut().filter(|last| last.goes_on_with(&part, calm)) {
            Some(last) => last.take(part),
            None => found.push(part),
        }
    }
    found
}

/// The times between the ends of answers that follow each other; the first counts from when it was to leave.
pub(super) fn gaps(records: &[&Record]) -> Vec<(Duration, Duration)> {
    let first = records.iter().find(|record| record.seen != Seen::Unsent).map(|record| record.scheduled);
    let answered = records.iter().filter(|record| record.seen == Seen::Answered);
    let mut ends: Vec<Duration> = answered.map(|record| record.end).collect();
    ends.sort_unstable();
    let begins = first.into_iter().chain(ends.iter().copied());
    begins.zip(&ends).map(|(from, to)| (from.min(*to), *to)).collect()
}

/// Times in which probes left and none came back for longer than that, whether or not any failed.
fn silences(records: &[&Record], longest: Duration) -> Vec<Outage> {
    let mut left: Vec<Duration> =
        records.iter().filter(|record| record.seen != Seen::Unsent).map(|record| record.start).collect();
    left.sort_unstable();
    let looks =
        |from, to| left.partition_point(|start| *start < to) - left.partition_point(|start| *start < from);
    let is_silence = |gap: &(Duration, Duration)| gap.1 - gap.0 > longest && looks(gap.0, gap.1) >= LOOKS;
    let silence = |(from, to)| Outage {
        from,
        to,
        failed: 0,
        flaps: 0,
        longest_gap: to - from,
        first: None,
        is_over: true,
    };
    gaps(records).into_iter().filter(is_silence).map(silence).collect()
}

/// The outages around failures alone.
fn of_failures(records: &[&Record], calm: Duration, lasted: Duration) -> Vec<Outage> {
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
                first: Some(first.clone()),
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
