//! The rehearsal.

use clap::Args;

use super::Format;

#[derive(Args, Debug)]
pub struct Rehearse {
    /// Leave the cluster running until Ctrl-C, and print how to play with it from another terminal
    #[arg(long)]
    pub keep: bool,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}
