//! A watch as one web page that loads nothing.

use std::{
    io::{self, Write},
    time::Duration,
};

use super::{
    details, marked,
    style::STYLE,
    timeline,
    words::{is_scheduled, lateness, longest, span, spread, subject, verdict},
};
use crate::{
    outcome::Watched,
    render::page::{self, escaped, sentence},
    watch::Recording,
};

/// Into how many parts the axis is divided.
const TICKS: u32 = 4;
/// From here on a mark's number stands to the left of it, so that it stays on the page.
const FAR_RIGHT: f64 = 90.0;

pub(super) fn write(watched: &Watched, out: &mut dyn Write) -> io::Result<()> {
    let (verdict, subject) = (escaped(&verdict(watched)), escaped(&subject(watched)));
    page::begin(&verdict, STYLE, out)?;
    writeln!(out, "<h1>{}</h1>\n<p class=\"soft\">{subject}</p>", sentence(&verdict))?;
    for lane in 0..watched.recording.lanes.len() {
        section(watched, lane, out)?;
    }
    writeln!(out, "{KEY}")?;
    marks(&watched.recording, out)?;
    table(watched, out)?;
    let lateness = escaped(&lateness(watched.summary.lateness, watched.summary.interval));
    writeln!(out, "<p class=\"soft\">{}.</p>\n</main>\n</body>\n</html>", sentence(&lateness))
}

const KEY: &str = "<p class=\"key\"><span><i class=\"ok\"></i>answered</span>\
<span><i class=\"mixed\"></i>some failed</span><span><i class=\"bad\"></i>failed</span>\
<span><i class=\"band\"></i>outage</span></p>";

fn section(watched: &Watched, lane: usize, out: &mut dyn Write) -> io::Result<()> {
    let Watched { recording, summary, .. } = watched;
    let (named, numbers) = (escaped(&recording.lanes[lane].to_string()), &summary.lanes[lane]);
    let said = match (&numbers.left_out, numbers.failed) {
        (Some(_), _) => "left out".to_owned(),
        (None, failed) => format!("{failed} of {} failed", numbers.sent),
    };
    writeln!(out, "<section>\n<h2>{named} <span>{said}</span></h2>\n<div class=\"track\">")?;
    let label = format!("{named}: {said}");
    writeln!(out, "{}", timeline::svg(recording, lane, numbers, &label))?;
    for (number, mark) in recording.marks.iter().enumerate() {
        let left = share(mark.at, recording.lasted) * 100.0;
        let late = if left > FAR_RIGHT { " late" } else { "" };
        writeln!(
            out,
            "<span class=\"mark{late}\" style=\"left:{left:.2}%\" title=\"{}\"><b>{}</b></span>",
            escaped(&mark.text),
            number + 1
        )?;
    }
    let ticks = (0..=TICKS).map(|tick| format!("<span>{}</span>", span(recording.lasted * tick / TICKS)));
    writeln!(out, "</div>\n<div class=\"axis\">{}</div>", ticks.collect::<String>())?;
    list("ul", details(numbers, recording), out)?;
    writeln!(out, "</section>")
}

fn marks(recording: &Recording, out: &mut dyn Write) -> io::Result<()> {
    if recording.marks.is_empty() {
        return Ok(());
    }
    writeln!(out, "<h2>Marks <span>UTC</span></h2>")?;
    list("ol", recording.marks.iter().map(|mark| marked(mark, recording)).collect(), out)
}

fn list(kind: &str, lines: Vec<String>, out: &mut dyn Write) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let items: String = lines.iter().map(|line| format!("<li>{}</li>", escaped(line))).collect();
    writeln!(out, "<{kind}>{items}</{kind}>")
}

fn table(watched: &Watched, out: &mut dyn Write) -> io::Result<()> {
    let Watched { recording, summary, .. } = watched;
    writeln!(out, "<h2>Numbers</h2>\n<div class=\"wide\"><table>")?;
    let head =
        ["Lane", "Sent", "Failed", "Outages", "Longest gap", "Flaps", "p50 / p99 before", "during", "after"];
    writeln!(out, "<tr>{}</tr>", head.map(|cell| format!("<th>{cell}</th>")).concat())?;
    for (lane, numbers) in recording.lanes.iter().zip(&summary.lanes) {
        let only = |text: String| if is_scheduled(lane) { text } else { "-".into() };
        let cells = [
            lane.to_string(),
            numbers.sent.to_string(),
            numbers.failed.to_string(),
            numbers.outages.len().to_string(),
            only(longest(numbers)),
            numbers.flaps().to_string(),
            only(spread(numbers.latency.before)),
            only(spread(numbers.latency.during)),
            only(spread(numbers.latency.after)),
        ];
        let cells = cells.map(|cell| format!("<td>{}</td>", escaped(&cell)));
        writeln!(out, "<tr>{}</tr>", cells.concat())?;
    }
    writeln!(out, "</table></div>")
}

/// How far along a moment is, of all the time.
fn share(at: Duration, lasted: Duration) -> f64 {
    (at.as_secs_f64() / lasted.as_secs_f64().max(f64::MIN_POSITIVE)).min(1.0)
}
