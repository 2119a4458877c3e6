//! What a watch came to, for people; and while it is at it, line by line.

use std::io::{self, Write};

use super::inspection::{table, write_table};
use crate::{
    outcome::{Form, Watched},
    watch::{Follower, LaneSummary, Mark, Recording},
};

mod html;
mod junit;
mod style;
mod timeline;
mod words;

pub(super) use words::span;
use words::{
    clock, counts, interruption, is_scheduled, lateness, longest, outage, prediction, spread, subject,
    verdict,
};

pub(super) fn write(watched: &Watched, out: &mut dyn Write) -> io::Result<()> {
    let Watched { recording, summary, .. } = watched;
    writeln!(out, "{}\n", subject(watched))?;
    numbers(watched, out)?;
    for (lane, numbers) in recording.lanes.iter().zip(&summary.lanes) {
        let details = details(numbers, recording);
        if !details.is_empty() {
            writeln!(out, "\n{lane}")?;
        }
        details.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
    }
    if !recording.marks.is_empty() {
        writeln!(out, "\nmarks")?;
    }
    recording.marks.iter().try_for_each(|mark| writeln!(out, "  {}", marked(mark, recording)))?;
    writeln!(out, "\n{}", lateness(summary.lateness, summary.interval))?;
    watched.predicted.iter().try_for_each(|one| writeln!(out, "{}", prediction(one)))?;
    writeln!(out, "{}", verdict(watched))
}

/// Writes it as a file of this form.
pub(super) fn paper(form: Form, watched: &Watched, out: &mut dyn Write) -> io::Result<()> {
    match form {
        Form::Junit => junit::write(watched, out),
        Form::Html => html::write(watched, out),
    }
}

/// What changed just now.
pub(super) fn turned(turn: &crate::watch::Turn, recording: &Recording) -> String {
    words::turn(turn, recording)
}

pub(super) fn marked(mark: &Mark, recording: &Recording) -> String {
    format!("{} {}", clock(recording, mark.at), mark.text)
}

/// How it stands, for a line that moves.
pub(super) fn standing(follower: &Follower) -> String {
    format!("{} sent, {} failed; type a line to mark a moment, Ctrl-C to end", follower.sent, follower.failed)
}

fn numbers(watched: &Watched, out: &mut dyn Write) -> io::Result<()> {
    let Watched { recording, summary, .. } = watched;
    let mut table = table();
    table.set_header([
        "LANE",
        "SENT",
        "FAILED",
        "OUTAGES",
        "LONGEST GAP",
        "TOTAL",
        "P50 / P99 BEFORE",
        "DURING",
        "AFTER",
    ]);
    for (lane, numbers) in recording.lanes.iter().zip(&summary.lanes) {
        let is_scheduled = is_scheduled(lane);
        let only = |text: String| if is_scheduled { text } else { "-".into() };
        table.add_row([
            lane.to_string(),
            numbers.sent.to_string(),
            numbers.failed.to_string(),
            numbers.outages.len().to_string(),
            longest(numbers),
            if numbers.outages.is_empty() { "-".into() } else { span(numbers.total()) },
            only(spread(numbers.latency.before)),
            only(spread(numbers.latency.during)),
            only(spread(numbers.latency.after)),
        ]);
    }
    write_table(&mut table, out)
}

/// What there is to say of a lane beyond its numbers.
fn details(numbers: &LaneSummary, recording: &Recording) -> Vec<String> {
    let mut lines = vec![];
    if let Some(miss) = &numbers.left_out {
        lines.push(format!("left out: a watch of ConfigMaps was {miss}"));
    }
    lines.extend(numbers.outages.iter().map(|one| outage(one, recording)));
    if numbers.failed > 0 {
        lines.push(format!("failed: {}", counts(&numbers.classes)));
    }
    lines.extend(numbers.interruptions.iter().map(|one| interruption(one, recording)));
    if numbers.more_interruptions > 0 {
        let more = numbers.more_interruptions;
        lines
            .push(format!("ended {more} times more; told are those with a failed try, and then the longest"));
    }
    if !numbers.backends.is_empty() {
        lines.push(format!("answered by {}", counts(&numbers.backends)));
    }
    if numbers.unsent > 0 {
        lines.push(format!(
            "{} could not be sent, with so many still out; raise `ulimit -n`, or shorten --request-timeout",
            numbers.unsent
        ));
    }
    lines
}

#[cfg(test)]
mod tests;
