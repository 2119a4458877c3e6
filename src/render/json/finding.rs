//! Findings, and what they keep from being done.

use serde::Serialize;

use super::SCHEMA;
use crate::report::{Finding, Severity};

#[derive(Serialize)]
pub(super) struct RefusedView<'a> {
    schema: u32,
    result: &'static str,
    findings: Vec<FindingView<'a>>,
}

impl<'a> RefusedView<'a> {
    pub(super) fn of(result: &'static str, findings: &'a [Finding]) -> Self {
        Self { schema: SCHEMA, result, findings: FindingView::all(findings) }
    }
}

#[derive(Serialize)]
pub(super) struct FindingView<'a> {
    code: &'static str,
    severity: Severity,
    subject: &'a str,
    message: &'a str,
    remedy: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<AtView<'a>>,
}

#[derive(Serialize)]
struct AtView<'a> {
    line: usize,
    quote: &'a str,
}

impl<'a> FindingView<'a> {
    pub(super) fn all(findings: &'a [Finding]) -> Vec<Self> {
        findings.iter().map(Self::of).collect()
    }

    pub(super) fn of(finding: &'a Finding) -> Self {
        Self {
            code: finding.code.id(),
            severity: finding.code.severity(),
            subject: &finding.subject,
            message: &finding.message,
            remedy: finding.remedy.as_deref(),
            at: finding.at.as_ref().map(|at| AtView { line: at.line, quote: &at.quote }),
        }
    }
}
