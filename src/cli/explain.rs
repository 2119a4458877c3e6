//! The meaning of findings.

use clap::Args;

use super::Format;
use crate::report::Code;

#[derive(Args, Debug)]
pub struct Explain {
    /// The id that stands behind a finding [default: all of them, one line each]
    #[arg(value_name = "ID", value_parser = code)]
    pub id: Option<Code>,

    #[arg(long, short, value_name = "FORMAT", default_value = "text", help = "How to print the result")]
    pub output: Format,
}

fn code(text: &str) -> Result<Code, String> {
    let id = text.trim_matches(['[', ']']);
    Code::of(id).ok_or_else(|| "there is no finding of this id; `cpctl explain` lists them".to_owned())
}
