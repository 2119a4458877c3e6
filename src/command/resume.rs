//! `cpctl resume [RUN]`.

use super::{
    consent, interrupt,
    records::{self, Known},
};
use crate::{
    apply,
    cli::{Common, Resume},
    error::Error,
    journal::State,
    operator::Operator,
    outcome::{Applied, Deed, Outcome},
    world::World,
};

pub fn run(
    args: &Resume,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let unfinished = records::open(args.run.as_deref(), is_unfinished, common, world)?;
    let Some((mut journal, is_unfinished)) = unfinished else {
        return Ok(consent::nothing_to_do("resume: no run is unfinished".into(), vec![]));
    };
    let account = journal.account();
    let (run, plan) = (account.run.clone(), account.plan.clone());
    if !is_unfinished {
        return Ok(consent::nothing_to_do(format!("resume {run}: it is over"), vec![]));
    }
    let terms = apply::Terms { interrupt: interrupt::armed()?, ..apply::Terms::default() };
    apply::apply(&mut journal, world, &terms, operator)?;
    let places = consent::places_of(&plan);
    Ok(Outcome::Applied(Applied {
        deed: match journal.account().state() {
            State::Undone | State::Refused => Deed::Undone,
            State::Done | State::Unfinished => Deed::Done,
        },
        run: Some(run),
        title: plan.title,
        places,
        findings: vec![],
    }))
}

/// Whether something is left to do, be it only to give back a lock that a killed process left at its very end.
fn is_unfinished(known: &Known) -> bool {
    known.account.state() == State::Unfinished || known.holds
}
