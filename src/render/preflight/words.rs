//! What is said alike of checks in more than one shape.

use crate::{
    outcome::Preflight,
    report::{Accepted, Checked, Finding, Scope, Severity, Verdict},
};

/// So many subjects are named before the rest is counted.
const NAMED: usize = 3;

/// What the whole comes to.
pub(super) fn verdict(preflight: &Preflight) -> &'static str {
    match preflight.worst() {
        _ if preflight.is_failed() => "something must be put right first",
        Some(Severity::Fail) => "something is wrong, and was told not to count",
        Some(Severity::Warn) => "nothing stands in the way, and something should be looked at",
        Some(Severity::Note) | None if skipped(preflight) > 0 => "nothing is wrong that could be seen",
        Some(Severity::Note) | None => "nothing is wrong",
    }
}

/// How many of what there are.
pub(super) fn tally(preflight: &Preflight) -> String {
    let accepted = match preflight.accepted().count() {
        0 => String::new(),
        count => format!(", {count} accepted"),
    };
    format!(
        "{} checks{}: {} fail, {} warn, {} note, {} skipped{accepted}",
        preflight.rows.len(),
        preflight.to.as_ref().map(|to| format!(" for {to}")).unwrap_or_default(),
        count(preflight, Severity::Fail),
        count(preflight, Severity::Warn),
        count(preflight, Severity::Note),
        skipped(preflight),
    )
}

pub(super) fn count(preflight: &Preflight, severity: Severity) -> usize {
    preflight.findings().filter(|finding| finding.code.severity() == severity).count()
}

pub(super) fn skipped(preflight: &Preflight) -> usize {
    preflight.rows.iter().filter(|row| matches!(row.verdict, Verdict::Skipped(_))).count()
}

/// A few by name, and how many more.
pub(super) fn few(subjects: &[&str]) -> String {
    match subjects.len() {
        length if length > NAMED + 1 => {
            format!("{} and {} more", subjects[..NAMED].join(", "), length - NAMED)
        }
        _ => subjects.join(", "),
    }
}

/// Until when something was agreed to, and why.
pub(super) fn terms(accepted: &Accepted) -> String {
    let until = accepted.until.map(|day| format!(" until {day}")).unwrap_or_default();
    let reason = accepted.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("accepted{until}{reason}")
}

/// Message and remedy, a line each.
pub(super) fn told(finding: &Finding) -> String {
    let remedy = finding.remedy.as_ref().map(|remedy| format!("\n{remedy}")).unwrap_or_default();
    format!("{}{remedy}", finding.message)
}

/// The file that a finding is about, where it is about one.
pub(super) fn file<'a>(row: &'a Checked, finding: &'a Finding) -> Option<&'a str> {
    let is_of_files = row
        .check
        .scopes
        .iter()
        .all(|scope| matches!(scope, Scope::Configuration | Scope::Kubeconfig | Scope::Certificate));
    (finding.at.is_some() || is_of_files).then_some(&*finding.subject)
}

/// The worst of those of a row that make the whole fail.
pub(super) fn counting<'a>(preflight: &Preflight, row: &'a Checked) -> Option<&'a Finding> {
    let counting = row.findings().iter().filter(|finding| preflight.counts(finding.code.severity()));
    counting.max_by_key(|finding| finding.code.severity())
}
