//! Questions to a machine, and its answers.

use std::{fmt, path::PathBuf};

/// A question that changes nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Ask {
    /// A file's bytes, mode, owner and modification time. A node behind a shell puts `secret-N-kept-here` in the
    /// place of every key, token and password that it finds there.
    File(PathBuf),
    /// The same of a file that may hold a private key beside what is public; with one it is not read.
    PublicFile(PathBuf),
    /// The whole certificates in a file of PEM blocks or in a kubeconfig, whatever keys lie beside them there; nothing else
    /// of it leaves the machine.
    Certificates(PathBuf),
    /// All addresses that a name leads to, as the machine's own resolver tells them, its `/etc/hosts` included.
    Resolved(String),
    /// Whether something is there: a file, a directory or a link.
    Exists(PathBuf),
    /// The names in a directory, sorted; hidden ones too.
    Directory(PathBuf),
    /// A systemd unit's state.
    Unit(String),
    /// The processes of a program, by its name, in no particular order.
    Processes(String),
    /// The systemd units of a pattern that systemd has loaded, with what their files say.
    Units(String),
    /// What a program answers to `--version`.
    Version(PathBuf),
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
    /// The members of the etcd that this k0s, with its data in that directory, runs together with others, as its
    /// `etcd member-list` tells them; or why it cannot.
    EtcdMembers { k0s: PathBuf, data: PathBuf },
    /// The servers of a HAProxy, through its admin socket: `show servers state`, an empty line, `show stat`.
    Balancer(PathBuf),
    /// The public half of a private key in PEM, as its SHA-256 over the DER of the SubjectPublicKeyInfo.
    PublicKeyOf(PathBuf),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Answer {
    /// What was asked for is not there.
    Absent,
    File(FileSeen),
    Present,
    Names(Vec<String>),
    Unit(UnitSeen),
    Processes(Vec<ProcessSeen>),
    Units(Vec<LoadedUnit>),
    Version(String),
    Addresses(Vec<String>),
    Clock(i64),
    Space {
        bytes: u64,
        inodes: u64,
    },
    Yes,
    No(String),
    KeyDigest(String),
    Said(String),
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

/// A running process. Its arguments may hold a password, so they are kept out of `Debug`.
#[derive(Clone, Eq, PartialEq)]
pub struct ProcessSeen {
    pub pid: u32,
    /// Its control group, which tells the unit or the container that it runs in.
    pub group: String,
    pub arguments: Vec<String>,
}

/// A unit that systemd has loaded. Its text may hold a token, so it is kept out of `Debug`.
#[derive(Clone, Eq, PartialEq)]
pub struct LoadedUnit {
    /// With its ending: `k3s.service`.
    pub name: String,
    pub state: UnitSeen,
    /// Its file and then its drop-ins, as `systemctl cat` shows them.
    pub text: String,
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

impl fmt::Debug for LoadedUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LoadedUnit({}, {:?})", self.name, self.state)
    }
}

impl fmt::Debug for FileSeen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileSeen({} bytes, {:o} {}:{})", self.bytes.len(), self.mode, self.owner, self.group)
    }
}

impl fmt::Debug for ProcessSeen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProcessSeen({} in {}, {} arguments)", self.pid, self.group, self.arguments.len())
    }
}
