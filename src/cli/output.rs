//! How a result is printed, and how bad it must be to fail.

use clap::ValueEnum;

use crate::report::Severity;

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

/// How bad a finding must be for exit code 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum FailOn {
    Warn,
    Fail,
}

impl FailOn {
    pub fn severity(self) -> Severity {
        match self {
            Self::Warn => Severity::Warn,
            Self::Fail => Severity::Fail,
        }
    }
}
