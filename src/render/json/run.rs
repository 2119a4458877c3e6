//! Runs: one that was carried out just now, and all that are known.

use std::path::PathBuf;

use serde::Serialize;

use super::{SCHEMA, finding::FindingView, watched::RequestsView};
use crate::outcome::{Applied, Deed, RunSeen, RunsFound};

#[derive(Serialize)]
pub(super) struct AppliedView<'a> {
    schema: u32,
    result: &'static str,
    run: Option<&'a str>,
    title: &'a str,
    nodes: &'a [String],
    files: &'a [PathBuf],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    objects: Vec<String>,
    findings: Vec<FindingView<'a>>,
    /// What became of the requests that were sent meanwhile, with `--watch`.
    #[serde(skip_serializing_if = "Option::is_none")]
    requests: Option<RequestsView<'a>>,
}

impl<'a> AppliedView<'a> {
    pub(super) fn of(run: &'a Applied) -> Self {
        Self {
            schema: SCHEMA,
            result: match run.deed {
                Deed::Done => "done",
                Deed::Undone => "undone",
                Deed::NothingToDo | Deed::NotDue => "nothing-to-do",
            },
            run: run.run.as_deref(),
            title: &run.title,
            nodes: &run.places.nodes,
            files: &run.places.files,
            objects: run.places.objects.iter().map(ToString::to_string).collect(),
            findings: FindingView::all(&run.findings),
            requests: run.requests.as_ref().map(RequestsView::of),
        }
    }
}

#[derive(Serialize)]
pub(super) struct RunsView<'a> {
    schema: u32,
    runs: Vec<RunView<'a>>,
    findings: Vec<FindingView<'a>>,
}

impl<'a> RunsView<'a> {
    pub(super) fn of(seen: &'a RunsFound) -> Self {
        let runs = seen.runs.iter().map(RunView::of).collect();
        Self { schema: SCHEMA, runs, findings: FindingView::all(&seen.findings) }
    }
}

#[derive(Serialize)]
struct RunView<'a> {
    run: &'a str,
    started: String,
    title: &'a str,
    state: &'a str,
    nodes: &'a [String],
    files: &'a [PathBuf],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    objects: Vec<String>,
    record: &'a str,
}

impl<'a> RunView<'a> {
    fn of(run: &'a RunSeen) -> Self {
        Self {
            run: &run.run,
            started: run.started.to_string(),
            title: &run.title,
            state: &run.state,
            nodes: &run.places.nodes,
            files: &run.places.files,
            objects: run.places.objects.iter().map(ToString::to_string).collect(),
            record: &run.kept,
        }
    }
}
