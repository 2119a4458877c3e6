//! Times, numbers and names as a watch tells them.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    outcome::Watched,
    watch::{Interruption, Kind, Lane, LaneSummary, Outage, Prediction, Recording, Spread, Turn},
};

/// A length of time, as exactly as anybody reads it.
pub(in crate::render) fn span(time: Duration) -> String {
    match time.as_millis() {
        0..1_000 => format!("{} ms", time.as_millis()),
        1_000..60_000 => format!("{:.1} s", time.as_secs_f64()),
        _ => format!("{} min {} s", time.as_secs() / 60, time.as_secs() % 60),
    }
}

/// A short time, where parts of a millisecond tell something.
pub(super) fn fine(time: Duration) -> String {
    if time < Duration::from_millis(10) {
        return format!("{:.1} ms", time.as_secs_f64() * 1e3);
    }
    span(time)
}

/// The time on the wall, in UTC.
pub(super) fn clock(recording: &Recording, at: Duration) -> String {
    recording.wall(at).strftime("%H:%M:%S%.3f").to_string()
}

/// The longest time from the end of an answer to the end of the next.
pub(super) fn longest(lane: &LaneSummary) -> String {
    lane.longest_gap().map_or_else(|| "-".into(), span)
}

pub(super) fn spread(spread: Option<Spread>) -> String {
    spread.map_or_else(|| "-".into(), |spread| format!("{} / {}", fine(spread.p50), fine(spread.p99)))
}

/// `connect-refused 3, tls 1`.
pub(super) fn counts<K: AsRef<str>>(counts: &BTreeMap<K, u64>) -> String {
    let counts: Vec<_> = counts.iter().map(|(what, count)| format!("{} {count}", what.as_ref())).collect();
    counts.join(", ")
}

/// What it came to, in one sentence.
pub(super) fn verdict(watched: &Watched) -> String {
    let allowed = watched.max_outage;
    let asked = watched.summary.lanes.iter().filter(|lane| lane.is_shared).any(|lane| lane.sent > 0);
    match watched.summary.worst() {
        None if !asked => "no probe was sent".into(),
        None => calm(watched),
        Some(worst) if !watched.is_failed() => {
            format!("the longest outage took {}, and up to {} is allowed", span(worst), span(allowed))
        }
        Some(worst) if allowed.is_zero() => format!("the longest outage took {}", span(worst)),
        Some(worst) => {
            format!("the longest outage took {}, and only {} is allowed", span(worst), span(allowed))
        }
    }
}

/// What a configuration lets expect, on one line.
pub(super) fn prediction(prediction: &Prediction) -> String {
    format!("{} within {} by {}", prediction.what, span(prediction.within), prediction.by)
}

/// No more than was seen: what happens between two answers nobody knows.
fn calm(watched: &Watched) -> String {
    let gap = watched.summary.longest_gap().map(span).unwrap_or_else(|| "unknown".into());
    let interval = span(watched.summary.interval);
    format!("no failure seen: at most {gap} from one answer to the next, with a probe every {interval}")
}

/// What is watched, for how long and how closely.
pub(super) fn subject(watched: &Watched) -> String {
    let recording = &watched.recording;
    let endpoint = recording.lanes.first().map(|lane| lane.endpoint.to_string()).unwrap_or_default();
    format!(
        "{endpoint} from {} UTC, {}, a probe every {} in each lane",
        recording.begun.strftime("%Y-%m-%d %H:%M:%S"),
        span(recording.lasted),
        span(recording.interval),
    )
}

/// An outage on one line.
pub(super) fn outage(outage: &Outage, recording: &Recording) -> String {
    let (from, to) = (clock(recording, outage.from), clock(recording, outage.to));
    let until = if outage.is_over { format!("until {to}") } else { "and not over".into() };
    let flaps = match outage.flaps {
        0 => String::new(),
        1 => ", 1 answered in the middle of it".into(),
        flaps => format!(", {flaps} answered in the middle of it"),
    };
    let (length, interval) = (span(outage.length()), span(recording.interval));
    match &outage.first {
        Some(first) => format!(
            "out from {from} {until}: {length} (± {interval}), {} failed{flaps}; first: {first}",
            outage.failed
        ),
        None => format!("no answer from {from} {until}: {length} (± {interval}), none failed, all came late"),
    }
}

/// The end of an answer that was not to end, on one line.
pub(super) fn interruption(interruption: &Interruption, recording: &Recording) -> String {
    let at = clock(recording, interruption.at);
    match interruption.back_after {
        Some(after) => format!("ended at {at}, there again after {}", fine(after)),
        None => format!("ended at {at}, and was not there again"),
    }
}

/// How well the schedule was kept, and whether it could be.
pub(super) fn lateness(spread: Option<Spread>, interval: Duration) -> String {
    let kept = schedule(spread);
    if spread.is_none_or(|late| late.p99 <= interval) {
        return kept;
    }
    format!(
        "{kept}: more than the {} from one probe to the next, so this machine itself may be the cause of what was \
         seen; choose a longer --interval",
        span(interval)
    )
}

fn schedule(spread: Option<Spread>) -> String {
    spread.map_or_else(
        || "no probe left".into(),
        |late| {
            format!(
                "probes left at most {} late, 99 of 100 at most {}, half of them at most {}",
                fine(late.max),
                fine(late.p99),
                fine(late.p50)
            )
        },
    )
}

/// What changed just now, on one line.
pub(super) fn turn(turn: &Turn, recording: &Recording) -> String {
    let lane = |lane: usize| recording.lanes.get(lane).map_or_else(String::new, Lane::to_string);
    match turn {
        Turn::Fails { lane: of, at, miss } => {
            format!("{} {} fails: {miss}", clock(recording, *at), lane(*of))
        }
        Turn::Answers { lane: of, at, since } => {
            let after = span(at.saturating_sub(*since));
            format!("{} {} answers again, {after} after the failed probe", clock(recording, *at), lane(*of))
        }
        Turn::Ended { lane: of, at } => format!("{} {} has ended", clock(recording, *at), lane(*of)),
        Turn::LeftOut { lane: of, miss } => {
            format!("{} is left out: a watch of ConfigMaps was {miss}", lane(*of))
        }
    }
}

/// Whether a lane's outages and latency can be told as those of probes on a schedule.
pub(super) fn is_scheduled(lane: &Lane) -> bool {
    lane.kind != Kind::Idle
}
