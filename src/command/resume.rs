//! `cpctl resume [RUN]`.

use super::shared::{
    credentials,
    records::{self, Known, Opened},
};
use crate::{
    apply,
    cli::{Common, Resume},
    error::Error,
    journal::State,
    operator::{Operator, interrupt},
    outcome::{Deed, Outcome},
    world::World,
};

pub fn run(
    args: &Resume,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let Opened { journal, mut findings } = records::open(args.run.as_deref(), is_unfinished, common, world)?;
    let Some((mut journal, is_unfinished)) = journal else {
        return Ok(Outcome::nothing_to_do("resume: no run is unfinished".into(), findings));
    };
    let account = journal.account();
    let (run, plan) = (account.run.clone(), account.plan.clone());
    if !is_unfinished {
        return Ok(Outcome::nothing_to_do(format!("resume {run}: it is over"), findings));
    }
    let (cluster, found) = credentials::of_here(&plan.cluster, common, world)?;
    credentials::refuse_restarts(&plan, found.as_ref())?;
    findings.extend(found);
    let terms = apply::Terms {
        interrupt: interrupt::acknowledged(operator)?,
        cluster: Some(cluster),
        ..apply::Terms::default()
    };
    apply::apply(&mut journal, world, &terms, operator)?;
    let deed = match journal.account().state() {
        State::Undone | State::Refused => Deed::Undone,
        State::Done | State::Unfinished => Deed::Done,
    };
    Ok(Outcome::applied(deed, run, &plan, findings))
}

/// Whether something is left to do, be it only to give back a lock that a killed process left at its very end.
fn is_unfinished(known: &Known) -> bool {
    known.account.state() == State::Unfinished || known.holds
}
