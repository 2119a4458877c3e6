//! What can go wrong on a simulated machine, set from any process.

use std::io;

use super::machine::Machine;

/// What can be wrong with a machine; each is a file of its name under `.machine`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// The API server keeps the certificate that it started with.
    NoHotReload,
    /// No file can be written, and one that is written in place ends up empty.
    DiskFull,
    /// The machine is off: it cannot be reached and serves nothing.
    Dead,
    /// The API server answers, and says that it is not ready.
    NotReady,
    /// No unit is ever found idle.
    NeverIdle,
    /// The kicker has a round after every single act instead of every five seconds.
    EagerKicker,
    /// The kicker has no round of its own.
    SleepyKicker,
}

impl Fault {
    fn file(self) -> &'static str {
        match self {
            Self::NoHotReload => "no-hot-reload",
            Self::DiskFull => "disk-full",
            Self::Dead => "dead",
            Self::NotReady => "not-ready",
            Self::NeverIdle => "never-idle",
            Self::EagerKicker => "eager-kicker",
            Self::SleepyKicker => "sleepy-kicker",
        }
    }
}

/// Setting, counting and taking back.
impl Machine {
    pub fn set(&self, fault: Fault) -> io::Result<()> {
        self.note(fault.file(), "")
    }

    pub fn clear(&self, fault: Fault) -> io::Result<()> {
        self.forget(fault.file())
    }

    pub fn has(&self, fault: Fault) -> bool {
        self.state(fault.file()).exists()
    }

    /// Lets so many further acts be done; the connection breaks at the one after them.
    pub fn cut_after(&self, acts: u32) -> io::Result<()> {
        self.note("cut-after", &acts.to_string())
    }

    /// Takes the cut connection back.
    pub fn mend(&self) -> io::Result<()> {
        self.forget("cut-after")
    }

    /// Counts one act; `false` where the connection is cut.
    pub(super) fn admits_an_act(&self) -> io::Result<bool> {
        match self.number("cut-after") {
            None => Ok(true),
            Some(0) => Ok(false),
            Some(left) => self.note("cut-after", &(left - 1).to_string()).map(|()| true),
        }
    }

    /// Fails where the disk is full.
    pub(super) fn has_room(&self) -> io::Result<()> {
        if self.has(Fault::DiskFull) { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}
