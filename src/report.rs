//! What was found, and what to do about it; knows nothing of terminals.

use serde::Serialize;

mod baseline;
mod check;
mod checked;
mod choice;
mod code;
mod explain;

pub use baseline::{Baseline, Unread};
pub use check::{CHECKS, Check, Group, Scope};
pub use checked::{Accepted, Checked, Looked, Verdict, checked};
pub use choice::{Choice, Selection, UnknownChoice};
pub use code::Code;
pub use explain::Explanation;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    Note,
    Warn,
    Fail,
}

/// One thing that was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    pub code: Code,
    /// What it is about: a node, an endpoint, a file.
    pub subject: String,
    /// Which of several things of its subject it is that is so: a certificate's fingerprint, a file, a run.
    pub about: Option<String>,
    pub message: String,
    /// The next command to type, the next thing to do, or the line to write instead.
    pub remedy: Option<String>,
    /// Where in the subject, if that is a file.
    pub at: Option<At>,
}

/// So many letters of a line are quoted.
const QUOTED: usize = 200;

/// A line of a file. What is quoted holds no secret.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct At {
    /// Counted from 1.
    pub line: usize,
    pub quote: String,
}

impl Finding {
    /// A finding without a remedy; a message that begins with its subject says it once.
    pub fn new(code: Code, subject: impl Into<String>, message: impl Into<String>) -> Self {
        let (subject, message) = (subject.into(), message.into());
        let rest = message.strip_prefix(&subject).and_then(|rest| rest.strip_prefix(": ")).map(str::to_owned);
        Self { code, subject, about: None, message: rest.unwrap_or(message), remedy: None, at: None }
    }

    #[must_use]
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = Some(about.into());
        self
    }

    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    #[must_use]
    pub fn at(mut self, line: usize, quote: impl Into<String>) -> Self {
        let mut quote = quote.into();
        if let Some((end, _)) = quote.char_indices().nth(QUOTED) {
            quote.truncate(end);
            quote.push('…');
        }
        self.at = Some(At { line, quote });
        self
    }
}

/// The worst severity among findings.
pub fn worst(findings: &[Finding]) -> Option<Severity> {
    findings.iter().map(|finding| finding.code.severity()).max()
}
