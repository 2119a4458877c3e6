//! Checks and what they came to, as `schema/preflight-1.json` describes it.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use super::{SCHEMA, drift::StandingView, finding::FindingView, inspection::CertificateView};
use crate::{
    outcome::{Filed, Preflight},
    report::{Accepted, Checked, Severity, Verdict},
};

#[derive(Serialize)]
pub(super) struct PreflightView<'a> {
    schema: u32,
    result: &'static str,
    to: Option<String>,
    now: Timestamp,
    fail_on: Option<Severity>,
    counts: CountsView,
    checks: Vec<CheckedView<'a>>,
    nodes: Vec<StandingView<'a>>,
    certificates: Vec<FiledView<'a>>,
}

/// A certificate beside those that are served.
#[derive(Serialize)]
struct FiledView<'a> {
    node: &'a str,
    path: String,
    certificate: CertificateView<'a>,
}

#[derive(Serialize)]
struct CountsView {
    fail: usize,
    warn: usize,
    note: usize,
    accepted: usize,
    passed: usize,
    skipped: usize,
}

#[derive(Serialize)]
struct CheckedView<'a> {
    group: &'static str,
    check: &'static str,
    title: &'static str,
    subject: &'a str,
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    findings: Vec<FindingView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accepted: Vec<AcceptedView<'a>>,
}

#[derive(Serialize)]
struct AcceptedView<'a> {
    until: Option<Date>,
    reason: Option<&'a str>,
    finding: FindingView<'a>,
}

impl<'a> PreflightView<'a> {
    pub(super) fn of(preflight: &'a Preflight) -> Self {
        Self {
            schema: SCHEMA,
            result: if preflight.is_failed() { "failed" } else { "passed" },
            to: preflight.to.as_ref().map(ToString::to_string),
            now: preflight.now,
            fail_on: preflight.fail_on,
            counts: CountsView::of(preflight),
            checks: preflight.rows.iter().map(CheckedView::of).collect(),
            nodes: preflight.nodes.iter().map(StandingView::of).collect(),
            certificates: preflight.filed.iter().map(FiledView::of).collect(),
        }
    }
}

impl<'a> FiledView<'a> {
    fn of(filed: &'a Filed) -> Self {
        let certificate = CertificateView::of(&filed.cert);
        Self { node: &filed.node, path: filed.path.display().to_string(), certificate }
    }
}

impl CountsView {
    fn of(preflight: &Preflight) -> Self {
        let of = |severity| preflight.findings().filter(|one| one.code.severity() == severity).count();
        let rows = |is: fn(&Verdict) -> bool| preflight.rows.iter().filter(|row| is(&row.verdict)).count();
        Self {
            fail: of(Severity::Fail),
            warn: of(Severity::Warn),
            note: of(Severity::Note),
            accepted: preflight.accepted().count(),
            passed: rows(|verdict| *verdict == Verdict::Passed),
            skipped: rows(|verdict| matches!(verdict, Verdict::Skipped(_))),
        }
    }
}

impl<'a> CheckedView<'a> {
    fn of(row: &'a Checked) -> Self {
        let (result, reason) = match &row.verdict {
            Verdict::Passed => ("passed", None),
            Verdict::Found(_) => ("found", None),
            Verdict::Skipped(reason) => ("skipped", Some(reason.as_str())),
        };
        Self {
            group: row.check.group.id(),
            check: row.check.id,
            title: row.check.title,
            subject: &row.subject,
            result,
            reason,
            findings: FindingView::all(row.findings()),
            accepted: row.accepted.iter().map(AcceptedView::of).collect(),
        }
    }
}

impl<'a> AcceptedView<'a> {
    fn of(accepted: &'a Accepted) -> Self {
        let Accepted { finding, until, reason } = accepted;
        Self { until: *until, reason: reason.as_deref(), finding: FindingView::of(finding) }
    }
}
