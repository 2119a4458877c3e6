//! Numbers of a lane.

use std::{collections::BTreeMap, time::Duration};

use serde::Serialize;

use crate::watch::{LaneSummary, Outage, Spread};

/// What became of probes; the longest gap is `null` where nobody answered at all.
#[derive(Serialize)]
pub(super) struct NumbersView<'a> {
    sent: u64,
    failed: u64,
    unsent: u64,
    failures: &'a BTreeMap<&'static str, u64>,
    longest_gap_ms: Option<f64>,
    outages: Vec<OutageView>,
}

impl<'a> NumbersView<'a> {
    pub(super) fn of(numbers: &'a LaneSummary) -> Self {
        Self {
            sent: numbers.sent,
            failed: numbers.failed,
            unsent: numbers.unsent,
            failures: &numbers.classes,
            longest_gap_ms: numbers.longest_gap().map(ms),
            outages: numbers.outages.iter().map(OutageView::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct OutageView {
    from_ms: f64,
    to_ms: f64,
    length_ms: f64,
    longest_gap_ms: f64,
    failed: u64,
    flaps: u64,
    /// `null` where none failed and answers came late.
    first: Option<&'static str>,
    is_over: bool,
}

impl OutageView {
    pub(super) fn of(outage: &Outage) -> Self {
        Self {
            from_ms: ms(outage.from),
            to_ms: ms(outage.to),
            length_ms: ms(outage.length()),
            longest_gap_ms: ms(outage.longest_gap),
            failed: outage.failed,
            flaps: outage.flaps,
            first: outage.first.as_ref().map(|miss| miss.class()),
            is_over: outage.is_over,
        }
    }
}

#[derive(Serialize)]
pub(super) struct LatencyView {
    pub(super) before: Option<SpreadView>,
    pub(super) during: Option<SpreadView>,
    pub(super) after: Option<SpreadView>,
}

#[derive(Serialize)]
pub(super) struct SpreadView {
    p50: f64,
    p99: f64,
    max: f64,
}

impl SpreadView {
    pub(super) fn of(spread: Spread) -> Self {
        Self { p50: ms(spread.p50), p99: ms(spread.p99), max: ms(spread.max) }
    }
}

/// Milliseconds, down to a thousandth of one.
pub(super) fn ms(time: Duration) -> f64 {
    time.as_micros() as f64 / 1e3
}
