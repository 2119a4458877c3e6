//! The verbs: each gathers, calls the rooms below, and returns what it came to.

use crate::{
    cli::{Certs, Cli, Endpoint, Kubeconfig, Lb, Verb},
    error::Error,
    operator::Operator,
    outcome::Outcome,
    world::World,
};

mod add_san;
mod apply;
mod change;
mod complete;
mod completions;
mod drift;
mod endpoint_move;
mod explain;
mod inspect;
mod lb;
mod migrate;
mod nodes;
mod preflight;
mod rehearse;
mod remove_san;
mod renew;
mod repoint;
mod resume;
mod runs;
mod shared;
mod undo;
mod verify;
mod watch;

pub use preflight::shape;

/// Carries out the verb that was typed.
pub fn run(cli: &Cli, world: &World, operator: &mut dyn Operator) -> Result<Outcome, Error> {
    match carry_out(cli, world, operator) {
        Err(Error::Refused(findings)) => Ok(Outcome::Refused(findings)),
        result => result,
    }
}

fn carry_out(cli: &Cli, world: &World, operator: &mut dyn Operator) -> Result<Outcome, Error> {
    let common = &cli.common;
    match &cli.verb {
        Verb::Certs(Certs::Inspect(args)) => inspect::run(args, common, world, operator),
        Verb::Certs(Certs::AddSan(args)) => add_san::run(args, common, world, operator),
        Verb::Certs(Certs::RemoveSan(args)) => remove_san::run(args, common, world, operator),
        Verb::Certs(Certs::Renew(args)) => renew::run(args, common, world, operator),
        Verb::Certs(Certs::Drift(args)) => drift::run(args, common, world),
        Verb::Kubeconfig(Kubeconfig::Repoint(args)) => repoint::run(args, common, world, operator),
        Verb::Endpoint(Endpoint::Move(args)) => endpoint_move::run(args, common, world, operator),
        Verb::Lb(Lb::Render(args)) => lb::render::run(args, common, world),
        Verb::Lb(Lb::Apply(args)) => lb::apply::run(args, common, world, operator),
        Verb::Lb(Lb::Lint(args)) => lb::lint::run(args, common, world),
        Verb::Lb(Lb::Check(args)) => lb::check::run(args, common, world),
        Verb::Migrate(args) => migrate::run(args, common, world, operator),
        Verb::Preflight(args) => preflight::run(args, common, world, operator),
        Verb::Verify(args) => verify::run(args, common, world),
        Verb::Watch(args) => watch::run(args, common, world, operator),
        Verb::Nodes(_) => nodes::run(common, world),
        Verb::Apply(args) => apply::run(args, common, world, operator),
        Verb::Resume(args) => resume::run(args, common, world, operator),
        Verb::Undo(args) => undo::run(args, common, world, operator),
        Verb::Runs(_) => runs::run(common, world),
        Verb::Rehearse(args) => rehearse::run(args, common, world, operator),
        Verb::Explain(args) => Ok(explain::run(args)),
        Verb::Completions(args) => Ok(completions::run(args)),
        Verb::Complete(args) => Ok(complete::run(args, world)),
    }
}
