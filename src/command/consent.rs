//! From a plan to a run: the preview, the question, the journal, the work.

use std::collections::BTreeMap;

use super::interrupt;
use crate::{
    apply::{self, OnFailure},
    error::Error,
    journal::Journal,
    operator::{Agreement, Operator},
    outcome::{Applied, Deed, FileDiff, Outcome, Preview},
    plan::{Change, Plan},
    probe::Trust,
    report::Finding,
    world::World,
};

/// How far a verb may go with its plan.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Consent {
    /// Show the plan and stop.
    DryRun,
    Ask,
    /// The operator said yes beforehand.
    Given,
}

impl From<crate::cli::Consent> for Consent {
    fn from(flags: crate::cli::Consent) -> Self {
        match (flags.dry_run, flags.yes) {
            (true, _) => Self::DryRun,
            (false, true) => Self::Given,
            (false, false) => Self::Ask,
        }
    }
}

/// The texts that a plan's edits start from, by node and path.
pub type Texts = BTreeMap<(String, std::path::PathBuf), String>;

/// Shows the plan, asks where that is wanted, and carries it out.
pub fn carry_out(
    preview: Preview,
    consent: Consent,
    on_failure: OnFailure,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    match consent {
        Consent::DryRun => return Ok(Outcome::Preview(preview)),
        Consent::Given => {}
        Consent::Ask => match operator.agrees(&preview) {
            Agreement::Yes => {}
            Agreement::No => return Ok(Outcome::Declined),
            Agreement::NobodyToAsk => return Err(Error::NobodyToAsk),
        },
    }
    let Preview { plan, findings, .. } = preview;
    let title = plan.title.clone();
    let nodes = nodes_of(&plan);
    let terms = apply::Terms { on_failure, interrupt: interrupt::armed()?, ..apply::Terms::default() };
    let mut journal = Journal::create(&world.state, world.now, &world.operator, plan)?;
    apply::apply(&mut journal, world, &terms, operator)?;
    let run = Some(journal.account().run.clone());
    Ok(Outcome::Applied(Applied { deed: Deed::Done, run, title, nodes, findings }))
}

/// A plan with what it makes of the files it edits.
pub fn preview(plan: Plan, texts: &Texts, findings: Vec<Finding>) -> Preview {
    let ca = Trust::from_pem(&plan.cluster.trust).ok().map(|trust| trust.fingerprint());
    let diffs = plan.steps.iter().flat_map(|step| {
        step.changes.iter().filter_map(|change| {
            let Change::Edit { path, edit } = change else { return None };
            let before = texts.get(&(step.node.clone(), path.clone()))?.clone();
            let after = edit.make(&before).ok()?;
            Some(FileDiff { node: step.node.clone(), path: path.clone(), before, after })
        })
    });
    let diffs = diffs.collect();
    Preview { plan, diffs, findings, ca }
}

/// What a verb says that found everything as it was asked for.
pub fn nothing_to_do(title: String, findings: Vec<Finding>) -> Outcome {
    Outcome::Applied(Applied { deed: Deed::NothingToDo, run: None, title, nodes: vec![], findings })
}

/// The nodes of a plan's steps, in their order.
pub fn nodes_of(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(|step| step.node.clone()).collect()
}
