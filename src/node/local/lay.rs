//! Files of the operator's own that nobody keeps a record of: what a verb wrote because it was told where to.

use std::{
    fs::{self, Permissions},
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use super::{MODE, replace::directory_of};

/// Writes a file whole, its directories with it; whatever had its name before is gone.
pub fn lay(path: &Path, mode: u32, text: &str) -> io::Result<()> {
    let directory = directory_of(path);
    fs::create_dir_all(&directory)?;
    let mut copy = tempfile::Builder::new().prefix(".cpctl-").tempfile_in(&directory)?;
    copy.write_all(text.as_bytes())?;
    copy.as_file().set_permissions(Permissions::from_mode(mode))?;
    copy.persist(path)?;
    Ok(())
}

/// Whether a file of this text and mode is there; `None` where nothing is.
pub fn lies(path: &Path, mode: u32, text: &str) -> io::Result<Option<bool>> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
        Ok(seen) if !seen.is_file() => Ok(Some(false)),
        Ok(seen) => Ok(Some(seen.permissions().mode() & MODE == mode && fs::read(path)? == text.as_bytes())),
    }
}
