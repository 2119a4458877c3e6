//! `cpctl lb lint`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::super::{FailOn, Format};

#[derive(Args, Debug)]
pub struct Lint {
    /// The files; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "remote")]
    pub files: Vec<PathBuf>,

    /// Read the files on the inventory's balancers, where Debian's packages have them
    #[arg(long)]
    pub remote: bool,

    /// What the files configure, where their content does not tell
    #[arg(long, value_name = "KIND")]
    pub kind: Option<LintedKind>,

    /// How bad a finding must be for exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "fail")]
    pub fail_on: FailOn,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

/// What a file configures.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum LintedKind {
    Haproxy,
    Pfsense,
    Opnsense,
    Nginx,
    Keepalived,
    Relayd,
    Pf,
    KubeVip,
    Zone,
    Kubeconfig,
    Sysctl,
    Pem,
    Script,
}
