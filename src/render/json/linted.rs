//! What is wrong in a balancer's files.

use serde::Serialize;

use super::{SCHEMA, finding::FindingView};
use crate::outcome::Linted;

#[derive(Serialize)]
pub(super) struct LintedView<'a> {
    schema: u32,
    files: Vec<FileView<'a>>,
    findings: Vec<FindingView<'a>>,
}

#[derive(Serialize)]
struct FileView<'a> {
    name: &'a str,
    kind: Option<&'static str>,
    pools: &'a [String],
}

impl<'a> LintedView<'a> {
    pub(super) fn of(linted: &'a Linted) -> Self {
        let files = linted.files.iter();
        let files = files.map(|file| FileView { name: &file.name, kind: file.kind, pools: &file.pools });
        Self { schema: SCHEMA, files: files.collect(), findings: FindingView::all(&linted.findings) }
    }
}
