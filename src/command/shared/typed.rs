//! Files that are named on the command line.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

use crate::error::Error;

/// Standard input, where a file may be named.
pub const STDIN: &str = "-";

/// The bytes of a file, or of standard input.
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    refuse_directory(path)?;
    let mut bytes = vec![];
    let read = if path == Path::new(STDIN) {
        io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    read.map_err(|source| Error::Read { path: path.to_owned(), source })
}

/// Files are named one by one, so that nobody judges by what happens to lie beside them.
pub fn refuse_directory(path: &Path) -> Result<(), Error> {
    if !path.is_dir() {
        return Ok(());
    }
    Err(Error::Usage {
        message: format!("{}: is a directory", path.display()),
        hint: format!("name the files in it: `{}`", path.join("*").display()),
    })
}
