//! An operator's machine in the lab, on which the binary dies or stands still at a record of its journal.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use super::{killed_at, standing_still, struck};
use crate::{
    harness::{Cpctl, Ran},
    lab::Lab,
};

/// A shell's status for a command that SIGKILL ended.
pub const KILLED: i32 = 137;

/// An operator's machine with runs of its own.
pub struct Laptop<'a> {
    lab: &'a Lab,
    name: String,
}

/// The binary stopped as it wrote a record.
pub struct Frozen<'a> {
    lab: &'a Lab,
    process: Child,
    id: String,
}

impl<'a> Laptop<'a> {
    /// One that knows of no run yet, if no other has the number.
    pub fn new(lab: &'a Lab, number: u32) -> Self {
        Self { lab, name: format!("laptop-{number}") }
    }

    fn state(&self) -> PathBuf {
        self.lab.path("home").join(&self.name)
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = self.lab.inside(words);
        command.env("XDG_STATE_HOME", self.state());
        command
    }

    pub fn cpctl(&self, args: &[&str]) -> Ran {
        Ran::of(&mut self.command(&[&[Cpctl::binary()], args].concat()))
    }

    pub fn kill_at(&self, record: usize, args: &[&str]) {
        let words = killed_at(record);
        let words: Vec<&str> = words.iter().map(String::as_str).chain(args.iter().copied()).collect();
        Ran::of(&mut self.command(&words)).exits(KILLED);
    }

    /// Starts the binary and waits until it stands still at its record of that number.
    pub fn freeze_at(&self, record: usize, args: &[&str]) -> Frozen<'a> {
        fs::create_dir_all(self.state()).unwrap();
        let log = self.state().join("strace");
        let words = struck("STOP", record, &log);
        let words: Vec<&str> = words.iter().map(String::as_str).chain(args.iter().copied()).collect();
        let process = piped(&mut self.command(&words));
        Frozen { lab: self.lab, process, id: standing_still(&log) }
    }

    /// The lines of the journal of its only run.
    pub fn journal(&self) -> Vec<String> {
        let entries = fs::read_dir(self.state().join("cpctl/runs")).unwrap();
        let mut journals: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        journals.retain(|path| path.extension().is_some_and(|end| end == "jsonl"));
        assert_eq!(journals.len(), 1, "{journals:?}");
        fs::read_to_string(&journals[0]).unwrap().lines().map(str::to_owned).collect()
    }
}

impl Frozen<'_> {
    /// Lets the binary go on, and waits for its end.
    pub fn thaw(self) -> Ran {
        Ran::of(&mut self.lab.inside(&["kill", "-CONT", &self.id])).exits(0);
        Ran::ended(self.process)
    }
}

pub fn piped(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// The number, from one, of the record that says that the first change is made.
pub fn record_of_the_edit(records: &[String]) -> usize {
    let is_it = |line: &String| line.contains("\"record\":\"done\"") && line.contains("\"change\":0");
    records.iter().position(is_it).unwrap() + 1
}

/// The number, from one, of the record that says that the first unit was restarted.
pub fn record_of_the_restart(records: &[String]) -> usize {
    records.iter().position(|line| line.contains("\"record\":\"restarted\"")).unwrap() + 1
}
