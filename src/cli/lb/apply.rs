//! `cpctl lb apply`.

use clap::{Args, ValueEnum};

use super::{
    super::{Consent, Format},
    Values,
};

#[derive(Args, Debug)]
pub struct Install {
    /// What runs on the machines in front: one of haproxy and nginx, keepalived, or both
    #[arg(value_name = "KIND", required = true)]
    pub kinds: Vec<InstalledKind>,

    #[command(flatten)]
    pub values: Values,

    #[command(flatten)]
    pub consent: Consent,

    /// Replace a configuration that serves more than the API servers
    #[arg(long)]
    pub force: bool,

    /// Leave a machine that fails its proof as it is, rather than take it back
    #[arg(long)]
    pub keep_failed: bool,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, ValueEnum)]
pub enum InstalledKind {
    Haproxy,
    Nginx,
    Keepalived,
}
