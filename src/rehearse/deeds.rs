//! The file system under the acts: each path is the machine's, each failure says what could not be done.

use std::{fs, io::ErrorKind, path::Path};

use super::{disk, node::SimulatedNode};
use crate::node::{Done, Error};

impl SimulatedNode {
    /// The file's bytes, `None` where there is none.
    pub(super) fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, Error> {
        let read = self.machine.path(path).and_then(|found| disk::read(&found));
        read.map_err(self.cannot(format!("read {}", path.display())))
    }

    pub(super) fn mode(&self, path: &Path) -> Result<u32, Error> {
        let mode = self.machine.path(path).and_then(|found| disk::mode(&found));
        mode.or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(0) } else { Err(error) })
            .map_err(self.cannot(format!("read {}", path.display())))
    }

    pub(super) fn replace(&self, path: &Path, bytes: &[u8], mode: u32, owner: &str) -> Result<Done, Error> {
        let replace = || {
            self.machine.has_room()?;
            disk::replace(&self.linked(path)?, bytes, mode)?;
            self.machine.set_owner(path, owner)
        };
        replace().map_err(self.cannot(format!("write {}", path.display())))?;
        Ok(Done::Done)
    }

    /// `false` where the file is there already.
    pub(super) fn create_new(&self, path: &Path, bytes: &[u8], mode: u32) -> Result<bool, Error> {
        let create = || {
            let found = self.machine.path(path)?;
            if found.exists() {
                return Ok(false);
            }
            self.machine.has_room()?;
            disk::create_new(&found, bytes, mode)
        };
        create().map_err(self.cannot(format!("make {}", path.display())))
    }

    pub(super) fn make_directory(&self, path: &Path) -> Result<(), Error> {
        let make = || {
            let found = self.machine.path(path)?;
            if found.is_dir() {
                return Ok(());
            }
            self.machine.has_room()?;
            disk::make_directory(&found)
        };
        make().map_err(self.cannot(format!("make {}", path.display())))
    }

    /// Removes a directory that holds nothing; any other stays.
    pub(super) fn remove_empty(&self, path: &Path) {
        let _ = self.machine.path(path).and_then(fs::remove_dir);
    }

    pub(super) fn remove(&self, path: &Path) -> Result<Done, Error> {
        match self.machine.path(path).and_then(fs::remove_file) {
            Ok(()) => Ok(Done::Done),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Done::Already),
            Err(error) => Err(self.cannot(format!("remove {}", path.display()))(error)),
        }
    }

    /// The file itself where the path is a link to it, so that the link stays a link.
    fn linked(&self, path: &Path) -> std::io::Result<std::path::PathBuf> {
        let found = self.machine.path(path)?;
        Ok(found.canonicalize().unwrap_or(found))
    }
}
