//! An operator's machine beside a rehearsed cluster, on which the binary dies or stands still.

use std::{
    fs,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use super::{
    super::{killed_at, standing_still, struck, struck_at},
    bench::Bench,
};
use crate::harness::{Cpctl, Ran};

const SIGKILL: i32 = 9;

/// An operator's machine with runs of its own.
pub struct Laptop<'a> {
    bench: &'a Bench,
    state: TempDir,
}

/// The binary stopped as it wrote a record.
pub struct Frozen {
    process: Child,
    id: String,
}

impl<'a> Laptop<'a> {
    /// One that keeps its runs in this directory.
    pub fn new(bench: &'a Bench, state: TempDir) -> Self {
        Self { bench, state }
    }

    /// A command in the operator's home, with the inventory, the kubeconfig and this laptop's runs.
    fn dress(&self, command: &mut Command) {
        Cpctl::at_home(self.bench.home.path())
            .with("KUBECONFIG", self.bench.home.path().join("kube/config"))
            .with("XDG_STATE_HOME", self.state.path())
            .scrub(command);
        command.arg("--inventory").arg(self.bench.cluster.inventory_path());
    }

    pub fn cpctl(&self, args: &[&str]) -> Ran {
        let mut command = Command::new(Cpctl::binary());
        command.args(args);
        self.dress(&mut command);
        Ran::of(&mut command).exits(0)
    }

    /// Kills the binary at its record of that number; `false` where it came to its end before.
    pub fn is_killed(&self, record: usize, args: &[&str]) -> bool {
        self.is_killed_by(&killed_at(record), args)
    }

    /// The same at its system call of that number.
    pub fn is_killed_at(&self, call: &str, number: usize, args: &[&str]) -> bool {
        self.is_killed_by(&struck_at(call, "KILL", number, Path::new("/dev/null")), args)
    }

    fn is_killed_by(&self, words: &[String], args: &[&str]) -> bool {
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(args);
        self.dress(&mut command);
        let output = command.output().unwrap();
        let is_killed = output.status.signal() == Some(SIGKILL);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(is_killed || output.status.success(), "{words:?}: {}\n{said}", output.status);
        is_killed
    }

    /// Starts the binary and waits until it stands still at its record of that number.
    pub fn freeze_at(&self, record: usize, args: &[&str]) -> Frozen {
        let log = self.state.path().join("strace");
        let words = struck("STOP", record, &log);
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
        self.dress(&mut command);
        Frozen { process: command.spawn().unwrap(), id: standing_still(&log) }
    }

    /// The journal of its only run, once there is a line in it.
    fn journal(&self) -> Option<PathBuf> {
        let entries = fs::read_dir(self.state.path().join("cpctl/runs")).ok()?;
        let mut journals: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        journals.retain(|path| path.extension().is_some_and(|end| end == "jsonl"));
        assert!(journals.len() <= 1, "{journals:?}");
        journals.pop().filter(|journal| fs::read_to_string(journal).unwrap().contains('\n'))
    }

    /// Takes back this laptop's run and no other.
    pub fn undo(&self) {
        let run = self.run().unwrap();
        self.cpctl(&["undo", &run, "--yes"]);
        self.bench.forget();
    }

    pub fn run(&self) -> Option<String> {
        Some(self.journal()?.file_stem()?.to_str()?.to_owned())
    }

    /// How many records the journal has.
    pub fn records(&self) -> usize {
        self.lines().len()
    }

    pub fn lines(&self) -> Vec<String> {
        fs::read_to_string(self.journal().unwrap()).unwrap().lines().map(str::to_owned).collect()
    }
}

impl Frozen {
    /// Lets the binary go on, and waits for its end.
    pub fn thaw(self) -> Ran {
        assert!(Command::new("kill").args(["-CONT", &self.id]).status().unwrap().success());
        Ran::ended(self.process)
    }
}
