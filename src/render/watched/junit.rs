//! A watch as JUnit XML: a case for each lane, failed where its outage was longer than it may be.

use std::{
    io::{self, Write},
    time::Duration,
};

use super::{
    details,
    words::{span, subject, verdict},
};
use crate::{
    outcome::Watched,
    render::page::escaped,
    watch::{Lane, LaneSummary, Outage},
};

pub(super) fn write(watched: &Watched, out: &mut dyn Write) -> io::Result<()> {
    let Watched { recording, summary, .. } = watched;
    let lanes = || recording.lanes.iter().zip(&summary.lanes);
    let failures = lanes().filter(|(_, numbers)| fault(numbers, watched.max_outage).is_some()).count();
    let skipped = lanes().filter(|(_, numbers)| numbers.left_out.is_some()).count();
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, "<testsuites>")?;
    writeln!(
        out,
        r#"  <testsuite name="cpctl watch" tests="{}" failures="{failures}" errors="0" skipped="{skipped}" time="{:.3}" timestamp="{}">"#,
        recording.lanes.len(),
        recording.lasted.as_secs_f64(),
        recording.begun.strftime("%Y-%m-%dT%H:%M:%S"),
    )?;
    for (lane, numbers) in lanes() {
        case(watched, lane, numbers, out)?;
    }
    let said = format!("{}\n{}", subject(watched), verdict(watched));
    writeln!(out, "    <system-out>{}</system-out>", escaped(&said))?;
    writeln!(out, "  </testsuite>\n</testsuites>")
}

fn case(watched: &Watched, lane: &Lane, numbers: &LaneSummary, out: &mut dyn Write) -> io::Result<()> {
    let lasted = watched.recording.lasted.as_secs_f64();
    let (name, class) = (escaped(&lane.to_string()), escaped(&lane.endpoint.to_string()));
    writeln!(out, r#"    <testcase name="{name}" classname="{class}" time="{lasted:.3}">"#)?;
    if let Some(miss) = &numbers.left_out {
        writeln!(
            out,
            r#"      <skipped message="a watch of ConfigMaps was {}"/>"#,
            escaped(&miss.to_string())
        )?;
    }
    let lines = escaped(&details(numbers, &watched.recording).join("\n"));
    match fault(numbers, watched.max_outage) {
        Some(worst) => writeln!(
            out,
            r#"      <failure type="outage" message="an outage of {}">{lines}</failure>"#,
            span(worst)
        )?,
        None if lines.is_empty() => {}
        None => writeln!(out, "      <system-out>{lines}</system-out>")?,
    }
    writeln!(out, "    </testcase>")
}

/// The longest outage, where it is longer than it may be and clients would have seen it.
fn fault(numbers: &LaneSummary, allowed: Duration) -> Option<Duration> {
    let worst = numbers.outages.iter().map(Outage::length).max()?;
    (numbers.is_shared && worst > allowed).then_some(worst)
}
