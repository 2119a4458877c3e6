//! The one place where values become text: for people, and for programs.

use std::{
    borrow::Cow,
    ffi::OsStr,
    io::{self, Write},
};

use crate::{
    error::Error,
    outcome::{Form, Outcome, Preflight, Shape, Watched},
};

mod completed;
mod drift;
mod explained;
mod findings;
mod front;
mod inspection;
mod json;
mod keyboard;
mod lines;
mod linted;
mod notes;
mod page;
mod preflight;
mod preview;
mod progress;
mod prompter;
mod rehearsal;
mod rendered;
mod screen;
mod terminal;
mod text;
mod voice;
mod watched;

pub use findings::error;
pub use prompter::Prompter;
pub use screen::Loudness;
pub use terminal::Terminal;
pub use voice::Voice;

/// How the result of a verb is written to standard output.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    Text,
    Json,
    Pem,
    Yaml,
    /// A form that checks alone have.
    Shaped(Shape),
}

/// Leaves colours out wherever `NO_COLOR` is set, also where `CLICOLOR_FORCE` asks for them.
pub fn honour_no_color(no_color: Option<&OsStr>) {
    if no_color.is_some_and(|value| !value.is_empty()) {
        console::set_colors_enabled(false);
        console::set_colors_enabled_stderr(false);
    }
}

/// Writes what a verb came to.
pub fn outcome(outcome: &Outcome, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text::write(outcome, out),
        Format::Json => json::write(outcome, out),
        Format::Pem => text::pem(outcome, out),
        Format::Yaml => text::yaml(outcome, out),
        Format::Shaped(shape) => match outcome {
            Outcome::Preflight(preflight) => preflight::write(shape, preflight, out),
            other => text::write(other, out),
        },
    }
}

/// Writes a watch as a file of this form.
pub fn watched(form: Form, watched: &Watched, out: &mut dyn Write) -> io::Result<()> {
    watched::paper(form, watched, out)
}

/// Writes what checks came to as a file of this shape: without colours, wherever standard output goes.
pub fn preflight(shape: Shape, preflight: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    if shape != Shape::Text {
        return preflight::write(shape, preflight, out);
    }
    let mut text = vec![];
    preflight::write(shape, preflight, &mut text)?;
    out.write_all(console::strip_ansi_codes(&String::from_utf8_lossy(&text)).as_bytes())
}

/// Writes to standard error what a verb came to that did nothing.
pub fn complaint(complaint: &Outcome, voice: &Voice) -> io::Result<()> {
    let mut text = vec![];
    text::write(complaint, &mut text)?;
    to_stderr(voice.spoken(&String::from_utf8_lossy(&text)).as_bytes())
}

/// Writes what a verb came to for people, with its commands as they would type them.
pub fn spoken(outcome: &Outcome, voice: &Voice, out: &mut dyn Write) -> io::Result<()> {
    match (voice, outcome) {
        // What is meant for a file is the same whoever asks.
        (Voice::Own, _) | (_, Outcome::Script(_) | Outcome::Rendered(_)) => text::write(outcome, out),
        _ => {
            let mut text = vec![];
            text::write(outcome, &mut text)?;
            voice.say(&text, out)
        }
    }
}

/// Writes text to standard error, in colours only where that is a terminal: the styles go by standard output.
fn to_stderr(text: &[u8]) -> io::Result<()> {
    let text = String::from_utf8_lossy(text);
    io::stderr().write_all(for_stderr(&text).as_bytes())
}

fn for_stderr(text: &str) -> Cow<'_, str> {
    if console::colors_enabled_stderr() { text.into() } else { console::strip_ansi_codes(text) }
}

/// Writes an error as JSON where the caller asked for JSON, so that a program never has to read prose.
pub fn error_json(error: &Error, out: &mut dyn Write) -> io::Result<()> {
    json::error(error, out)
}
