//! The operator's lock on a simulated machine: one run has it, and of that run one process.

use std::path::Path;

use super::node::SimulatedNode;
use crate::node::{Done, Error, Lock, run_directory};

/// Where it lies.
const LOCK: &str = "/var/lib/cpctl/lock";

/// What becomes of another process that is at work on the same run.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Others {
    Refused,
    TakenOver,
}

impl SimulatedNode {
    pub(super) fn lock(&self, lock: &Lock, others: Others) -> Result<Done, Error> {
        let bytes = serde_json::to_vec(lock).map_err(|error| self.cannot("take the lock")(error.into()))?;
        self.make_directory(&run_directory(&lock.run))?;
        if self.create_new(Path::new(LOCK), &bytes, 0o600)? {
            return Ok(Done::Done);
        }
        match self.lock_held()? {
            Some(held) if held.run == lock.run && held.holder == lock.holder => Ok(Done::Already),
            Some(held) if held.run == lock.run && others == Others::TakenOver => {
                self.replace(Path::new(LOCK), &bytes, 0o600, "root:root")
            }
            Some(held) if held.run == lock.run => Err(self.taken_over(&lock.run)),
            Some(Lock { run, operator, since, .. }) => {
                self.remove_empty(&run_directory(&lock.run));
                Err(Error::Locked { node: self.name.clone(), run, operator, since })
            }
            None => Err(Error::Protocol { node: self.name.clone(), what: format!("{LOCK} cannot be read") }),
        }
    }

    pub(super) fn hold(&self, run: &str, holder: &str) -> Result<Done, Error> {
        let is_held = self.lock_held()?.is_some_and(|held| held.run == run && held.holder == holder);
        if is_held { Ok(Done::Already) } else { Err(self.taken_over(run)) }
    }

    fn taken_over(&self, run: &str) -> Error {
        Error::TakenOver { node: self.name.clone(), run: run.to_owned() }
    }

    pub(super) fn unlock(&self, run: &str) -> Result<Done, Error> {
        match self.lock_held()? {
            Some(held) if held.run == run => self.remove(Path::new(LOCK)),
            _ => Ok(Done::Already),
        }
    }

    fn lock_held(&self) -> Result<Option<Lock>, Error> {
        Ok(self.read(Path::new(LOCK))?.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }
}
