//! Checks as JUnit XML: a suite for each group, a case for each check of each subject.

use std::io::{self, Write};

use super::words::{counting, tally, terms, told, verdict};
use crate::{
    outcome::Preflight,
    render::{findings::word, page::escaped},
    report::{Checked, Finding, Group, Verdict},
};

pub(super) fn write(preflight: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    let all: Vec<&Checked> = preflight.rows.iter().collect();
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(
        out,
        r#"<testsuites name="cpctl preflight" tests="{}" failures="{}" errors="0">"#,
        all.len(),
        failures(preflight, &all)
    )?;
    for group in Group::ALL {
        let rows: Vec<_> = all.iter().copied().filter(|row| row.check.group == *group).collect();
        if !rows.is_empty() {
            suite(preflight, *group, &rows, out)?;
        }
    }
    writeln!(out, "</testsuites>")
}

fn failures(preflight: &Preflight, rows: &[&Checked]) -> usize {
    rows.iter().filter(|row| counting(preflight, row).is_some()).count()
}

fn suite(preflight: &Preflight, group: Group, rows: &[&Checked], out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        r#"  <testsuite name="{}" tests="{}" failures="{}" errors="0" skipped="{}" time="0" timestamp="{}">"#,
        group.id(),
        rows.len(),
        failures(preflight, rows),
        rows.iter().filter(|row| unmade(row).is_some()).count(),
        preflight.now.strftime("%Y-%m-%dT%H:%M:%S"),
    )?;
    rows.iter().try_for_each(|row| case(preflight, row, out))?;
    let said = format!("{}\n{}", tally(preflight), verdict(preflight));
    writeln!(out, "    <system-out>{}</system-out>\n  </testsuite>", escaped(&said))
}

fn case(preflight: &Preflight, row: &Checked, out: &mut dyn Write) -> io::Result<()> {
    let name = escaped(&format!("{} {}", row.subject, row.check.title));
    let class = format!("{}.{}", row.check.group.id(), row.check.id);
    writeln!(out, r#"    <testcase name="{name}" classname="{class}" time="0">"#)?;
    if let Some(reason) = unmade(row) {
        writeln!(out, r#"      <skipped message="{}"/>"#, escaped(&reason))?;
    }
    if let Some(worst) = counting(preflight, row) {
        writeln!(
            out,
            r#"      <failure type="{}" message="{}">{}</failure>"#,
            worst.code.id(),
            escaped(&worst.message),
            escaped(&lines(row))
        )?;
    } else if !row.findings().is_empty() {
        writeln!(out, "      <system-out>{}</system-out>", escaped(&lines(row)))?;
    }
    writeln!(out, "    </testcase>")
}

/// Why nothing can be said of it: it could not be made, or all that it came to is accepted.
fn unmade(row: &Checked) -> Option<String> {
    match (&row.verdict, row.accepted.first()) {
        (Verdict::Skipped(reason), _) => Some(reason.clone()),
        (Verdict::Passed, Some(accepted)) => {
            let Finding { code, message, .. } = &accepted.finding;
            Some(format!("{}: {message}; {}", code.id(), terms(accepted)))
        }
        _ => None,
    }
}

fn lines(row: &Checked) -> String {
    let one = |finding: &Finding| {
        let line = finding.at.as_ref().map(|at| format!(":{}", at.line)).unwrap_or_default();
        let severity = word(finding.code.severity());
        format!("{severity} {}{line}: {} [{}]", finding.subject, told(finding), finding.code.id())
    };
    row.findings().iter().map(one).collect::<Vec<_>>().join("\n")
}
