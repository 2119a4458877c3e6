//! An append-only account of one run, enough to resume or undo it after a crash.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use ring::rand::{SecureRandom, SystemRandom};

use crate::plan::Plan;

mod account;
mod error;
mod locked;
mod progress;
mod record;

pub use account::{Account, State};
pub use error::Error;
pub use record::{Outcome, Place, Record, SCHEMA};

use locked::Locked;
use record::Line;

/// The journal of one run, locked: no other process of this machine can go on with the run meanwhile.
pub struct Journal {
    file: Locked,
    path: PathBuf,
    now: fn() -> Timestamp,
    account: Account,
    /// Whether the file's name is on the disk yet.
    is_listed: bool,
}

/// When a line has to be on the disk.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Due {
    Now,
    /// With the next line that is due.
    Later,
}

/// A journal that was found, readable or not.
pub struct Listed {
    pub run: String,
    pub account: Result<Account, Error>,
}

impl Journal {
    /// Begins the journal of a new run below `state`.
    pub fn create(state: &Path, now: fn() -> Timestamp, operator: &str, plan: Plan) -> Result<Self, Error> {
        loop {
            let at = now();
            let run = run_id(at);
            let record =
                Record::Plan { schema: SCHEMA, run, operator: operator.into(), plan: Box::new(plan.clone()) };
            let line = Line { at, record };
            let text = written(&line)?;
            let account = Account::of(line, text).expect("the line holds a plan");
            match Self::start(state, now, account) {
                Err(Error::Taken { .. }) => {}
                started => return started,
            }
        }
    }

