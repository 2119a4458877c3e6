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
    let mut bytes = vec![];
    let read = if path == Path::new(STDIN) {
        io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    read.map_err(|source| Error::Read { path: path.to_owned(), source })
}
