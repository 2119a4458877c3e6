//! Lock files that other programs honour: who makes the file first has the lock.
//!
//! Ours carry a mark and an `flock` that ends with the process, so that one left behind by a killed run can be told
//! from one that is held, and is taken over by exactly one successor.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    os::{fd::AsRawFd, unix::fs::MetadataExt},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    fs::{AtFlags, CWD, FlockOperation, flock, linkat},
    io::Errno,
};

const MARK: &[u8] = b"cpctl\n";
/// How soon a lock that another program holds is looked at again: at first, and at most. Hundreds of runs that
/// stand in line must leave the processor to the one that has the lock.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(32);

/// A lock file of ours; the open file carries the `flock`.
pub(super) struct Held {
    path: PathBuf,
    _file: File,
}

impl Held {
    /// Removes the file while it is still locked, so that nobody takes it for a leftover.
    pub fn give_back(self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }
}

/// Takes a lock file, waiting for whoever holds it; gives the age of one that is held for too long.
///
/// One that is older than `within` already is nobody's any more, and is not waited for.
pub(super) fn take(path: &Path, within: Duration) -> io::Result<Result<Held, Duration>> {
    let (until, mut pause) = (Instant::now() + within, FIRST_PAUSE);
    loop {
        match make(path) {
            Ok(held) => return Ok(Ok(held)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        if let Some(held) = left_behind(path)? {
            return Ok(Ok(held));
        }
        let age = age(path);
        if age >= within || Instant::now() >= until {
            return Ok(Err(age));
        }
        thread::sleep(pause);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// The lock file of a run of ours that is gone, now held by us.
pub(super) fn left_behind(path: &Path) -> io::Result<Option<Held>> {
    // What cannot be opened is not ours: kubectl's has no mode bits at all.
    let Ok(mut file) = File::open(path) else { return Ok(None) };
    if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        return Ok(None);
    }
    let mut bytes = vec![];
    Read::by_ref(&mut file).take(MARK.len() as u64 + 1).read_to_end(&mut bytes)?;
    let is_ours = bytes == MARK && is_still_at(&file, path);
    Ok(is_ours.then(|| Held { path: path.to_owned(), _file: file }))
}

/// The mark is written under the lock, so that a marked file without a lock belongs to nobody.
///
/// The name comes last: whoever dies before leaves no lock, and whoever dies after leaves one that is marked.
fn make(path: &Path) -> io::Result<Held> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let home = path.parent().unwrap_or(Path::new("."));
    let file = marked(tempfile::tempfile_in(home)?)?;
    match linkat(CWD, format!("/proc/self/fd/{}", file.as_raw_fd()), CWD, path, AtFlags::SYMLINK_FOLLOW) {
        Ok(()) => return Ok(Held { path: path.to_owned(), _file: file }),
        Err(Errno::EXIST) => return Err(Errno::EXIST.into()),
        // Not every system can name a file that never had a name.
        Err(_) => {}
    }
    let (file, first) = tempfile::Builder::new().prefix(".cpctl-").tempfile_in(home)?.into_parts();
    let file = marked(file)?;
    fs::hard_link(&first, path)?;
    Ok(Held { path: path.to_owned(), _file: file })
}

fn marked(mut file: File) -> io::Result<File> {
    flock(&file, FlockOperation::LockExclusive)?;
    file.write_all(MARK)?;
    Ok(file)
}

/// Whether the open file is the one at `path`, and not one that was removed meanwhile.
fn is_still_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(there)) => (open.dev(), open.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

fn age(path: &Path) -> Duration {
    let modified = fs::symlink_metadata(path).and_then(|facts| facts.modified());
    modified.ok().and_then(|time| time.elapsed().ok()).unwrap_or_default()
}
