//! `cpctl completions SHELL`.

use crate::{
    cli::{Completions, Shell},
    outcome::Outcome,
};

pub fn run(args: &Completions) -> Outcome {
    let script = match args.shell {
        Shell::Bash => include_str!("../../completions/cpctl.bash"),
        Shell::Zsh => include_str!("../../completions/_cpctl"),
        Shell::Fish => include_str!("../../completions/cpctl.fish"),
        Shell::PowerShell => include_str!("../../completions/_cpctl.ps1"),
        Shell::Elvish => include_str!("../../completions/cpctl.elv"),
    };
    Outcome::Script(script.to_owned())
}
