//! A watch: a line for each probe and mark, and a last one with what it came to.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde::Serialize;

use self::numbers::{LatencyView, NumbersView, SpreadView, ms};
use super::SCHEMA;
use crate::{
    outcome::{Requests, Watched},
    watch::{Lane, LaneSummary, Mark, Prediction, Record, Recording, Seen, Via},
};

mod numbers;

/// Writes one probe.
pub(in crate::render) fn probe(
    record: &Record,
    recording: &Recording,
    out: &mut dyn Write,
) -> io::Result<()> {
    line(&Line::Probe(ProbeView::of(record, recording)), out)
}

/// Writes one mark.
pub(in crate::render) fn mark(mark: &Mark, out: &mut dyn Write) -> io::Result<()> {
    line(&Line::Mark(MarkView::of(mark)), out)
}

/// Writes what all of it came to.
pub(super) fn result(watched: &Watched, out: &mut dyn Write) -> io::Result<()> {
    line(&WatchedView::of(watched), out)
}

fn line(view: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, view)?;
    writeln!(out)
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Line<'a> {
    Probe(ProbeView<'a>),
    Mark(MarkView<'a>),
}

#[derive(Serialize)]
struct ProbeView<'a> {
    lane: String,
    scheduled_ms: f64,
    start_ms: f64,
    end_ms: f64,
    /// `ok`, `unsent`, or the kind of failure.
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<&'a str>,
}

impl<'a> ProbeView<'a> {
    fn of(record: &'a Record, recording: &'a Recording) -> Self {
        let certificate = record.backend.as_deref();
        Self {
            lane: recording.lanes[record.lane].to_string(),
            scheduled_ms: ms(record.scheduled),
            start_ms: ms(record.start),
            end_ms: ms(record.end),
            result: match &record.seen {
                Seen::Answered => "ok",
                Seen::Unsent => "unsent",
                Seen::Failed(miss) => miss.class(),
            },
            reason: match &record.seen {
                Seen::Failed(miss) => Some(miss.to_string()),
                _ => None,
            },
            certificate,
            node: certificate.and_then(|known| recording.backends.get(known)).map(String::as_str),
        }
    }
}

#[derive(Serialize)]
struct MarkView<'a> {
    at_ms: f64,
    text: &'a str,
}

impl<'a> MarkView<'a> {
    fn of(mark: &'a Mark) -> Self {
        Self { at_ms: ms(mark.at), text: &mark.text }
    }
}

#[derive(Serialize)]
struct PredictionView<'a> {
    by: &'a str,
    what: &'a str,
    within_ms: f64,
}

impl<'a> PredictionView<'a> {
    fn of(prediction: &'a Prediction) -> Self {
        Self { by: &prediction.by, what: prediction.what, within_ms: ms(prediction.within) }
    }
}

#[derive(Serialize)]
struct WatchedView<'a> {
    schema: u32,
    result: &'static str,
    begun: String,
    lasted_ms: f64,
    interval_ms: f64,
    max_outage_ms: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    predicted: Vec<PredictionView<'a>>,
    longest_outage_ms: Option<f64>,
    lateness_ms: Option<SpreadView>,
    lanes: Vec<LaneView<'a>>,
    marks: Vec<MarkView<'a>>,
}

impl<'a> WatchedView<'a> {
    fn of(watched: &'a Watched) -> Self {
        let Watched { recording, summary, .. } = watched;
        let lanes = recording.lanes.iter().zip(&summary.lanes);
        Self {
            schema: SCHEMA,
            result: if watched.is_failed() { "outage" } else { "ok" },
            begun: recording.begun.to_string(),
            lasted_ms: ms(summary.lasted),
            interval_ms: ms(summary.interval),
            max_outage_ms: ms(watched.max_outage),
            predicted: watched.predicted.iter().map(PredictionView::of).collect(),
            longest_outage_ms: summary.worst().map(ms),
            lateness_ms: summary.lateness.map(SpreadView::of),
            lanes: lanes.map(|(lane, numbers)| LaneView::of(lane, numbers)).collect(),
            marks: recording.marks.iter().map(MarkView::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct LaneView<'a> {
    lane: String,
    node: Option<&'a str>,
    endpoint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<String>,
    #[serde(flatten)]
    numbers: NumbersView<'a>,
    latency_ms: LatencyView,
    backends: &'a BTreeMap<String, u64>,
    interruptions: Vec<InterruptionView>,
    /// Beyond those.
    #[serde(skip_serializing_if = "is_none")]
    more_interruptions: u32,
}

impl<'a> LaneView<'a> {
    fn of(lane: &'a Lane, numbers: &'a LaneSummary) -> Self {
        let interruption = |one: &crate::watch::Interruption| InterruptionView {
            at_ms: ms(one.at),
            back_after_ms: one.back_after.map(ms),
            failed: one.failed,
        };
        Self {
            lane: lane.to_string(),
            node: match &lane.via {
                Via::Shared => None,
                Via::Node(name) => Some(name),
            },
            endpoint: lane.endpoint.to_string(),
            left_out: numbers.left_out.as_ref().map(ToString::to_string),
            numbers: NumbersView::of(numbers),
            latency_ms: LatencyView {
                before: numbers.latency.before.map(SpreadView::of),
                during: numbers.latency.during.map(SpreadView::of),
                after: numbers.latency.after.map(SpreadView::of),
            },
            backends: &numbers.backends,
            interruptions: numbers.interruptions.iter().map(interruption).collect(),
            more_interruptions: numbers.more_interruptions,
        }
    }
}

fn is_none(count: &u32) -> bool {
    *count == 0
}

#[derive(Serialize)]
struct InterruptionView {
    at_ms: f64,
    back_after_ms: Option<f64>,
    failed: u64,
}

/// What a change cost those who used the API meanwhile.
#[derive(Serialize)]
pub(super) struct RequestsView<'a> {
    endpoint: String,
    interval_ms: f64,
    #[serde(flatten)]
    numbers: NumbersView<'a>,
}

impl<'a> RequestsView<'a> {
    pub(super) fn of(requests: &'a Requests) -> Self {
        Self {
            endpoint: requests.through.to_string(),
            interval_ms: ms(requests.interval),
            numbers: NumbersView::of(&requests.numbers),
        }
    }
}
