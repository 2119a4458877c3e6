//! Files that a result is written to beside standard output.

use std::{
    fs::{File, Permissions},
    io::{self, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

/// A file that the result is written to as well.
#[derive(Debug)]
pub struct Paper<F> {
    pub form: F,
    pub path: PathBuf,
    pub sheet: Sheet,
}

/// What is written on, tried at the beginning, so that a place that cannot be written is told before anything else is done.
#[derive(Debug)]
pub enum Sheet {
    /// Is made beside a regular file, or where there is none yet, and takes its place once it is whole. Whoever is stopped
    /// before leaves nothing.
    Beside,
    /// A pipe or a device, which nothing may take the place of.
    There(File),
}

impl<F> Paper<F> {
    /// Writes the whole of it.
    pub fn fill(self, text: &[u8]) -> io::Result<()> {
        match self.sheet {
            Sheet::There(mut file) => file.write_all(text),
            Sheet::Beside => {
                let mut file = beside(&self.path)?;
                file.write_all(text)?;
                file.persist(&self.path).map(drop).map_err(|error| error.error)
            }
        }
    }
}

/// A new file in the directory of a place.
pub fn beside(place: &Path) -> io::Result<NamedTempFile> {
    let directory = place.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
    let permissions = Permissions::from_mode(0o644);
    tempfile::Builder::new().prefix(".cpctl-").permissions(permissions).tempfile_in(directory)
}
