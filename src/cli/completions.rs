//! The completion scripts.

use clap::Args;

/// Print a completion script for a shell
///
/// For bash, for example: cpctl completions bash > ~/.local/share/bash-completion/completions/cpctl
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell that is to complete cpctl's commands
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}
