//! The meaning of findings, for people.

use std::io::{self, Write};

use super::findings::{style, word};
use crate::report::Code;

/// Columns of a line, beside the word that it begins with.
const WIDTH: usize = 100;

/// One at length, several in a line each.
pub(super) fn write(codes: &[Code], out: &mut dyn Write) -> io::Result<()> {
    match codes {
        [code] => at_length(*code, out),
        codes => codes.iter().try_for_each(|code| in_a_line(*code, out)),
    }
}

fn in_a_line(code: Code, out: &mut dyn Write) -> io::Result<()> {
    let severity = code.severity();
    let word = style(severity).apply_to(word(severity));
    writeln!(out, "{word} {:27} {}", code.id(), code.explanation().what)
}

fn at_length(code: Code, out: &mut dyn Write) -> io::Result<()> {
    let (severity, told) = (code.severity(), code.explanation());
    writeln!(out, "{} {}: {}\n", style(severity).apply_to(word(severity)), code.id(), told.what)?;
    let parts = [("why", told.why), ("seen", told.seen), ("mend", told.mend), ("source", told.source)];
    for (name, text) in parts {
        let lines = lines(text);
        writeln!(out, "{name:6} {}", lines.join("\n       "))?;
    }
    Ok(())
}

/// A text in lines that can be read, no word cut.
fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
