//! The verbs of load balancers.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{FailOn, Format};

#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Lb {
    /// Tell what is wrong with a balancer's configuration, line by line
    ///
    /// Reads files as their programs do, defaults and all, and judges what concerns the API servers; the pools of
    /// other services are nobody's business here. Give the files that belong together at once: both peers, with
    /// their scripts. With an inventory the files are also held against the control plane.
    ///
    /// A finding is kept quiet by a comment on its line or the line above, which says until when and why:
    ///
    ///   # cpctl: ignore[ID] until=2027-01-31 the second machine is ordered
    #[command(verbatim_doc_comment)]
    Lint(Lint),
}

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
    pub kind: Option<Kind>,

    /// How bad a finding must be for exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "fail")]
    pub fail_on: FailOn,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

/// What a file configures.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Kind {
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
    Script,
}
