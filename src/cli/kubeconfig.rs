//! The verbs of kubeconfigs.

use clap::{Args, Subcommand};

use super::Format;

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Kubeconfig {
    /// Point a kubeconfig at the load balancer's address
    ///
    /// The new address must first prove itself: TLS against the kubeconfig's own CA, the exact host, and an API
    /// call with its credentials. Then one value in the file changes, and no other byte.
    Repoint(Repoint),
}

#[derive(Args, Debug)]
pub struct Repoint {
    /// The new address; without a port, that of the present server [default: the inventory's endpoint]
    #[arg(long, value_name = "URL|HOST[:PORT]")]
    pub to: Option<String>,

    /// The cluster entry to change, in place of the context's
    #[arg(long, value_name = "NAME", conflicts_with = "all_matching")]
    pub cluster: Option<String>,

    /// Change every cluster entry with the same server
    #[arg(long)]
    pub all_matching: bool,

    /// Do not try the new address first, for a file that is used elsewhere
    #[arg(long)]
    pub no_verify: bool,

    /// Show what would be done, and do nothing; with `-o json` it is a plan for `cpctl apply`
    #[arg(long)]
    pub dry_run: bool,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}
