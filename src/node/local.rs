//! The operator's own machine: files, locks and commands, without a shell and without root.

use std::{
    collections::HashMap,
    fs, io,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
    process::{self, Stdio},
    time::{SystemTime, UNIX_EPOCH},
};

use super::{
    Act, Answer, Ask, Command, Digest, DigestSeen, Done, Error, FileSeen, Node, NodeMut, Output,
    remote::act::deed,
};

mod lock_file;
mod replace;

use lock_file::Held;

/// What the operator's machine is called.
const NAME: &str = "localhost";
/// The mode bits of a file that are not its type.
const MODE: u32 = 0o7777;

/// The machine that this program runs on.
///
/// It needs no operator's lock and no record: the journal is here already, and files have locks of their own.
#[derive(Default)]
pub struct Local {
    held: HashMap<PathBuf, Held>,
}

impl Local {
    pub fn new() -> Self {
        Self::default()
    }

    fn carry_out(&mut self, act: &Act) -> Result<Done, Error> {
        let undone = |source| self::undone(deed(act), source);
        match act {
            Act::Lock(_) | Act::Unlock { .. } | Act::Record { .. } => Ok(Done::Already),
            Act::Read(path) => read(path).map(Done::Read).map_err(undone),
            Act::Keep { file, copy } => keep(file, copy).map_err(undone),
            Act::PutBack { file, copy } => replace::put_back(file, copy).map_err(undone),
            Act::Write { path, before, bytes } => write(path, before, bytes),
            Act::LockFile { path, within } => self.lock_file(path, *within),
            Act::UnlockFile { path } => self.unlock_file(path).map_err(undone),
            Act::Run(command) => run(command),
            Act::Same { left, right } => same(left, right),
            Act::StopIdle { .. } | Act::Start { .. } | Act::Restart { .. } => Err(undone(unsupported())),
        }
    }

    fn lock_file(&mut self, path: &Path, within: std::time::Duration) -> Result<Done, Error> {
        if self.held.contains_key(path) {
            return Ok(Done::Already);
        }
        let taken = lock_file::take(path, within)
            .map_err(|source| undone(format!("take {}", path.display()), source))?;
        match taken {
            Ok(held) => self.held.insert(path.to_owned(), held),
            Err(age) => {
                return Err(Error::LockFileHeld { node: NAME.into(), path: path.to_owned(), age });
            }
        };
        Ok(Done::Done)
    }

    fn unlock_file(&mut self, path: &Path) -> io::Result<Done> {
        let held = match self.held.remove(path) {
            Some(held) => Some(held),
            None => lock_file::left_behind(path)?,
        };
        match held {
            Some(held) => held.give_back().map(|()| Done::Done),
            None => Ok(Done::Already),
        }
    }
}

impl Node for Local {
    fn name(&self) -> &str {
        NAME
    }

    fn host(&self) -> &str {
        NAME
    }

    fn look(&self, asks: &[Ask]) -> Result<Vec<Answer>, Error> {
        asks.iter().map(answer).collect()
    }
}

impl NodeMut for Local {
    fn act(&mut self, acts: &[Act]) -> Result<Vec<Done>, Error> {
        acts.iter().map(|act| self.carry_out(act)).collect()
    }
}

fn answer(ask: &Ask) -> Result<Answer, Error> {
    let answer = match ask {
        Ask::File(path) => seen(path, |bytes, facts| {
            Answer::File(FileSeen {
                bytes,
                mode: facts.mode() & MODE,
                owner: owner(facts.uid(), "/etc/passwd"),
                group: owner(facts.gid(), "/etc/group"),
                modified: facts.mtime(),
            })
        }),
        Ask::Digest(path) => seen(path, |bytes, facts| {
            Answer::Digest(DigestSeen {
                digest: Digest::of(&bytes),
                size: facts.size(),
                mode: facts.mode() & MODE,
                owner: owner(facts.uid(), "/etc/passwd"),
                group: owner(facts.gid(), "/etc/group"),
            })
        }),
        Ask::Exists(path) => found(fs::symlink_metadata(path).map(|_| Answer::Present)),
        Ask::Directory(path) => found(names(path).map(Answer::Names)),
        Ask::Clock => Ok(Answer::Clock(now())),
        Ask::Writable(path) => found(replace::is_writable(path)),
        Ask::Space(path) => space(path),
        Ask::Unit(_)
        | Ask::Addresses
        | Ask::InterfaceAddresses(_)
        | Ask::DefaultRoute
        | Ask::PublicKeyOf(_) => Err(unsupported()),
    };
    answer.map_err(|source| undone(format!("answer {ask:?}"), source))
}

