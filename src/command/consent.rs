//! From a plan to a run: the preview, the question, the journal, the work.

use super::interrupt;
use crate::{
    apply::{self, OnFailure},
    error::Error,
    journal::Journal,
    operator::{Agreement, Operator},
    outcome::{Applied, Deed, FileDiff, Outcome, Preview},
    plan::{Places, Plan},
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
    let places = plan.places();
    let terms = apply::Terms { on_failure, interrupt: interrupt::armed()? };
    let mut journal = Journal::create(&world.state, world.now, &world.operator, plan)?;
    apply::apply(&mut journal, world, &terms, operator)?;
    let run = Some(journal.account().run.clone());
    Ok(Outcome::Applied(Applied { deed: Deed::Done, run, title, places, findings }))
}

/// A plan with what it makes of the files it edits.
pub fn preview(plan: Plan, diffs: Vec<FileDiff>, findings: Vec<Finding>) -> Preview {
    let ca = Trust::from_pem(&plan.cluster.trust).ok().map(|trust| trust.fingerprint());
    Preview { plan, diffs, findings, ca }
}

/// What a verb says that found everything as it was asked for.
pub fn nothing_to_do(title: String, findings: Vec<Finding>) -> Outcome {
    Outcome::Applied(Applied {
        deed: Deed::NothingToDo,
        run: None,
        title,
        places: Places::default(),
        findings,
    })
}
