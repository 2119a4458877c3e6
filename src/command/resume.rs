//! `cpctl resume [RUN]`.

use super::{
    consent, credentials, interrupt,
    records::{self, Opened},
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
    let Opened { journal, mut findings } =
        records::open(args.run.as_deref(), |account| account.state() == State::Unfinished, common, world)?;
    let Some(mut journal) = journal else {
        return Ok(consent::nothing_to_do("resume: no run is unfinished".into(), findings));
    };
    let account = journal.account();
    let (run, plan, state) = (account.run.clone(), account.plan.clone(), account.state());
    if state != State::Unfinished {
        return Ok(consent::nothing_to_do(format!("resume {run}: it is over"), findings));
    }
    let (cluster, found) = credentials::of_here(&plan.cluster, common, world)?;
    findings.extend(found);
    let terms =
        apply::Terms { interrupt: interrupt::armed()?, cluster: Some(cluster), ..apply::Terms::default() };
    apply::apply(&mut journal, world, &terms, operator)?;
    let places = consent::places_of(&plan);
    Ok(Outcome::Applied(Applied { deed: Deed::Done, run: Some(run), title: plan.title, places, findings }))
}