fn undone(deed: String, source: io::Error) -> Error {
    Error::Deed { node: NAME.into(), deed, source }
}

fn unsupported() -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, "the operator's own machine is no node of the cluster")
}

fn found(answer: io::Result<Answer>) -> io::Result<Answer> {
    match answer {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Answer::Absent),
        answer => answer,
    }
}

fn seen(path: &Path, answer: impl FnOnce(Vec<u8>, &fs::Metadata) -> Answer) -> io::Result<Answer> {
    found((|| {
        let (bytes, facts) = read_with_facts(path)?;
        Ok(answer(bytes, &facts))
    })())
}

/// The bytes and facts of one open file, so that they belong together.
fn read_with_facts(path: &Path) -> io::Result<(Vec<u8>, fs::Metadata)> {
    use io::Read;

    // Opening a pipe would wait for a writer.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    let mut file = fs::File::open(path)?;
    let facts = file.metadata()?;
    let mut bytes = vec![];
    file.read_to_end(&mut bytes)?;
    Ok((bytes, facts))
}

fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match read_with_facts(path) {
        Ok((bytes, _)) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn names(path: &Path) -> io::Result<Vec<String>> {
    let mut names = fs::read_dir(path)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// The name of a number in `/etc/passwd` or `/etc/group`, or the number itself.
fn owner(number: u32, table: &str) -> String {
    let number = number.to_string();
    let table = fs::read_to_string(table).unwrap_or_default();
    let name = table.lines().find_map(|line| {
        let fields: Vec<_> = line.split(':').collect();
        (fields.get(2) == Some(&number.as_str())).then(|| fields[0].to_owned())
    });
    name.unwrap_or(number)
}

fn space(path: &Path) -> io::Result<Answer> {
    let there = path.ancestors().find(|path| path.exists()).unwrap_or(Path::new("."));
    let seen = rustix::fs::statvfs(there)?;
    let inodes = if seen.f_files == 0 { u64::MAX } else { seen.f_favail };
    Ok(Answer::Space { bytes: seen.f_bavail.saturating_mul(seen.f_frsize), inodes })
}

fn write(path: &Path, before: &Digest, bytes: &[u8]) -> Result<Done, Error> {
    match replace::write(path, before, bytes) {
        Ok(Some(done)) => Ok(done),
        Ok(None) => Err(Error::Drifted { node: NAME.into(), path: path.to_owned() }),
        Err(source) => Err(undone(format!("write {}", path.display()), source)),
    }
}

fn keep(file: &Path, copy: &Path) -> io::Result<Done> {
    if copy.exists() {
        return Ok(Done::Already);
    }
    if let Some(home) = copy.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(home)?;
    }
    replace::keep(file, copy)
}

fn same(left: &Path, right: &Path) -> Result<Done, Error> {
    let bytes =
        |path: &Path| fs::read(path).map_err(|source| undone(format!("read {}", path.display()), source));
    if bytes(left)? == bytes(right)? {
        return Ok(Done::Done);
    }
    Err(Error::Differ { node: NAME.into(), path: left.to_owned(), other: right.to_owned() })
}

#[expect(clippy::disallowed_methods, reason = "this is the machine's own node")]
fn run(command: &Command) -> Result<Done, Error> {
    let output = process::Command::new(&command.program)
        .args(&command.args)
        .stdin(Stdio::null())
        .output()
        .map_err(|source| undone(format!("run `{command}`"), source))?;
    let process::Output { status, stdout, stderr } = output;
    if status.success() {
        return Ok(Done::Output(Output { status: 0, stdout, stderr }));
    }
    Err(Error::Failed {
        node: NAME.into(),
        command: command.clone(),
        status: status.code().unwrap_or(-1),
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
    })
}

#[cfg(test)]
mod tests;
