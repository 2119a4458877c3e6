//! Checks in the Test Anything Protocol, version 14: a test point for each check of each subject.

use std::io::{self, Write};

use super::words::{counting, terms};
use crate::{
    outcome::Preflight,
    render::findings::word,
    report::{Checked, Finding, Verdict},
};

pub(super) fn write(preflight: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "TAP version 14\n1..{}", preflight.rows.len())?;
    for (index, row) in preflight.rows.iter().enumerate() {
        point(preflight, index + 1, row, out)?;
    }
    Ok(())
}

fn point(preflight: &Preflight, number: usize, row: &Checked, out: &mut dyn Write) -> io::Result<()> {
    let is_ok = counting(preflight, row).is_none();
    // What is accepted is a test that is known to fail.
    let agreed = row.accepted.first().filter(|_| row.findings().is_empty());
    let result = if is_ok && agreed.is_none() { "ok" } else { "not ok" };
    let directive = match (&row.verdict, agreed) {
        (Verdict::Skipped(reason), _) => format!(" # SKIP {}", described(reason)),
        (_, Some(accepted)) => format!(" # TODO {}", described(&terms(accepted))),
        _ => String::new(),
    };
    let said = described(&format!("{} {}", row.subject, row.check.title));
    writeln!(out, "{result} {number} - {}: {said}{directive}", row.check.id)?;
    let accepted = row.accepted.iter().map(|accepted| &accepted.finding);
    let findings: Vec<_> = row.findings().iter().chain(accepted).collect();
    if findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "  ---\n  findings:")?;
    findings.iter().try_for_each(|finding| diagnosis(finding, out))?;
    writeln!(out, "  ...")
}

fn diagnosis(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let code = finding.code;
    writeln!(out, "    - code: {}\n      severity: {}", code.id(), word(code.severity()))?;
    writeln!(out, "      message: {}", quoted(&finding.message))?;
    if let Some(at) = &finding.at {
        writeln!(out, "      line: {}", at.line)?;
    }
    finding.remedy.as_ref().map_or(Ok(()), |remedy| writeln!(out, "      remedy: {}", quoted(remedy)))
}

/// A text in which nothing begins a directive.
fn described(text: &str) -> String {
    let letters = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    let escape = |letter| match letter {
        '\\' | '#' => vec!['\\', letter],
        letter => vec![letter],
    };
    letters.flat_map(escape).collect()
}

/// A string of YAML, which one of JSON is.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
