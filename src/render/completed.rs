//! What may come next, as kubectl and its like tell it to a shell: word, tab, what it is; last a colon and a number.

use std::io::{self, Write};

use crate::outcome::Completed;

/// The shell completes files where there is no word.
const FILES_TOO: u8 = 0;
const NO_FILES: u8 = 4;

pub(super) fn write(completed: &Completed, out: &mut dyn Write) -> io::Result<()> {
    for candidate in &completed.candidates {
        match &candidate.what {
            Some(what) => writeln!(out, "{}\t{what}", candidate.word)?,
            None => writeln!(out, "{}", candidate.word)?,
        }
    }
    writeln!(out, ":{}", if completed.files { FILES_TOO } else { NO_FILES })
}
