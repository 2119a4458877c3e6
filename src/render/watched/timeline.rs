//! A lane's timeline as SVG: what became of its probes, and the outages behind them.

use std::{fmt::Write as _, time::Duration};

use crate::watch::{Fate, Kind, LaneSummary, Recording, Timeline};

const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 48.0;

/// The class, and how far up it reaches: whoever sees no colours sees the height.
fn look(fate: Fate) -> Option<(&'static str, f64)> {
    match fate {
        Fate::Nothing => None,
        Fate::Answered => Some(("ok", 0.45)),
        Fate::Mixed => Some(("mixed", 0.7)),
        Fate::Failed => Some(("bad", 0.95)),
    }
}

/// The whole of a lane.
pub(super) fn svg(recording: &Recording, lane: usize, numbers: &LaneSummary, label: &str) -> String {
    let mut svg = format!(
        r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{label}">"#
    );
    let lasted = recording.lasted.as_secs_f64().max(f64::MIN_POSITIVE);
    let x = |at: Duration| (at.as_secs_f64() / lasted).min(1.0) * WIDTH;
    for outage in &numbers.outages {
        rect(&mut svg, "band", (x(outage.from), x(outage.to)), HEIGHT);
    }
    let timeline = timeline(recording, lane, numbers);
    let edge = |cell: u32| x(timeline.width() * cell);
    for (first, past, fate) in stretches(timeline.cells()) {
        if let Some((class, height)) = look(fate) {
            rect(&mut svg, class, (edge(first), edge(past)), height * HEIGHT);
        }
    }
    svg.push_str("</svg>");
    svg
}

fn rect(svg: &mut String, class: &str, (from, to): (f64, f64), height: f64) {
    let (top, width) = (HEIGHT - height, (to - from).max(0.5));
    write!(
        svg,
        r#"<rect class="{class}" x="{from:.1}" y="{top:.1}" width="{width:.1}" height="{height:.1}"/>"#
    )
    .expect("a String takes every letter");
}

/// What became of the probes, from the first to the end of the watch.
pub(super) fn timeline(recording: &Recording, lane: usize, numbers: &LaneSummary) -> Timeline {
    let mut timeline = recording.timeline(lane);
    let end = recording.lasted.saturating_sub(Duration::from_nanos(1));
    timeline.reach(end);
    if recording.lanes[lane].kind != Kind::Idle {
        return timeline;
    }
    if numbers.sent > numbers.failed {
        timeline.fill((Duration::ZERO, end), Fate::Answered);
    }
    for outage in &numbers.outages {
        timeline.fill((outage.from.min(end), outage.to.min(end)), Fate::Failed);
    }
    for interruption in &numbers.interruptions {
        timeline.take(interruption.at.min(end), Fate::Failed);
    }
    timeline
}

/// Cells of one fate that stand side by side: the first, the one past the last, and the fate.
fn stretches(fates: &[Fate]) -> Vec<(u32, u32, Fate)> {
    let mut found: Vec<(u32, u32, Fate)> = vec![];
    for (cell, fate) in (0..).zip(fates) {
        match found.last_mut().filter(|(.., last)| last == fate) {
            Some((_, past, _)) => *past = cell + 1,
            None => found.push((cell, cell + 1, *fate)),
        }
    }
    found
}
