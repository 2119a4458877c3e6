//! Findings as annotations of a GitHub workflow: commands on standard output that the runner reads.

use std::io::{self, Write};

use super::words::{file, tally, terms, told, verdict};
use crate::{
    outcome::Preflight,
    render::findings::plain,
    report::{Checked, Finding, Severity},
};

pub(super) fn write(preflight: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    for row in &preflight.rows {
        row.findings().iter().try_for_each(|finding| annotation(row, finding, out))?;
    }
    for accepted in preflight.accepted() {
        let Finding { code, subject, message, .. } = &accepted.finding;
        let said = format!("quiet {subject}: {message} [{}], {}", code.id(), terms(accepted));
        writeln!(out, "{}", one_line(&said))?;
    }
    writeln!(out, "{}\n{}", one_line(&tally(preflight)), verdict(preflight))
}

fn annotation(row: &Checked, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let command = match finding.code.severity() {
        Severity::Fail => "error",
        Severity::Warn => "warning",
        Severity::Note => "notice",
    };
    let place = file(row, finding).map(|file| {
        let line = finding.at.as_ref().map(|at| format!("line={},", at.line)).unwrap_or_default();
        format!("file={},{line}", property(file))
    });
    let title = property(&format!("{}: {}", finding.subject, finding.code.id()));
    writeln!(out, "::{command} {}title={title}::{}", place.unwrap_or_default(), message(&told(finding)))
}

/// As the text of a command is written, <https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts>.
fn message(text: &str) -> String {
    plain(text).replace('%', "%25").replace('\n', "%0A")
}

/// As a value in front of it is written.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

/// A line that the runner shows and does not obey.
fn one_line(text: &str) -> String {
    plain(text).replace('\n', " ").replace("::", ": :")
}
