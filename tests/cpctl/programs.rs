//! The real programs of a balancer, out of the tree that the lab's machines share.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::{harness::Ran, left_out::left_out};

/// Files that are laid over the tree for each program that runs in it.
pub struct Programs {
    files: TempDir,
}

/// What a program sees of the network.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Network {
    /// That of the test itself.
    Shared,
    /// An `eth0` and nothing else, where any address can be bound.
    Alone,
}

/// A program at work, ended when this is dropped.
pub struct Running(Child);

impl Programs {
    /// `None` where there is no lab on this machine.
    pub fn of_the_lab(what: &str) -> Option<Self> {
        if std::env::var("CPCTL_LAB").as_deref() != Ok("1") {
            left_out(&format!("{what} needs the programs of the lab"));
            return None;
        }
        let files = tempfile::tempdir().unwrap();
        fs::set_permissions(files.path(), Permissions::from_mode(0o755)).unwrap();
        Some(Self { files })
    }

    /// The directory that is laid over the tree.
    pub fn root(&self) -> &Path {
        self.files.path()
    }

    pub fn put(&self, path: &str, mode: u32, text: &str) {
        let file = self.place(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
    }

    pub fn run(&self, network: Network, words: &[&str]) -> Ran {
        Ran::of(&mut self.command(network, words))
    }

    /// Starts a program that stays in the foreground.
    pub fn start(&self, words: &[&str]) -> Running {
        let mut command = self.command(Network::Shared, words);
        Running(command.stdout(Stdio::null()).spawn().expect("tests/lab/program starts"))
    }

    fn command(&self, network: Network, words: &[&str]) -> Command {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab/program");
        let mut command = Command::new(script);
        command.args((network == Network::Alone).then_some("--alone"));
        command.arg(self.files.path()).args(words).stdin(Stdio::null());
        command
    }

    fn place(&self, path: &str) -> PathBuf {
        self.files.path().join(path.trim_start_matches('/'))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let pid = Pid::from_child(&self.0);
        // It may have ended by itself; what it left behind ends with it.
        let _ = kill_process(pid, Signal::TERM);
        let _ = self.0.wait();
    }
}
