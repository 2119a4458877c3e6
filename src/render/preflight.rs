//! Checks and what they came to, for people: group by group, a line for each, and below it what was found.

use std::io::{self, Write};

use console::Style;

use super::findings;
use crate::{
    outcome::Preflight,
    report::{Check, Checked, Group, Severity, Verdict, worst},
};

pub(super) fn write(preflight: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    for group in Group::ALL {
        let rows: Vec<_> = preflight.rows.iter().filter(|row| row.check.group == *group).collect();
        if !rows.is_empty() {
            writeln!(out, "{}\n{}", group.id(), "-".repeat(group.id().len()))?;
            rows.chunk_by(|a, b| a.check == b.check).try_for_each(|rows| check(rows[0].check, rows, out))?;
            writeln!(out)?;
        }
    }
    summary(preflight, out)
}

/// One line for all subjects that a check is the same of.
fn check(check: &Check, rows: &[&Checked], out: &mut dyn Write) -> io::Result<()> {
    let of = |verdict: fn(&Verdict) -> bool| {
        let of: Vec<_> = rows.iter().filter(|row| verdict(&row.verdict)).map(|row| &*row.subject).collect();
        of.join(", ")
    };
    let passed = of(|verdict| *verdict == Verdict::Passed);
    if !passed.is_empty() {
        writeln!(out, "{} {passed} {}", Style::new().green().apply_to("ok  "), check.title)?;
    }
    for row in rows {
        match &row.verdict {
            Verdict::Passed => {}
            Verdict::Skipped(reason) => {
                let mark = Style::new().dim().apply_to("skip");
                writeln!(out, "{mark} {} {}: {}", row.subject, check.title, findings::plain(reason))?;
            }
            Verdict::Found(found) => findings::write(found, out)?,
        }
    }
    Ok(())
}

fn summary(preflight: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    let count = |severity| preflight.findings().filter(|finding| finding.code.severity() == severity).count();
    let skipped = preflight.rows.iter().filter(|row| matches!(row.verdict, Verdict::Skipped(_))).count();
    let to = preflight.to.as_ref().map(|to| format!(" for {to}")).unwrap_or_default();
    let found: Vec<_> = preflight.findings().cloned().collect();
    let verdict = match worst(&found) {
        Some(Severity::Fail) => "something must be put right first",
        Some(Severity::Warn) => "nothing stands in the way, and something should be looked at",
        Some(Severity::Note) | None if skipped > 0 => "nothing is wrong that could be seen",
        Some(Severity::Note) | None => "nothing is wrong",
    };
    writeln!(
        out,
        "{} checks{to}: {} fail, {} warn, {} note, {skipped} skipped: {verdict}",
        preflight.rows.len(),
        count(Severity::Fail),
        count(Severity::Warn),
        count(Severity::Note),
    )
}
