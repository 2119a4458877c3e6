//! The meaning of findings.

use serde::Serialize;

use super::SCHEMA;
use crate::report::{Code, Severity};

#[derive(Serialize)]
pub(super) struct ExplainedView {
    schema: u32,
    explained: Vec<CodeView>,
}

#[derive(Serialize)]
struct CodeView {
    code: &'static str,
    severity: Severity,
    what: &'static str,
    why: &'static str,
    seen: &'static str,
    mend: &'static str,
    source: &'static str,
}

impl ExplainedView {
    pub(super) fn of(codes: &[Code]) -> Self {
        Self { schema: SCHEMA, explained: codes.iter().map(|code| CodeView::of(*code)).collect() }
    }
}

impl CodeView {
    fn of(code: Code) -> Self {
        let told = code.explanation();
        Self {
            code: code.id(),
            severity: code.severity(),
            what: told.what,
            why: told.why,
            seen: told.seen,
            mend: told.mend,
            source: told.source,
        }
    }
}
