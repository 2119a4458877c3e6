//! Files that a result is written to beside standard output.

use std::{
    fs::File,
    io::{self, Write as _},
    path::PathBuf,
};

use tempfile::NamedTempFile;

/// A file that the result is written to as well.
#[derive(Debug)]
pub struct Paper<F> {
    pub form: F,
    pub path: PathBuf,
    pub sheet: Sheet,
}

/// What is written on, opened at the beginning, so that a place that cannot be written is told before anything else is done.
#[derive(Debug)]
pub enum Sheet {
    /// Lies beside a regular file, or where there is none yet, and takes its place once it is whole.
    Beside(NamedTempFile),
    /// A pipe or a device, which nothing may take the place of.
    There(File),
}

impl<F> Paper<F> {
    /// Writes the whole of it.
    pub fn fill(self, text: &[u8]) -> io::Result<()> {
        match self.sheet {
            Sheet::There(mut file) => file.write_all(text),
            Sheet::Beside(mut file) => {
                file.write_all(text)?;
                file.persist(&self.path).map(drop).map_err(|error| error.error)
            }
        }
    }
}
