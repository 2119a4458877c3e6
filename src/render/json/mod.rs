//! Outcomes, for programs: shapes of their own, which change only with their `schema`.

use std::io::{self, Write};

use serde::Serialize;

use self::{
    drift::DriftView,
    explained::ExplainedView,
    finding::RefusedView,
    front::FrontView,
    inspection::InspectionView,
    linted::LintedView,
    nodes::NodesView,
    preflight::PreflightView,
    rehearsal::RehearsedView,
    rendered::RenderedView,
    run::{AppliedView, RunsView},
    verification::VerificationView,
};
use super::completed;
use crate::{
    error::{Error, causes},
    outcome::{Outcome, Preflight},
    san::SanSet,
};

mod drift;
mod explained;
mod finding;
mod front;
mod inspection;
mod linted;
mod nodes;
mod preflight;
mod rehearsal;
mod rendered;
mod run;
mod verification;
pub(super) mod watched;

const SCHEMA: u32 = 1;

pub(super) fn write(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    match outcome {
        Outcome::Inspection(seen) => print(&InspectionView::of(seen), out),
        Outcome::Verification(seen) => print(&VerificationView::of(seen), out),
        Outcome::Front(seen) => print(&FrontView::of(seen), out),
        Outcome::Preflight(seen) => preflight(seen, out),
        Outcome::Drift(seen) => print(&DriftView::of(seen), out),
        Outcome::Linted(seen) => print(&LintedView::of(seen), out),
        Outcome::Preview(preview) => print(&preview.plan, out),
        Outcome::Applied(run) => print(&AppliedView::of(run), out),
        Outcome::Nodes(found) => print(&NodesView::of(found), out),
        Outcome::Runs(seen) => print(&RunsView::of(seen), out),
        Outcome::Rehearsed(seen) => print(&RehearsedView::of(seen), out),
        Outcome::Rendered(seen) => print(&RenderedView::of(seen), out),
        Outcome::Explained(codes) => print(&ExplainedView::of(codes), out),
        Outcome::Watched(seen) => watched::result(seen, out),
        Outcome::Told => Ok(()),
        Outcome::Script(script) => out.write_all(script.as_bytes()),
        Outcome::Completed(seen) => completed::write(seen, out),
        Outcome::Refused(found) => print(&RefusedView::of("refused", found), out),
        Outcome::Declined => print(&RefusedView::of("declined", &[]), out),
    }
}

pub(super) fn preflight(seen: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    print(&PreflightView::of(seen), out)
}

pub(super) fn error(error: &Error, out: &mut dyn Write) -> io::Result<()> {
    print(
        &ErrorView {
            schema: SCHEMA,
            result: "error",
            error: error.to_string(),
            causes: causes(error).map(ToString::to_string).collect(),
            notes: error.notes(),
            hints: error.hints(),
        },
        out,
    )
}

/// Names as texts, in their order.
fn names(names: &SanSet) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn print(view: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, view)?;
    writeln!(out)
}

#[derive(Serialize)]
struct ErrorView {
    schema: u32,
    result: &'static str,
    error: String,
    causes: Vec<String>,
    notes: Vec<String>,
    hints: Vec<String>,
}
