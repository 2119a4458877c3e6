//! All checks before a move.

use clap::{Args, ValueEnum};

use super::Format;
use crate::report::{Choice, Selection, Severity};

#[derive(Args, Debug)]
pub struct Preflight {
    /// The address that clients are to use [default: the inventory's endpoint, else the kubeconfig's server]
    #[arg(long, value_name = "URL|HOST[:PORT]")]
    pub to: Option<String>,

    /// Nothing but these checks: groups, checks or findings by their ids
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub only: Vec<Choice>,

    /// All but these
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub skip: Vec<Choice>,

    /// How bad a finding must be for exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "fail")]
    pub fail_on: Bar,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

impl Preflight {
    pub fn selection(&self) -> Selection {
        Selection { only: self.only.clone(), skip: self.skip.clone() }
    }
}

/// How bad a finding must be for exit code 1, if any is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Bar {
    Warn,
    Fail,
    Never,
}

impl Bar {
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Warn => Some(Severity::Warn),
            Self::Fail => Some(Severity::Fail),
            Self::Never => None,
        }
    }
}
