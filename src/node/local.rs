//! The operator's own machine: files, locks and commands, without a shell and without root.

use std::{
    collections::HashMap,
    fs, io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process::{self, Stdio},
    time::Duration,
};

use super::{
    Act, Answer, Ask, Command, Digest, Done, Error, Kept, Node, NodeMut, Output, Reached, Talk,
    reach::straight, remote::act::deed,
};

mod create;
mod lay;
mod lock_file;
mod look;
mod replace;

pub use lay::{lay, lies};
use lock_file::Held;

/// What the operator's machine is called.
pub const NAME: &str = "localhost";
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
            Act::Lock(_) | Act::TakeOver(_) | Act::Hold { .. } | Act::Unlock { .. } | Act::Record { .. } => {
                Ok(Done::Already)
            }
            Act::Read(path) => read(path).map(Done::Read).map_err(undone),
            Act::Keep { file, copy } => keep(file, copy).map_err(own_file("keep a copy at", copy)),
            Act::PutBack { file, copy, kept, left } => put_back(file, copy, *kept, left.as_ref()),
            Act::Flush(files) => {
                files.iter().try_for_each(|file| replace::flush(file)).map(|()| Done::Done).map_err(undone)
            }
            Act::Write { path, before, bytes } => write(path, before, bytes),
            Act::Create { path, mode, bytes, mark } => create::create(path, *mode, bytes, mark)
                .map_err(undone)?
                .ok_or_else(|| Error::Drifted { node: NAME.into(), path: path.clone() }),
            Act::Remove { path, made, mark } => create::remove(path, made, mark)
                .map_err(undone)?
                .ok_or_else(|| Error::Drifted { node: NAME.into(), path: path.clone() }),
            Act::LockFile { path, within, .. } => self.lock_file(path, *within),
            Act::UnlockFile { path, .. } => self.unlock_file(path).map_err(undone),
            Act::Run(command) => run(command, &[]),
            Act::Sign { key, digest, bytes } => run(&Command::signing(key, digest), bytes),
            Act::Same { left, right } => same(left, right),
            Act::StopIdle { .. }
            | Act::Start { .. }
            | Act::Restart { .. }
            | Act::Drain(_)
            | Act::Undrain { .. } => Err(undone(unsupported())),
        }
    }

    fn lock_file(&mut self, path: &Path, within: Duration) -> Result<Done, Error> {
        if self.held.contains_key(path) {
            return Ok(Done::Already);
        }
        let taken = lock_file::take(path, within).map_err(own_file("take", path))?;
        match taken {
            Ok(held) => self.held.insert(path.to_owned(), held),
            Err(age) => {
                return Err(Error::LockFileHeld { node: NAME.into(), path: path.to_owned(), age });
            }
        };
        let target = path.with_extension("");
        // What lies beside the end of a link belongs to the lock of that end.
        if !target.is_symlink() {
            replace::sweep(&target).map_err(own_file("tidy up beside", &target))?;
        }
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
        asks.iter().map(look::answer).collect()
    }

    fn reach(&self, host: &str, port: u16, within: Duration, talk: Talk<'_>) -> Result<Reached, Error> {
        Ok(straight(host, port, within, talk))
    }
}

impl NodeMut for Local {
    fn act(&mut self, acts: &[Act]) -> Result<Vec<Done>, Error> {
        let next = acts.iter().skip(1).map(Some).chain([None]);
        acts.iter()
            .zip(next)
            .map(|(act, next)| match (act, next) {
                (Act::Keep { file, copy }, Some(Act::Write { path, .. })) if path == file => {
                    set_aside(file, copy).map_err(own_file("keep a copy at", copy))
                }
                _ => self.carry_out(act),
            })
            .collect()
    }
}

fn undone(deed: String, source: io::Error) -> Error {
    Error::Deed { node: NAME.into(), deed, source }
}

fn own_file(deed: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    move |source| Error::OwnFile { node: NAME.into(), deed, path: path.to_owned(), source }
}

fn unsupported() -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, "the operator's own machine is no node of the cluster")
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

fn write(path: &Path, before: &Digest, bytes: &[u8]) -> Result<Done, Error> {
    match replace::write(path, before, bytes) {
        Ok(Some(done)) => Ok(done),
        Ok(None) => Err(Error::Drifted { node: NAME.into(), path: path.to_owned() }),
        Err(source) => Err(own_file("write", path)(source)),
    }
}

fn put_back(file: &Path, copy: &Path, kept: Kept, left: Option<&Digest>) -> Result<Done, Error> {
    match replace::put_back(file, copy, kept, left) {
        Ok(Some(done)) => Ok(done),
        Ok(None) => Err(Error::Rewritten { node: NAME.into(), path: file.to_owned() }),
        Err(source) => Err(own_file("put back", file)(source)),
    }
}

fn keep(file: &Path, copy: &Path) -> io::Result<Done> {
    if copy.exists() {
        return Ok(Done::Already);
    }
    make_home(copy)?;
    replace::keep(file, copy)
}

/// Keeps a file that is replaced by a rename right after: a second name is all that it takes, and where the system
/// gives none, a copy.
fn set_aside(file: &Path, copy: &Path) -> io::Result<Done> {
    make_home(copy)?;
    match fs::canonicalize(file).and_then(|file| fs::hard_link(file, copy)) {
        Ok(()) => Ok(Done::Done),
        Err(_) => keep(file, copy),
    }
}

fn make_home(copy: &Path) -> io::Result<()> {
    let Some(home) = copy.parent().filter(|home| !home.is_dir()) else { return Ok(()) };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(home)
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
fn run(command: &Command, input: &[u8]) -> Result<Done, Error> {
    let output = process::Command::new(&command.program)
        .args(&command.args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .and_then(|child| fed(child, input))
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

/// Gives a program its input, and waits for its end; one that does not want all of it says why by its status.
fn fed(mut child: process::Child, input: &[u8]) -> io::Result<process::Output> {
    use io::Write;
    if let Some(mut stdin) = child.stdin.take() {
        let _ = stdin.write_all(input);
    }
    child.wait_with_output()
}

#[cfg(test)]
mod tests;
