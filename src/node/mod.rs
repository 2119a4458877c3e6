//! Machines: what we may ask of them, and what we may do to them.

use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

mod command;
mod error;
pub mod local;
mod password;
mod remote;
pub mod ssh;
mod sudo;
mod trip;

pub use command::Command;
pub use error::Error;
pub use password::Password;
pub use trip::{Errand, Listener, Trip};

/// How to reach one machine, as the inventory or the command line names it; it holds no secret.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub name: String,
    /// What ssh is given: an address, a name, or an alias of the user's ssh configuration.
    pub host: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<PathBuf>,
    /// Hosts to go through, comma-separated, as ssh's `-J` takes them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jump: Option<String>,
    /// The distribution's name, where detection should be skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distribution: Option<String>,
    /// Where this machine's API server answers, `host:port`, where it differs from the host and the distribution's port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// The directory of a rehearsed machine, reached without ssh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rehearsed: Option<PathBuf>,
}

/// A machine we may look at.
///
/// Planning takes this, so planning cannot change anything. One call is one round trip.
pub trait Node: Send {
    /// The machine's name in the inventory.
    fn name(&self) -> &str;

    /// The address or DNS name that connections really go to, after the ssh configuration had its say.
    fn host(&self) -> &str;

    /// Answers in the order of the questions.
    fn look(&self, asks: &[Ask]) -> Result<Vec<Answer>, Error>;
}

/// A machine we may change. Only `apply` takes this.
pub trait NodeMut: Node {
    /// Carries out `acts` in order in one round trip, under the machine's one lock for changing commands,
    /// and stops at the first that cannot be done.
    ///
    /// An act that was already carried out is carried out again without harm, so that a run cut off at any
    /// point can go on.
    fn act(&mut self, acts: &[Act]) -> Result<Vec<Done>, Error>;
}

/// A question that changes nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Ask {
    /// A file's bytes, mode, owner and modification time; never asked of a key.
    File(PathBuf),
    /// A file's mode, owner, size and SHA-256, for what must not travel.
    Digest(PathBuf),
    /// Whether something is there: a file, a directory or a link.
    Exists(PathBuf),
    /// The names in a directory, sorted; hidden ones too.
    Directory(PathBuf),
    /// A systemd unit's state.
    Unit(String),
    /// The machine's addresses in the order and spelling of `hostname -I`.
    Addresses,
    /// The first IPv4 address of each named interface that exists.
    InterfaceAddresses(Vec<String>),
    /// Seconds since 1970 by the machine's clock.
    Clock,
    /// Free bytes and free inodes for root in the file system that holds this path.
    Space(PathBuf),
    /// Whether this path can be written in: not read-only, not immutable.
    Writable(PathBuf),
    /// Whether there is a default route.
    DefaultRoute,
    /// The public half of a private key in PEM, as its SHA-256 over the DER of the SubjectPublicKeyInfo.
    PublicKeyOf(PathBuf),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Answer {
    /// What was asked for is not there.
    Absent,
    File(FileSeen),
    Digest(DigestSeen),
    Present,
    Names(Vec<String>),
    Unit(UnitSeen),
    Addresses(Vec<String>),
    Clock(i64),
    Space {
        bytes: u64,
        inodes: u64,
    },
    Yes,
    No(String),
    KeyDigest(String),
}

/// A file as it was when we looked. Its bytes are kept out of `Debug`.
#[derive(Clone, Eq, PartialEq)]
pub struct FileSeen {
    pub bytes: Vec<u8>,
    pub mode: u32,
    pub owner: String,
    pub group: String,
    pub modified: i64,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DigestSeen {
    pub digest: Digest,
    pub size: u64,
    pub mode: u32,
    pub owner: String,
    pub group: String,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum UnitSeen {
    Active {
        main_pid: u32,
    },
    /// Known to systemd and not running.
    Inactive,
    /// Masked or unknown.
    Missing,
}

/// A deed, in the smallest pieces that are whole: each is done or not done, whenever the machine dies.
#[derive(Clone, Eq, PartialEq)]
pub enum Act {
    /// Takes the operator's lock for a run, or keeps it where this run holds it already; makes the run's directory.
    Lock(Lock),
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
    /// Replaces a file in one rename, keeping mode and owner; refuses one whose bytes are no longer `before`.
    Write {
        path: PathBuf,
        before: Digest,
        bytes: Vec<u8>,
    },
    Run(Command),
    /// Brings what commands wrote to the disk itself, so that a power cut cannot take it away.
    Flush(Vec<PathBuf>),
    /// Refuses to go on where two files differ.
    Same {
        left: PathBuf,
        right: PathBuf,
    },
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

/// A SHA-256, written in lower-case hexadecimal.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    pub fn of(bytes: &[u8]) -> Self {
        Self(digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Takes what `sha256sum` printed.
    pub fn from_hex(text: &str) -> Option<Self> {
        let hex = text.trim();
        (hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
            .then(|| Self(hex.to_ascii_lowercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The directory that a run has to itself on a machine: its record and the copies that undo needs.
pub fn run_directory(run: &str) -> PathBuf {
    Path::new("/var/lib/cpctl/runs").join(run)
}

impl Target {
    /// A target that is a name and a host, and nothing more.
    pub fn from_host(name: &str, host: &str) -> Self {
        Self {
            name: name.to_owned(),
            host: host.to_owned(),
            user: None,
            port: None,
            identity: None,
            jump: None,
            distribution: None,
            api: None,
            rehearsed: None,
        }
    }
}

impl Answer {
    /// The bytes of a file that is there.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::File(seen) => Some(&seen.bytes),
            _ => None,
        }
    }

    /// Whether what was asked for is there.
    pub fn is_present(&self) -> bool {
        !matches!(self, Self::Absent | Self::Unit(UnitSeen::Missing))
    }
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

impl fmt::Debug for FileSeen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileSeen({} bytes, {:o} {}:{})", self.bytes.len(), self.mode, self.owner, self.group)
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
