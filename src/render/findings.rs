//! Findings and errors, for people.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use console::Style;

use crate::{
    error::{Error, causes},
    report::{Finding, Severity},
};

/// One finding on one line, the line that it speaks of below, and its remedy on the next.
pub(super) fn write(findings: &[Finding], out: &mut dyn Write) -> io::Result<()> {
    for finding in findings {
        let severity = finding.code.severity();
        let line = finding.at.as_ref().map(|at| format!(":{}", at.line)).unwrap_or_default();
        writeln!(
            out,
            "{} {}{line}: {} [{}]",
            style(severity).apply_to(word(severity)),
            plain(&finding.subject),
            plain(&finding.message),
            finding.code.id()
        )?;
        if let Some(at) = &finding.at {
            writeln!(out, "   | {}", plain(&at.quote))?;
        }
        if let Some(remedy) = &finding.remedy {
            writeln!(out, "     {}", plain(remedy))?;
        }
    }
    Ok(())
}

/// A text in which no letter steers a terminal; line ends and tabs stay.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let steers = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let one = |letter: char| {
        if steers(letter) { letter.escape_default().to_string() } else { letter.to_string() }
    };
    Cow::Owned(text.chars().map(one).collect())
}

/// An error in its parts: what could not be done, why, what became of it, and what to type next.
pub fn error(error: &Error, err: &mut dyn Write) -> io::Result<()> {
    let text = error.to_string().replace('\n', "\n       ");
    writeln!(err, "{} {text}", Style::new().for_stderr().red().bold().apply_to("error:"))?;
    for text in causes(error).map(ToString::to_string).filter(|text| !text.is_empty()) {
        writeln!(err, "  cause: {text}")?;
    }
    for note in error.notes() {
        writeln!(err, "  note: {note}")?;
    }
    for hint in error.hints() {
        writeln!(err, "  hint: {hint}")?;
    }
    Ok(())
}

pub(super) fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warn => "warn",
        Severity::Fail => "fail",
    }
}

pub(super) fn style(severity: Severity) -> Style {
    match severity {
        Severity::Note => Style::new().dim(),
        Severity::Warn => Style::new().yellow(),
        Severity::Fail => Style::new().red(),
    }
}