    /// Opens the journal of a run that began on this machine.
    pub fn open(state: &Path, now: fn() -> Timestamp, run: &str) -> Result<Self, Error> {
        let path = path_of(state, run)?;
        let file = match OpenOptions::new().read(true).append(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Error::Unknown { run: run.into() });
            }
            opened => opened.map_err(Error::io("open", &path))?,
        };
        let file = Locked::take(file, &path, run)?;
        let bytes = fs::read(&path).map_err(Error::io("read", &path))?;
        let account = Account::read(&path.display().to_string(), &bytes)?;
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1);
        if whole < bytes.len() {
            file.set_len(whole as u64).map_err(Error::io("mend", &path))?;
        }
        Ok(Self::new(file, path, now, account))
    }

    /// Begins a local journal from the record that a node keeps of a run; where this machine has one, opens that.
    ///
    /// Unless the record says how the run ended, every change may have been begun.
    pub fn from_node(state: &Path, now: fn() -> Timestamp, record: &[u8]) -> Result<Self, Error> {
        let account = Account::read("the record on the node", record)?;
        let (run, rests) = (account.run.clone(), account.rests());
        match Self::start(state, now, account) {
            Err(Error::Taken { .. }) => Self::open(state, now, &run),
            Ok(mut journal) if !rests => {
                journal.append(Record::Unsure)?;
                Ok(journal)
            }
            started => started,
        }
    }

    /// The runs that have a journal below `state`, oldest first; each is readable or says why it is not.
    pub fn list(state: &Path) -> Result<Vec<Listed>, Error> {
        let directory = directory(state);
        let entries = match fs::read_dir(&directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
            entries => entries.map_err(Error::io("read", &directory))?,
        };
        let mut runs = vec![];
        for entry in entries {
            let path = entry.map_err(Error::io("read", &directory))?.path();
            let Some(run) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".jsonl")) else {
                continue;
            };
            let account = fs::read(&path)
                .map_err(Error::io("read", &path))
                .and_then(|bytes| Account::read(&path.display().to_string(), &bytes));
            runs.push(Listed { run: run.to_owned(), account });
        }
        runs.sort_by(|left: &Listed, right| left.run.cmp(&right.run));
        Ok(runs)
    }

    pub fn account(&self) -> &Account {
        &self.account
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where a copy of a file of this machine's own is kept: beside the journal, for a directory takes longer to make.
    pub fn copy(&self, name: &str) -> PathBuf {
        self.path.with_extension(format!("{name}.kept"))
    }

    /// Writes a record before it counts.
    pub fn append(&mut self, record: Record) -> Result<(), Error> {
        let line = Line { at: (self.now)(), record };
        let text = written(&line)?;
        self.write(&text, self.due(&line.record))?;
        self.account.take(&text, &line.record);
        Ok(())
    }

    /// Takes over what another machine recorded of this run since.
    pub fn supersede(&mut self, other: &Account) -> Result<(), Error> {
        self.append(Record::Superseded)?;
        for text in other.text().split_inclusive('\n').skip(1) {
            let line: Line = serde_json::from_str(text).expect("the account was read from these lines");
            self.write(text, Due::Now)?;
            self.account.take(text, &line.record);
        }
        if !other.rests() {
            self.append(Record::Unsure)?;
        }
        Ok(())
    }

    fn start(state: &Path, now: fn() -> Timestamp, account: Account) -> Result<Self, Error> {
        let (directory, path) = (directory(state), path_of(state, &account.run)?);
        make_directory(&directory)?;
        let file =
            OpenOptions::new().create_new(true).append(true).mode(0o600).open(&path).map_err(|source| {
                match source.kind() {
                    io::ErrorKind::AlreadyExists => Error::Taken { run: account.run.clone() },
                    _ => Error::io("create", &path)(source),
                }
            })?;
        let file = Locked::take(file, &path, &account.run)?;
        let mut journal = Self { is_listed: false, ..Self::new(file, path, now, account) };
        let text = journal.account.text().to_owned();
        let due = if journal.account.plan.is_local() { Due::Later } else { Due::Now };
        journal.write(&text, due)?;
        Ok(journal)
    }

    fn new(file: Locked, path: PathBuf, now: fn() -> Timestamp, account: Account) -> Self {
        Self { file, path, now, account, is_listed: true }
    }

    /// A machine that loses its power takes a run of its own files down with it: all that counts then is that no
    /// change comes to the disk before the record that announces it. The nodes of a cluster live on, so of a run
    /// that changes them every record counts.
    fn due(&self, record: &Record) -> Due {
        let announces = matches!(record, Record::Begun(_) | Record::Undoing | Record::Reverting { .. });
        if announces || !self.account.plan.is_local() { Due::Now } else { Due::Later }
    }

    fn write(&mut self, text: &str, due: Due) -> Result<(), Error> {
        (&*self.file).write_all(text.as_bytes()).map_err(Error::io("write", &self.path))?;
        if due == Due::Later {
            return Ok(());
        }
        self.file.sync_data().map_err(Error::io("write", &self.path))?;
        if !self.is_listed {
            let directory = self.path.parent().unwrap_or(Path::new("."));
            File::open(directory)
                .and_then(|opened| opened.sync_all())
                .map_err(Error::io("write", directory))?;
            self.is_listed = true;
        }
        Ok(())
    }
}

/// A run's id: it sorts by time, to the millisecond, and can be typed.
fn run_id(at: Timestamp) -> String {
    const DIGITS: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";
    let mut random = [0; 2];
    SystemRandom::new().fill(&mut random).expect("the system has random bytes");
    let fraction = usize::try_from(at.subsec_nanosecond()).unwrap_or(0) / 976_563;
    let tail = [fraction / 32, fraction % 32, usize::from(random[0] % 32), usize::from(random[1] % 32)];
    let tail: String = tail.iter().map(|digit| char::from(DIGITS[digit % 32])).collect();
    format!("{}-{tail}", at.strftime("%Y%m%d-%H%M%S"))
}

fn directory(state: &Path) -> PathBuf {
    state.join("runs")
}

/// The path of a run's journal; an id that could lead out of the directory is no run's.
fn path_of(state: &Path, run: &str) -> Result<PathBuf, Error> {
    if run.is_empty() || !run.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Err(Error::Unknown { run: run.into() });
    }
    Ok(directory(state).join(format!("{run}.jsonl")))
}

fn make_directory(path: &Path) -> Result<(), Error> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(Error::io("create", path))
}

fn written(line: &Line) -> Result<String, Error> {
    let mut text = serde_json::to_string(line).map_err(|source| Error::Unwritable { source })?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests;
