//! The verbs of runs: begun from a plan, gone on with, taken back, listed.

use std::path::PathBuf;

use clap::Args;

use super::Format;

/// Carry out a saved plan, exactly as it was shown
///
/// `--dry-run -o json` saves one. Where a file has changed since, the plan is refused and nothing is changed.
#[derive(Args, Debug)]
pub struct Apply {
    /// The plan, or `-` for standard input
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,

    /// Do not ask before changing anything
    #[arg(long, short)]
    pub yes: bool,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

/// Go on with a run that stopped part-way
///
/// Works from the journal on this machine, or from the record on the nodes where another machine began the run.
#[derive(Args, Debug)]
pub struct Resume {
    /// The run's id, as `cpctl runs` lists it [default: the last unfinished one]
    #[arg(value_name = "RUN")]
    pub run: Option<String>,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

/// Take a run back
///
/// Each API server presents the very certificate from before again, and a kubeconfig its old address. What others have
/// changed since stays. Refused while a later run relies on this one.
#[derive(Args, Debug)]
pub struct Undo {
    /// The run's id, as `cpctl runs` lists it [default: the last one that is in place]
    #[arg(value_name = "RUN")]
    pub run: Option<String>,

    /// Do not ask before changing anything
    #[arg(long, short)]
    pub yes: bool,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

/// List the runs, oldest first
///
/// Those that this machine has a journal of. With nodes named, by --node or by an inventory, also those that other
/// machines began and the nodes keep a record of.
#[derive(Args, Debug)]
pub struct Runs {
    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}
