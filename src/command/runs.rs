//! `cpctl runs`.

use super::shared::records::{self, Kept};
use crate::{
    cli::Common,
    error::Error,
    journal::State,
    outcome::{Outcome, RunSeen, RunsFound},
    world::World,
};

pub fn run(common: &Common, world: &World) -> Result<Outcome, Error> {
    let (known, findings) = records::all(common, world)?;
    let runs = known.into_iter().map(|known| {
        let account = &known.account;
        RunSeen {
            run: account.run.clone(),
            started: account.started,
            title: account.plan.title.clone(),
            state: state(account.state(), account.is_being_undone()).to_owned(),
            places: account.plan.places(),
            kept: match &known.kept {
                Kept::Here => "here".to_owned(),
                Kept::Node { name, .. } => name.clone(),
            },
        }
    });
    Ok(Outcome::Runs(RunsFound { runs: runs.collect(), findings }))
}

fn state(state: State, is_being_undone: bool) -> &'static str {
    match state {
        State::Unfinished if is_being_undone => "half undone",
        State::Unfinished => "unfinished",
        State::Done => "done",
        State::Undone => "undone",
        State::Refused => "unchanged",
    }
}
