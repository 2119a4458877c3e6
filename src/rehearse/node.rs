//! The simulated node: a machine's directory behind the same traits as a machine behind ssh.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use openssl::pkey::PKey;

use super::{disk, fault::Fault, machine::Machine};
use crate::node::{
    Answer, Ask, Digest, Error, FileSeen, Node, NodeMut, Reached, Talk, Target, certificates_in, straight,
};

/// A rehearsed machine. Any number of them, in any process, may stand for one directory.
pub struct SimulatedNode {
    pub(super) name: String,
    pub(super) machine: Machine,
    host: String,
}

impl SimulatedNode {
    /// Reaches the machine in the target's directory.
    pub fn open(target: &Target) -> Result<Box<dyn NodeMut>, Error> {
        let directory = target.rehearsed.clone().unwrap_or_default();
        let connect = |source| Error::Connect {
            node: target.name.clone(),
            typed: None,
            at: directory.display().to_string(),
            source,
        };
        let machine = Machine::open(&directory).map_err(connect)?;
        if machine.has(Fault::Dead) {
            return Err(connect(io::ErrorKind::HostUnreachable.into()));
        }
        Ok(Box::new(Self { name: target.name.clone(), host: target.host.clone(), machine }))
    }

    /// Fails where the machine went off after it was reached.
    pub(super) fn is_there(&self) -> Result<(), Error> {
        if self.machine.has(Fault::Dead) { Err(self.broken(io::ErrorKind::TimedOut)) } else { Ok(()) }
    }

    pub(super) fn broken(&self, kind: io::ErrorKind) -> Error {
        Error::Broken { node: self.name.clone(), source: kind.into() }
    }

    /// What a deed that could not be done is called.
    pub(super) fn cannot(&self, deed: impl Into<String>) -> impl Fn(io::Error) -> Error {
        let deed = deed.into();
        move |source| Error::Deed { node: self.name.clone(), deed: deed.clone(), source }
    }

    fn answer(&self, ask: &Ask) -> Result<Answer, Error> {
        match ask {
            Ask::File(path) if path.extension().is_some_and(|end| end == "key") => {
                Err(Error::Protocol { node: self.name.clone(), what: "a key's bytes were asked for".into() })
            }
            Ask::File(path) => self.absent_or(path, |found| self.file(path, &found)),
            Ask::PublicFile(path) => self.absent_or(path, |found| self.public_file(path, &found)),
            Ask::Certificates(path) => self.absent_or(path, |found| {
                let bytes = fs::read(found)?;
                Ok(Answer::Said(certificates_in(&String::from_utf8_lossy(&bytes))))
            }),
            Ask::Resolved(name) => Ok(Answer::Addresses(self.machine.resolved(name))),
            Ask::Exists(path) => {
                self.absent_or(path, |found| fs::symlink_metadata(found).map(|_| Answer::Present))
            }
            Ask::Directory(path) => self.absent_or(path, |found| names(&found)),
            Ask::Unit(unit) => Ok(Answer::Unit(self.machine.unit(unit))),
            Ask::Processes(program) => Ok(Answer::Processes(self.machine.processes(program))),
            Ask::Units(pattern) => {
                self.machine.units(pattern).map(Answer::Units).map_err(self.cannot("read the units"))
            }
            Ask::Version(program) => self.absent_or(program, |found| {
                fs::read_to_string(found).map(|told| Answer::Version(told.trim().to_owned()))
            }),
            Ask::Addresses => Ok(Answer::Addresses(self.machine.addresses())),
            Ask::InterfaceAddresses(interfaces) => {
                let of = |interface: &String| self.machine.interface_address(interface);
                Ok(Answer::Addresses(interfaces.iter().filter_map(of).collect()))
            }
            Ask::Clock => Ok(Answer::Clock(self.machine.clock())),
            Ask::Space(path) => self.absent_or(path, |found| self.space(&found)),
            Ask::Writable(path) => self.absent_or(path, |found| is_writable(&found)),
            Ask::Balancer(_) => Ok(self.machine.balancer_said().map_or(Answer::Absent, Answer::Said)),
            Ask::EtcdMembers { .. } => Ok(self.machine.members().map_or(Answer::Absent, Answer::Said)),
            Ask::PublicKeyOf(path) => self.absent_or(path, |found| public_key_of(&found)),
        }
    }

    /// What `look` finds at a path, or that nothing is there.
    fn absent_or(
        &self,
        path: &Path,
        look: impl FnOnce(PathBuf) -> io::Result<Answer>,
    ) -> Result<Answer, Error> {
        match self.machine.path(path).and_then(look) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Answer::Absent),
            answer => answer.map_err(self.cannot(format!("read {}", path.display()))),
        }
    }

    fn file(&self, path: &Path, found: &Path) -> io::Result<Answer> {
        let seen = fs::metadata(found)?;
        let (owner, group) = self.owner(path);
        let (mode, modified) = (seen.mode() & 0o7777, seen.mtime());
        Ok(Answer::File(FileSeen { bytes: fs::read(found)?, mode, owner, group, modified }))
    }

    fn public_file(&self, path: &Path, found: &Path) -> io::Result<Answer> {
        let text = fs::read(found)?;
        if String::from_utf8_lossy(&text).contains("PRIVATE KEY-----") {
            return Ok(Answer::No(format!("{} holds a private key", path.display())));
        }
        self.file(path, found)
    }

    fn owner(&self, path: &Path) -> (String, String) {
        let owner = self.machine.owner(path);
        let (user, group) = owner.split_once(':').unwrap_or((&owner, "root"));
        (user.to_owned(), group.to_owned())
    }

    fn space(&self, found: &Path) -> io::Result<Answer> {
        if self.machine.has(Fault::DiskFull) {
            return Ok(Answer::Space { bytes: 0, inodes: 0 });
        }
        let seen = rustix::fs::statvfs(found)?;
        Ok(Answer::Space { bytes: seen.f_bfree * seen.f_frsize, inodes: seen.f_ffree })
    }
}

impl Node for SimulatedNode {
    fn name(&self) -> &str {
        &self.name
    }

    fn host(&self) -> &str {
        &self.host
    }

    fn look(&self, asks: &[Ask]) -> Result<Vec<Answer>, Error> {
        self.is_there()?;
        thread::sleep(self.machine.latency());
        asks.iter().map(|ask| self.answer(ask)).collect()
    }

    fn reach(&self, host: &str, port: u16, within: Duration, talk: Talk<'_>) -> Result<Reached, Error> {
        self.is_there()?;
        let (host, port) = self.machine.led(host, port);
        Ok(straight(&host, port, within, talk))
    }
}

fn names(found: &Path) -> io::Result<Answer> {
    let name = |entry: io::Result<fs::DirEntry>| Ok(entry?.file_name().to_string_lossy().into_owned());
    let mut names = fs::read_dir(found)?.map(name).collect::<io::Result<Vec<_>>>()?;
    names.sort();
    Ok(Answer::Names(names))
}

/// Judged by the mode, so that a root user's rehearsal answers like everybody else's.
fn is_writable(found: &Path) -> io::Result<Answer> {
    let is_writable = disk::mode(found)? & 0o200 != 0;
    Ok(if is_writable { Answer::Yes } else { Answer::No("it is read-only".into()) })
}

fn public_key_of(found: &Path) -> io::Result<Answer> {
    let der = PKey::private_key_from_pem(&fs::read(found)?)?.public_key_to_der()?;
    Ok(Answer::KeyDigest(Digest::of(&der).as_str().to_owned()))
}
