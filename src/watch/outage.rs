//! Outages: from the end of the last answer before a failure, or before a silence, to the end of the first one after it.

use std::time::Duration;

use super::{Record, Seen};
use crate::api::Miss;

/// How long answers must follow each other before an outage counts as over.
const CALM: Duration = Duration::from_secs(1);
/// The same in probes, where they leave seldom.
const CALM_PROBES: u32 = 3;

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

    /// Whether they overlap, or are a silence and what is beside it.
    fn goes_on_with(&self, next: &Self, calm: Duration) -> bool {
        let has_silence = self.failed == 0 || next.failed == 0;
        next.from < self.to || (has_silence && next.from.saturating_sub(self.to) < calm)
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

/// Failures and silences made into outages.
pub(super) fn joined(mut parts: Vec<Outage>, calm: Duration) -> Vec<Outage> {
    parts.sort_by_key(|part| part.from);
    let mut found: Vec<Outage> = vec![];
    for part in parts {
        match found.last_mut().filter(|last| last.goes_on_with(&part, calm)) {
            Some(last) => last.take(part),
            None => found.push(part),
        }
    }
    found
}

/// The outages around failures alone, from probes in the order in which they were to leave.
#[derive(Clone, Debug)]
pub(super) struct Failures {
    calm: Duration,
    found: Vec<Outage>,
    /// The end of the last answer.
    before: Option<Duration>,
    /// Answers since the last failure.
    answers: u64,
    row: Option<Row>,
}

/// Failures that follow each other.
#[derive(Clone, Debug)]
struct Row {
    /// When the first was to leave.
    asked: Duration,
    first: Miss,
    failed: u64,
    last_end: Duration,
    /// Answers between these failures and those before them.
    flaps: u64,
}

impl Failures {
    pub fn new(calm: Duration) -> Self {
        Self { calm, found: vec![], before: None, answers: 0, row: None }
    }

    /// The next probe that left.
    pub fn see(&mut self, record: &Record) {
        let Seen::Failed(miss) = &record.seen else {
            self.close(Some(record.end), Duration::ZERO);
            self.before = Some(record.end);
            self.answers += 1;
            return;
        };
        let flaps = std::mem::take(&mut self.answers);
        let row = self.row.get_or_insert_with(|| Row {
            asked: record.scheduled,
            first: miss.clone(),
            failed: 0,
            last_end: Duration::ZERO,
            flaps,
        });
        row.failed += 1;
        row.last_end = row.last_end.max(record.end);
    }

    /// The end of the answer that was asked for last.
    pub fn answered_until(&self) -> Option<Duration> {
        self.before
    }

    /// Those that are over by now.
    pub fn over(&self) -> &[Outage] {
        &self.found
    }

    /// All of them, at the end of the watch.
    pub fn all(mut self, lasted: Duration) -> Vec<Outage> {
        self.close(None, lasted);
        self.found
    }

    /// Ends a row of failures with the answer after it, or with the watch.
    ///
    /// An answer that was asked for before them and came after the one behind them ends no earlier time: it is passed over.
    fn close(&mut self, after: Option<Duration>, lasted: Duration) {
        let Some(Row { asked, first, failed, last_end, flaps }) = self.row.take() else { return };
        let to = after.unwrap_or(lasted.max(last_end));
        let from = self.before.filter(|end| *end <= to).unwrap_or(asked.min(to));
        let (gap, is_over) = (to - from, after.is_some());
        match self.found.last_mut().filter(|last| asked.saturating_sub(last.to) < self.calm) {
            Some(last) => {
                last.from = last.from.min(from);
                last.to = last.to.max(to);
                last.failed += failed;
                last.flaps += flaps;
                last.longest_gap = last.longest_gap.max(gap);
                last.is_over = is_over;
            }
            None => self.found.push(Outage {
                from,
                to,
                failed,
                flaps: 0,
                longest_gap: gap,
                first: Some(first),
                is_over,
            }),
        }
    }
}
