//! `cpctl completions SHELL`.

use clap::CommandFactory;

use crate::{
    cli::{Cli, Completions},
    outcome::Outcome,
};

pub fn run(args: &Completions) -> Outcome {
    let mut script = vec![];
    clap_complete::generate(args.shell, &mut Cli::command(), "cpctl", &mut script);
    Outcome::Script(String::from_utf8_lossy(&script).into_owned())
}
