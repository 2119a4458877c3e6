//! Certificates read along with the looks at a machine.

use std::{
    cell::RefCell,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    Papers,
    folders::{FOLDERS, Folder},
};
use crate::node::{Answer, Ask, Error, Node};

/// A machine whose first two looks ask for its certificates too, which costs no round trip of its own.
pub struct Reading {
    machine: Box<dyn Node>,
    stage: RefCell<Stage>,
    read: Arc<Mutex<Papers>>,
}

enum Stage {
    Folders,
    Files(Vec<&'static Folder>),
    Done,
}

impl Reading {
    /// With it comes the place where what was read is to be found.
    pub fn new(machine: Box<dyn Node>) -> (Self, Arc<Mutex<Papers>>) {
        let read = Arc::<Mutex<Papers>>::default();
        (Self { machine, stage: RefCell::new(Stage::Folders), read: Arc::clone(&read) }, read)
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
            Stage::Folders => FOLDERS.iter().map(|folder| Ask::Exists(folder.path.into())).collect(),
            Stage::Files(folders) => folders.iter().flat_map(|folder| folder.asks()).collect(),
            Stage::Done => vec![],
        };
        let mut answers = self.machine.look(&[asks, &further].concat())?;
        let told = answers.split_off(asks.len().min(answers.len()));
        match stage {
            Stage::Folders => {
                let present = FOLDERS.iter().zip(told).filter(|(_, answer)| answer.is_present());
                self.stage.replace(Stage::Files(present.map(|(folder, _)| folder).collect()));
            }
            Stage::Files(folders) => {
                let mut told = told.into_iter();
                let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
                folders.iter().for_each(|folder| folder.read(&mut told, &mut read));
            }
            Stage::Done => {}
        }
        Ok(answers)
    }
}
