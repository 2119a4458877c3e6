//! Deeds on a machine, and what became of them.

use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{Command, Digest};

/// HAProxy's admin socket where Debian's package has it.
pub const ADMIN_SOCKET: &str = "/run/haproxy/admin.sock";

/// A deed, in the smallest pieces that are whole: each is done or not done, whenever the machine dies.
#[derive(Clone, Eq, PartialEq)]
pub enum Act {
    /// Takes the operator's lock for a run, or keeps it where this process of the run holds it already; makes the run's
    /// directory.
    Lock(Lock),
    /// The same, and takes it over where another process of the run holds it: from then on that one is refused.
    TakeOver(Lock),
    /// Refuses to go on where this process of the run does not hold the operator's lock any more.
    Hold {
        run: String,
        holder: String,
    },
    /// Gives the operator's lock back where this run holds it.
    Unlock {
        run: String,
    },
    /// Stores a file of the run's record in the run's directory, root only.
    Record {
        run: String,
        file: String,
        bytes: Vec<u8>,
    },
    /// Stops a unit at a moment when its only child is `idle`, and marks in the run's directory that this run
    /// stopped it; or reports that it is stopped already.
    StopIdle {
        unit: String,
        idle: String,
        within: Duration,
        run: String,
    },
    /// Starts a unit that this run stopped, and no other: what an operator stopped stays stopped.
    Start {
        unit: String,
        run: String,
    },
    /// Restarts a unit.
    Restart {
        unit: String,
    },
    /// Takes a server out of a load balancer's rotation and waits until its connections have ended, for as long as
    /// `rest`; marks in the run's directory that this run did, and has the balancer put it back by itself later.
    ///
    /// Where this run has it out already the time begins anew; where somebody else has, it is left so, and nothing had
    /// to be done. Refuses where another server of the backend is not up, or there is none.
    Drain(Drain),
    /// Puts back a server that this run took out, and no other, and takes the balancer's own order to do so away.
    ///
    /// Waits for as long as `within` until it is up; nothing had to be done where somebody else keeps it out.
    Undrain {
        socket: PathBuf,
        server: String,
        run: String,
        /// `None` where nobody knows whether it can be up.
        within: Option<Duration>,
    },
    /// Takes a lock file that other programs honour, waiting for whoever holds it, and writes the run's id
    /// into it; a file that holds this id already is kept.
    LockFile {
        path: PathBuf,
        run: String,
        within: Duration,
    },
    /// Removes a lock file that holds the run's id, and no other.
    UnlockFile {
        path: PathBuf,
        run: String,
    },
    /// Reads a file as `Ask::File` does: its secrets stay on the node.
    Read(PathBuf),
    /// Copies a file to a place on the machine itself unless that place is taken: the first copy is the true one.
    Keep {
        file: PathBuf,
        copy: PathBuf,
    },
    /// Puts a kept copy back by rename, with the mode and owner that it was kept with; refuses a file that was
    /// rewritten since this run `left` it, where that is known.
    PutBack {
        file: PathBuf,
        copy: PathBuf,
        kept: Kept,
        left: Option<Digest>,
    },
    /// Replaces a file in one rename, keeping mode and owner; refuses one whose bytes are no longer `before`, both as `Read`
    /// tells them. The secrets that were left out there are put in again, as the file holds them by then.
    Write {
        path: PathBuf,
        before: Digest,
        bytes: Vec<u8>,
    },
    /// Makes a file that is not there, whole and with its mode, for the user that acts; one missing directory above it
    /// is made too, and `mark` remembers that. Refuses a place that is taken, unless by these very bytes.
    Create {
        path: PathBuf,
        mode: u32,
        bytes: Vec<u8>,
        mark: PathBuf,
    },
    /// Removes a file that holds these bytes still, and the directory above it where `mark` says that `Create` made it
    /// and nothing else is in it. Refuses a file with other bytes; one that is gone is nothing to do.
    Remove {
        path: PathBuf,
        made: Digest,
        mark: PathBuf,
    },
    Run(Command),
    /// Signs bytes with a private key that stays where it is; the signature is the output. Nothing changes.
    Sign {
        key: PathBuf,
        /// The digest, as OpenSSL calls it.
        digest: String,
        bytes: Vec<u8>,
    },
    /// Brings what commands wrote to the disk itself, so that a power cut cannot take it away.
    Flush(Vec<PathBuf>),
    /// Refuses to go on where two files differ.
    Same {
        left: PathBuf,
        right: PathBuf,
    },
}

/// A server of a load balancer that is to be taken out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Drain {
    /// HAProxy's admin socket.
    pub socket: PathBuf,
    /// `BACKEND/SERVER`.
    pub server: String,
    pub run: String,
    pub rest: Duration,
    pub back_after: Duration,
}

/// Whether there must be a copy.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kept {
    Surely,
    /// Without a copy nothing was changed yet, so nothing is to be done.
    Perhaps,
}

/// The right to change a machine, taken by one run at a time.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Lock {
    pub run: String,
    /// `user@laptop`, for whoever finds the lock.
    pub operator: String,
    /// RFC 3339.
    pub since: String,
    /// The process that is at work on the run: the same run may be resumed on two machines at once.
    #[serde(default)]
    pub holder: String,
}

#[derive(Clone, Eq, PartialEq)]
pub enum Done {
    Done,
    /// Nothing had to be done.
    Already,
    Read(Option<Vec<u8>>),
    Output(Output),
}

#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Output {
    pub status: i32,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

impl Done {
    /// The bytes that a `Read` found.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Read(bytes) => bytes.as_deref(),
            _ => None,
        }
    }
}

/// Without the bytes, which may be secret.
impl fmt::Debug for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => f.write_str("Done"),
            Self::Already => f.write_str("Already"),
            Self::Read(None) => f.write_str("Read(nothing)"),
            Self::Read(Some(bytes)) => write!(f, "Read({} bytes)", bytes.len()),
            Self::Output(Output { status, stdout, stderr }) => {
                write!(f, "Output(status {status}, {} and {} bytes)", stdout.len(), stderr.len())
            }
        }
    }
}

/// The directory that a run has to itself on a machine: its record and the copies that undo needs.
pub fn run_directory(run: &str) -> PathBuf {
    Path::new("/var/lib/cpctl/runs").join(run)
}
