//! The numbers of a lane from all of its probes at once, which the running ones are held against.

use std::time::Duration;

use crate::watch::{Latency, Outage, Record, Seen, Spread, outage::joined};

/// As many probes must have left in a silence.
const LOOKS: usize = 2;

/// The outages of one lane, whose records stand in the order in which they were to leave.
pub fn outages(records: &[&Record], calm: Duration, lasted: Duration) -> Vec<Outage> {
    joined([of_failures(records, calm, lasted), silences(records, calm)].concat(), calm)
}

/// The times between the ends of answers that follow each other; the first counts from when it was to leave.
fn gaps(records: &[&Record]) -> Vec<(Duration, Duration)> {
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

/// The longest time between two answers.
pub fn between(records: &[Record]) -> Option<Duration> {
    let records: Vec<_> = records.iter().collect();
    gaps(&records).into_iter().map(|(from, to)| to - from).max()
}

/// How long answers took, by the outages.
pub fn latency(records: &[Record], outages: &[Outage]) -> Latency {
    let begins = outages.first().map_or(Duration::MAX, |outage| outage.from);
    let is_within = |end: Duration| outages.iter().any(|outage| outage.holds(end));
    let answered = || records.iter().filter(|record| record.seen == Seen::Answered);
    let took = |is_meant: &dyn Fn(Duration) -> bool| {
        let meant = answered().filter(|record| is_meant(record.end));
        Spread::of(meant.map(|record| record.end.saturating_sub(record.start)))
    };
    Latency {
        before: took(&|end| end <= begins),
        during: took(&is_within),
        after: took(&|end| end > begins && !is_within(end)),
    }
}
