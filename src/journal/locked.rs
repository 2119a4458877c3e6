//! The file of a journal, locked for as long as it is open.

use std::{
    fs::{File, TryLockError},
    ops::Deref,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::Error;

/// How long a journal that another process holds is waited for.
const LET_GO_WITHIN: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(20);

pub(super) struct Locked(File);

impl Deref for Locked {
    type Target = File;

    fn deref(&self) -> &File {
        &self.0
    }
}

impl Locked {
    /// Locks the journal; a process that has just died may need a moment until the last copy of its file is closed.
    pub fn take(file: File, path: &Path, run: &str) -> Result<Self, Error> {
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) if begun.elapsed() < LET_GO_WITHIN => thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => return Err(Error::Busy { run: run.into() }),
                Err(TryLockError::Error(source)) => return Err(Error::io("lock", path)(source)),
            }
        }
    }
}

/// Closing alone is not enough: a command that another thread is just starting still has a copy of every open file,
/// and with it the lock, until it has become that command.
impl Drop for Locked {
    fn drop(&mut self) {
        // An error says that there is no lock to give back.
        let _ = self.0.unlock();
    }
}
