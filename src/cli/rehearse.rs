//! The rehearsal.

use clap::Args;

use super::Format;

/// Show the whole job on a small cluster that is built in
///
/// Needs no root, no cluster and no network beyond loopback. Three API servers behind a load balancer are moved to its
/// address by the commands of the real thing, while a client counts failed requests. Nothing is left afterwards.
#[derive(Args, Debug)]
pub struct Rehearse {
    /// Leave the cluster running until Ctrl-C, and print how to play with it from another terminal
    #[arg(long)]
    pub keep: bool,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}
