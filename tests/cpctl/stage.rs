//! A rehearsed cluster, and operators' machines to type on.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use cpctl::rehearse::{Cluster, Machine};
use jiff::Timestamp;
use tempfile::TempDir;

/// A rehearsed cluster, and operators with homes of their own.
pub struct Stage {
    pub cluster: Cluster,
    pub directory: TempDir,
}

impl Stage {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let cluster = Cluster::start(&directory.path().join("cluster"), Timestamp::now()).unwrap();
        Self { cluster, directory }
    }

    /// The home of an operator who has typed nothing yet; one name is one machine.
    pub fn home(&self, operator: &str) -> PathBuf {
        let home = self.directory.path().join(operator);
        fs::create_dir_all(&home).unwrap();
        home
    }

    pub fn vip(&self) -> String {
        self.cluster.endpoint().host.to_string()
    }
}

/// Keeps every act on a machine waiting until the file is dropped.
pub fn close(machine: &Machine) -> File {
    let path = machine.path(Path::new("/.machine/changing")).unwrap();
    let gate = File::options().create(true).truncate(false).write(true).open(path).unwrap();
    gate.lock().unwrap();
    gate
}
