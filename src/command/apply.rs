//! `cpctl apply PLAN`.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use super::consent::{self, Consent};
use crate::{
    apply::OnFailure, cli::Apply, error::Error, operator::Operator, outcome::Outcome, plan::Plan,
    world::World,
};

pub fn run(args: &Apply, world: &World, operator: &mut dyn Operator) -> Result<Outcome, Error> {
    let plan = read(&args.plan)?;
    if plan.is_empty() {
        return Ok(consent::nothing_to_do(plan.title, vec![]));
    }
    let consent = if args.yes { Consent::Given } else { Consent::Ask };
    let preview = consent::preview(plan, vec![], vec![]);
    consent::carry_out(preview, consent, OnFailure::default(), world, operator)
}

fn read(path: &Path) -> Result<Plan, Error> {
    let mut bytes = vec![];
    let read = match path.to_str() {
        Some("-") => io::stdin().read_to_end(&mut bytes).map(drop),
        _ => fs::read(path).map(|read| bytes = read),
    };
    read.map_err(|source| Error::Read { path: path.to_owned(), source })?;
    Plan::from_json(&bytes).map_err(|source| Error::NotAPlan { path: path.to_owned(), source })
}
