//! From a plan to a run: the preview, the question, the journal, the work.

use crate::{
    apply::{self, Foreseen, OnFailure},
    error::Error,
    journal::Journal,
    operator::{Agreement, Operator, interrupt},
    outcome::{Deed, FileDiff, Outcome, Preview},
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

/// What a verb would do, before anybody is asked.
pub enum Proposal {
    Plan(Box<Preview>),
    /// All is as it was asked for.
    Nothing(Vec<Finding>),
    Refused(Vec<Finding>),
}

impl Proposal {
    pub fn new(plan: Plan, diffs: Vec<FileDiff>, findings: Vec<Finding>) -> Self {
        Self::Plan(preview(plan, diffs, findings).into())
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
    match agreed(preview, consent, operator)? {
        Asked::Agreed(preview) => set_about(preview, on_failure, world, operator),
        Asked::Over(outcome) => Ok(outcome),
    }
}

/// What became of asking.
pub enum Asked {
    /// Go on with it.
    Agreed(Preview),
    /// There is nothing more to do.
    Over(Outcome),
}

/// Shows the plan, and asks where that is wanted.
pub fn agreed(preview: Preview, consent: Consent, operator: &mut dyn Operator) -> Result<Asked, Error> {
    match consent {
        Consent::DryRun => return Ok(Asked::Over(Outcome::Preview(preview))),
        Consent::Given => {}
        Consent::Ask => match operator.agrees(&preview) {
            Agreement::Yes => {}
            Agreement::No => return Ok(Asked::Over(Outcome::Declined)),
            Agreement::NobodyToAsk => return Err(Error::NobodyToAsk),
        },
    }
    Ok(Asked::Agreed(preview))
}

/// Carries out what was agreed on.
pub fn set_about(
    preview: Preview,
    on_failure: OnFailure,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let Preview { plan, findings, diffs, .. } = preview;
    let foreseen = foreseen(&plan, diffs);
    // A run on this machine alone is over sooner than a thread that could answer Ctrl-C has started.
    let interrupt = if plan.is_local() { interrupt::armed()? } else { interrupt::acknowledged(operator)? };
    let terms = apply::Terms { on_failure, interrupt, foreseen, ..apply::Terms::default() };
    let mut journal = Journal::create(&world.state, world.now, &world.operator, plan)?;
    apply::apply(&mut journal, world, &terms, operator)?;
    let account = journal.account();
    Ok(Outcome::applied(Deed::Done, account.run.clone(), &account.plan, findings))
}

/// What the plan's edits were seen to make of files that have one edit each.
fn foreseen(plan: &Plan, diffs: Vec<FileDiff>) -> Foreseen {
    let is_edit_of =
        |diff: &FileDiff, change: &Change| matches!(change, Change::Edit { path, .. } if *path == diff.path);
    let mut foreseen = Foreseen::default();
    for diff in diffs {
        let steps = plan.steps.iter().filter(|step| step.node == diff.node);
        if steps.flat_map(|step| &step.changes).filter(|change| is_edit_of(&diff, change)).count() == 1 {
            foreseen.put(&diff.node, diff.path, diff.before, diff.after);
        }
    }
    foreseen
}

/// A plan with what it makes of the files it edits.
pub fn preview(plan: Plan, diffs: Vec<FileDiff>, findings: Vec<Finding>) -> Preview {
    let trust = Some(&plan.cluster.trust).filter(|pem| !pem.is_empty());
    let ca = trust.and_then(|pem| Trust::from_pem(pem).ok()).map(|trust| trust.fingerprint());
    Preview { plan, diffs, findings, ca }
}
