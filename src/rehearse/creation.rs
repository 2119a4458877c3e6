//! Files that were not there on a simulated node, and the directory above them.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt,
    path::Path,
};

use super::node::SimulatedNode;
use crate::node::{Digest, Done, Error};

impl SimulatedNode {
    pub(super) fn create(&self, path: &Path, mode: u32, bytes: &[u8], mark: &Path) -> Result<Done, Error> {
        if self.is_taken(path)? {
            return self.already(path, &Digest::of(bytes));
        }
        if let Some(home) = path.parent() {
            self.make_home(home, mark)?;
        }
        match self.create_new(path, bytes, mode)? {
            true => Ok(Done::Done),
            false => self.already(path, &Digest::of(bytes)),
        }
    }

    pub(super) fn remove_made(&self, path: &Path, made: &Digest, mark: &Path) -> Result<Done, Error> {
        let mut done = Done::Already;
        if self.is_taken(path)? {
            self.already(path, made)?;
            done = self.remove(path)?;
        }
        if self.read(mark)?.is_some() {
            if let Some(home) = path.parent() {
                self.remove_empty(home);
            }
            done = self.remove(mark)?;
        }
        Ok(done)
    }

    /// Refuses a file that holds other bytes than these.
    fn already(&self, path: &Path, digest: &Digest) -> Result<Done, Error> {
        match self.read(path)? {
            Some(there) if Digest::of(&there) == *digest => Ok(Done::Already),
            _ => Err(Error::Drifted { node: self.name.clone(), path: path.to_owned() }),
        }
    }

    fn is_taken(&self, path: &Path) -> Result<bool, Error> {
        let found = self.machine.path(path).map_err(self.cannot(format!("read {}", path.display())))?;
        Ok(fs::symlink_metadata(found).is_ok())
    }

    fn make_home(&self, home: &Path, mark: &Path) -> Result<(), Error> {
        let cannot = self.cannot(format!("make {}", home.display()));
        let found = self.machine.path(home).map_err(&cannot)?;
        if found.is_dir() {
            return Ok(());
        }
        if !found.parent().is_some_and(Path::is_dir) {
            return Err(cannot(io::ErrorKind::NotFound.into()));
        }
        if let Some(above) = mark.parent() {
            self.make_directory(above)?;
        }
        self.replace(mark, b"", 0o600, "root:root")?;
        self.make_directory(home)?;
        fs::set_permissions(found, Permissions::from_mode(0o755)).map_err(cannot)
    }
}
