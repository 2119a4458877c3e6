//! The one place where values become text: for people, and for programs.

use std::io::{self, Write};

use crate::{error::Error, outcome::Outcome};

mod findings;
mod inspection;
mod json;
mod lines;
mod preview;
mod prompter;
mod terminal;
mod text;

pub use findings::error;
pub use prompter::Prompter;
pub use terminal::{Loudness, Terminal};

/// How the result of a verb is written to standard output.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    Text,
    Json,
    Pem,
    Yaml,
}

/// Writes what a verb came to.
pub fn outcome(outcome: &Outcome, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text::write(outcome, out),
        Format::Json => json::write(outcome, out),
        Format::Pem => text::pem(outcome, out),
        Format::Yaml => text::yaml(outcome, out),
    }
}

/// Writes an error as JSON where the caller asked for JSON, so that a program never has to read prose.
pub fn error_json(error: &Error, out: &mut dyn Write) -> io::Result<()> {
    json::error(error, out)
}
