//! Certificates, the clock and the like, read along with the looks at a machine.

use std::{
    cell::RefCell,
    ops::RangeInclusive,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;

use super::{
    Papers,
    folders::{FOLDERS, Folder},
};
use crate::node::{Answer, Ask, Error, Node};

/// The names of runs begin with their time; so many of the last ones are worth a look.
const LAST: usize = 8;

/// What is asked of a machine beside its certificates.
#[derive(Default)]
pub struct Beside {
    /// The directory of the runs, and what a record in it is called.
    pub runs: Option<(PathBuf, &'static str)>,
    /// The name that is to be resolved.
    pub name: Option<String>,
}

/// A machine whose first two looks ask for all that too, which costs no round trip of its own.
pub struct Reading {
    machine: Box<dyn Node>,
    beside: Beside,
    now: fn() -> Timestamp,
    stage: RefCell<Stage>,
    read: Arc<Mutex<Papers>>,
}

enum Stage {
    First,
    Files { folders: Vec<&'static Folder>, records: Vec<PathBuf> },
    Done,
}

impl Reading {
    /// With it comes the place where what was read is to be found.
    pub fn new(machine: Box<dyn Node>, beside: Beside, now: fn() -> Timestamp) -> (Self, Arc<Mutex<Papers>>) {
        let read = Arc::<Mutex<Papers>>::default();
        (Self { machine, beside, now, stage: RefCell::new(Stage::First), read: Arc::clone(&read) }, read)
    }

    /// Read back in `first`.
    fn asks(&self) -> Vec<Ask> {
        let runs = self.beside.runs.iter().map(|(directory, _)| Ask::Directory(directory.clone()));
        let name = self.beside.name.iter().cloned().map(Ask::Resolved);
        let folders = FOLDERS.iter().map(|folder| Ask::Exists(folder.path.into()));
        [Ask::Clock].into_iter().chain(runs).chain(name).chain(folders).collect()
    }

    fn first(&self, mut told: impl Iterator<Item = Answer>, during: &RangeInclusive<i64>) -> Stage {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Answer::Clock(clock)) = told.next() {
            // The node tells whole seconds, and somewhere during the look.
            read.ahead = Some(clock - during.end()..=clock + 1 - during.start());
        }
        let records = self.beside.runs.as_ref().and_then(|(directory, record)| match told.next()? {
            Answer::Names(runs) => {
                let last = runs.iter().rev().take(LAST);
                Some(last.map(|run| directory.join(run).join(record)).collect())
            }
            _ => None,
        });
        read.resolved = self.beside.name.as_ref().and_then(|_| match told.next()? {
            Answer::Addresses(words) => Some(Ok(words.iter().filter_map(|word| word.parse().ok()).collect())),
            Answer::No(reason) => Some(Err(reason)),
            _ => None,
        });
        let present = FOLDERS.iter().zip(told).filter(|(_, answer)| answer.is_present());
        let folders = present.map(|(folder, _)| folder).collect();
        Stage::Files { folders, records: records.unwrap_or_default() }
    }

    fn files(&self, folders: &[&'static Folder], mut told: impl Iterator<Item = Answer>) {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        folders.iter().for_each(|folder| folder.read(&mut told, &mut read));
        read.records = told.filter_map(|answer| Some(answer.bytes()?.to_vec())).collect();
    }
}

impl Node for Reading {
    fn name(&self) -> &str {
        self.machine.name()
    }

    fn host(&self) -> &str {
        self.machine.host()
    }

    fn look(&self, asks: &[Ask]) -> Result<Vec<Answer>, Error> {
        let stage = self.stage.replace(Stage::Done);
        let further = match &stage {
            Stage::First => self.asks(),
            Stage::Files { folders, records } => {
                let folders = folders.iter().flat_map(|folder| folder.asks());
                folders.chain(records.iter().cloned().map(Ask::File)).collect()
            }
            Stage::Done => vec![],
        };
        let begun = (self.now)().as_second();
        let mut answers = self.machine.look(&[asks, &further].concat())?;
        let during = begun..=(self.now)().as_second() + 1;
        let told = answers.split_off(asks.len().min(answers.len())).into_iter();
        match stage {
            Stage::First => drop(self.stage.replace(self.first(told, &during))),
            Stage::Files { folders, .. } => self.files(&folders, told),
            Stage::Done => {}
        }
        Ok(answers)
    }
}
