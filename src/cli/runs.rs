//! The verbs of runs: begun from a plan, gone on with, taken back, listed.

use std::path::PathBuf;

use clap::Args;

use super::Format;

#[derive(Args, Debug)]
pub struct Apply {
    /// The plan, or `-` for standard input
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,

    /// Do not ask before changing anything
    #[arg(long, short)]
    pub yes: bool,

    /// Ask the API all the while, ten times a second on a new connection each, and say what became of it
    #[arg(long)]
    pub watch: bool,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

#[derive(Args, Debug)]
pub struct Resume {
    /// The run's id, as `cpctl runs` lists it [default: the last unfinished one]
    #[arg(value_name = "RUN")]
    pub run: Option<String>,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

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

#[derive(Args, Debug)]
pub struct Runs {
    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}
