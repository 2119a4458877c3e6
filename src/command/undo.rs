//! `cpctl undo [RUN]`.

use super::shared::{
    credentials,
    records::{self, Known, Opened},
};
use crate::{
    apply,
    cli::{Common, Undo},
    error::Error,
    journal::State,
    operator::{Agreement, Operator, interrupt},
    outcome::{Deed, Outcome},
    world::World,
};

pub fn run(
    args: &Undo,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let Opened { journal, mut findings } = records::open(args.run.as_deref(), is_in_place, common, world)?;
    let Some((mut journal, is_in_place)) = journal else {
        return Ok(Outcome::nothing_to_do("undo: no run is in place".into(), findings));
    };
    let account = journal.account();
    let (run, plan) = (account.run.clone(), account.plan.clone());
    if account.state() == State::Undone && !is_in_place {
        return Ok(Outcome::nothing_to_do(format!("undo {run}: it is undone"), findings));
    }
    let (cluster, found) = credentials::of_here(&plan.cluster, common, world)?;
    credentials::refuse_restarts(&plan, found.as_ref())?;
    findings.extend(found);
    let places = plan.places();
    if !args.yes {
        let question = format!(
            "Take back `{}` of {} {places}?",
            plan.title,
            account.started.strftime("%Y-%m-%d %H:%M UTC")
        );
        match operator.confirms(&question) {
            Agreement::Yes => {}
            Agreement::No => return Ok(Outcome::Declined),
            Agreement::NobodyToAsk => return Err(Error::NobodyToAsk),
        }
    }
    let terms = apply::Terms {
        interrupt: interrupt::acknowledged(operator)?,
        cluster: Some(cluster),
        ..apply::Terms::default()
    };
    apply::undo(&mut journal, world, &terms, operator)?;
    Ok(Outcome::applied(Deed::Undone, run, &plan, findings))
}

/// Whether the run is the next to be taken back; one that was killed before its first change is, so that nobody who
/// means it takes back the run before it.
fn is_in_place(known: &Known) -> bool {
    known.account.has_changes() || known.holds || known.account.state() == State::Unfinished
}
