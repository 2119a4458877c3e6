//! A lane's timeline as SVG: what became of its probes, and the outages behind them.

use std::{fmt::Write as _, time::Duration};

use crate::watch::{Kind, LaneSummary, Recording, Seen};

/// Finer than this no screen shows it.
const COLUMNS: u32 = 600;
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 48.0;

/// What became of the probes of a column.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fate {
    /// None left in it.
    Nothing,
    Answered,
    Mixed,
    Failed,
}

impl Fate {
    /// The class, and how far up it reaches: whoever sees no colours sees the height.
    fn look(self) -> Option<(&'static str, f64)> {
        match self {
            Self::Nothing => None,
            Self::Answered => Some(("ok", 0.45)),
            Self::Mixed => Some(("mixed", 0.7)),
            Self::Failed => Some(("bad", 0.95)),
        }
    }

    fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, fate) | (fate, Self::Nothing) => fate,
            (one, other) if one == other => one,
            _ => Self::Mixed,
        }
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
    let edge = |column: u32| x(width(recording) * column);
    for (first, past, fate) in stretches(&fates(recording, lane, numbers)) {
        if let Some((class, height)) = fate.look() {
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

/// The time that a column stands for: whole intervals, so that each holds as many probes as the next.
fn width(recording: &Recording) -> Duration {
    let interval = recording.interval.max(Duration::from_millis(1));
    let intervals = recording.lasted.div_duration_f64(interval * COLUMNS).ceil().max(1.0);
    interval * intervals as u32
}

/// What became of the probes, column by column.
pub(super) fn fates(recording: &Recording, lane: usize, numbers: &LaneSummary) -> Vec<Fate> {
    let width = width(recording);
    let columns = (recording.lasted.div_duration_f64(width).ceil() as usize).max(1);
    let column = |at: Duration| (at.div_duration_f64(width) as usize).min(columns - 1);
    let mut fates = vec![Fate::Nothing; columns];
    if recording.lanes[lane].kind == Kind::Idle {
        if numbers.sent > numbers.failed {
            fates.fill(Fate::Answered);
        }
        for outage in &numbers.outages {
            fates[column(outage.from)..=column(outage.to)].fill(Fate::Failed);
        }
        for interruption in &numbers.interruptions {
            let here = &mut fates[column(interruption.at)];
            *here = here.with(Fate::Failed);
        }
        return fates;
    }
    for record in recording.records.iter().filter(|record| record.lane == lane) {
        let fate = match record.seen {
            Seen::Answered => Fate::Answered,
            Seen::Failed(_) => Fate::Failed,
            Seen::Unsent => Fate::Nothing,
        };
        let here = &mut fates[column(record.scheduled)];
        *here = here.with(fate);
    }
    fates
}

/// Columns of one fate that stand side by side: the first, the one past the last, and the fate.
fn stretches(fates: &[Fate]) -> Vec<(u32, u32, Fate)> {
    let mut found: Vec<(u32, u32, Fate)> = vec![];
    for (column, fate) in (0..).zip(fates) {
        match found.last_mut().filter(|(.., last)| last == fate) {
            Some((_, past, _)) => *past = column + 1,
            None => found.push((column, column + 1, *fate)),
        }
    }
    found
}
