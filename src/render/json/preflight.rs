//! Checks and what they came to.

use jiff::Timestamp;
use serde::Serialize;

use super::{SCHEMA, finding::FindingView};
use crate::{
    outcome::Preflight,
    report::{Checked, Verdict},
};

#[derive(Serialize)]
pub(super) struct PreflightView<'a> {
    schema: u32,
    to: Option<String>,
    now: Timestamp,
    checks: Vec<CheckedView<'a>>,
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
}

impl<'a> PreflightView<'a> {
    pub(super) fn of(preflight: &'a Preflight) -> Self {
        Self {
            schema: SCHEMA,
            to: preflight.to.as_ref().map(ToString::to_string),
            now: preflight.now,
            checks: preflight.rows.iter().map(CheckedView::of).collect(),
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
        }
    }
}
