//! `cpctl undo [RUN]`.

use super::{consent, interrupt, records};
use crate::{
    apply,
    cli::{Common, Undo},
    error::Error,
    journal::State,
    operator::{Agreement, Operator},
    outcome::{Applied, Deed, Outcome},
    world::World,
};

pub fn run(
    args: &Undo,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let in_place = records::open(args.run.as_deref(), |account| account.has_changes(), common, world)?;
    let Some(mut journal) = in_place else {
        return Ok(consent::nothing_to_do("undo: no run is in place".into(), vec![]));
    };
    let account = journal.account();
    let (run, plan) = (account.run.clone(), account.plan.clone());
    if account.state() == State::Undone {
        return Ok(consent::nothing_to_do(format!("undo {run}: it is undone"), vec![]));
    }
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
    let terms = apply::Terms { interrupt: interrupt::armed()?, ..apply::Terms::default() };
    apply::undo(&mut journal, world, &terms, operator)?;
    Ok(Outcome::Applied(Applied {
        deed: Deed::Undone,
        run: Some(run),
        title: plan.title,
        places,
        findings: vec![],
    }))
}
