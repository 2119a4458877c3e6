//! The completion scripts.

use clap::Args;

#[derive(Args, Debug)]
pub struct Completions {
    /// The shell that is to complete cpctl's commands
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}
