//! Replacing a file in one rename: what the system keeps with it stays, and a full disk leaves the old one.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Read, Write},
    os::unix::fs::{MetadataExt, fchown},
    path::{Path, PathBuf},
};

use rustix::{
    fs::{Access, XattrFlags, access, fgetxattr, flistxattr, fsetxattr},
    io::Errno,
};
use tempfile::NamedTempFile;

use super::{
    super::{Answer, Digest, Done, Kept},
    MODE, read_with_facts,
};

/// Replaces a file whose bytes are still `before`; `None` where they are neither that nor `bytes`.
pub(super) fn write(path: &Path, before: &Digest, bytes: &[u8]) -> io::Result<Option<Done>> {
    // A link stays a link: what it leads to is replaced.
    let target = match fs::canonicalize(path) {
        Ok(target) => target,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let seen = fs::read(&target)?;
    if seen == bytes {
        return Ok(Some(Done::Already));
    }
    if Digest::of(&seen) != *before {
        return Ok(None);
    }
    let copy = beside(&target, bytes, &File::open(&target)?)?;
    if !holds(&target, &seen)? {
        return Ok(None);
    }
    copy.persist(&target)?;
    flush_directory(&target);
    Ok(Some(Done::Done))
}

/// Whether a file holds these bytes, without a second copy of them in memory.
fn holds(path: &Path, mut bytes: &[u8]) -> io::Result<bool> {
    let (mut file, mut chunk) = (File::open(path)?, vec![0; (bytes.len() + 1).min(64 << 10)]);
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 {
            return Ok(bytes.is_empty());
        }
        match bytes.strip_prefix(&chunk[..read]) {
            Some(rest) => bytes = rest,
            None => return Ok(false),
        }
    }
}

/// Copies a file with its mode and owner to a place that is free.
pub(super) fn keep(file: &Path, copy: &Path) -> io::Result<Done> {
    let (bytes, _) = read_with_facts(file)?;
    match beside(copy, &bytes, &File::open(file)?)?.persist_noclobber(copy) {
        Ok(_) => {
            flush_directory(copy);
            Ok(Done::Done)
        }
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(Done::Already),
        Err(error) => Err(error.error),
    }
}

/// Puts a copy back; `None` where the file is neither that nor as it was `left`.
pub(super) fn put_back(
    file: &Path,
    copy: &Path,
    must_be: Kept,
    left: Option<&Digest>,
) -> io::Result<Option<Done>> {
    let (bytes, kept) = match read_with_facts(copy) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && must_be == Kept::Perhaps => {
            return Ok(Some(Done::Already));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(io::Error::new(error.kind(), format!("its copy {} is gone", copy.display())));
        }
        kept => kept?,
    };
    let target = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let facts = |facts: &fs::Metadata| (facts.mode() & MODE, facts.uid(), facts.gid());
    if let Ok((there, now)) = read_with_facts(&target) {
        if there == bytes && facts(&now) == facts(&kept) {
            return Ok(Some(Done::Already));
        }
        if there != bytes && left.is_some_and(|left| *left != Digest::of(&there)) {
            return Ok(None);
        }
    }
    beside(&target, &bytes, &File::open(copy)?)?.persist(&target)?;
    flush_directory(&target);
    Ok(Some(Done::Done))
}

/// Brings a file that is there to the disk itself.
pub(super) fn flush(file: &Path) -> io::Result<()> {
    match File::open(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        opened => opened?.sync_all().map(|()| flush_directory(file)),
    }
}

/// Whether a file can be replaced where it is.
pub(super) fn is_writable(path: &Path) -> io::Result<Answer> {
    let target = fs::canonicalize(path)?;
    let home = if target.is_dir() { target.clone() } else { directory_of(&target) };
    for place in [&target, &home] {
        if let Err(error) = access(place, Access::WRITE_OK) {
            return Ok(Answer::No(format!("{}: {}", place.display(), io::Error::from(error))));
        }
    }
    Ok(Answer::Yes)
}

/// Removes what a killed run left beside a file whose lock is ours now: it may hold credentials, as the file does.
pub(super) fn sweep(target: &Path) -> io::Result<()> {
    match fs::remove_file(directory_of(target).join(name_beside(target))) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        swept => swept,
    }
}

/// A finished and flushed file in the directory of `target`, with the facts of `like`; removed unless it is renamed.
///
/// Its name is always the same, so that the next one to hold the lock of `target` finds what a killed run left.
fn beside(target: &Path, bytes: &[u8], like: &File) -> io::Result<NamedTempFile> {
    sweep(target)?;
    let mut copy = tempfile::Builder::new()
        .prefix(&name_beside(target))
        .rand_bytes(0)
        .tempfile_in(directory_of(target))?;
    copy.write_all(bytes)?;
    let file = copy.as_file();
    let (want, have) = (like.metadata()?, file.metadata()?);
    if (want.uid(), want.gid()) != (have.uid(), have.gid()) {
        fchown(file, Some(want.uid()), Some(want.gid()))?;
    }
    copy_attributes(like, file)?;
    file.set_permissions(want.permissions())?;
    file.sync_all()?;
    Ok(copy)
}

pub(super) fn name_beside(target: &Path) -> OsString {
    let mut name = OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(".cpctl");
    name
}

/// Copies extended attributes, an access list among them. What the system sets by itself may be refused.
fn copy_attributes(from: &File, to: &File) -> io::Result<()> {
    let mut names = vec![0; 1 << 10];
    let mut listed = flistxattr(from, &mut names);
    if listed == Err(Errno::RANGE) {
        names.resize(64 << 10, 0);
        listed = flistxattr(from, &mut names);
    }
    let size = match listed {
        Err(Errno::NOTSUP) => return Ok(()),
        size => size?,
    };
    for name in names[..size].split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let mut value = vec![0; 64 << 10];
        let size = fgetxattr(from, name, &mut value)?;
        let outcome = fsetxattr(to, name, &value[..size], XattrFlags::empty());
        if !name.starts_with(b"security.") {
            outcome?;
        }
    }
    Ok(())
}

pub(super) fn directory_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(home) if home != Path::new("") => home.to_owned(),
        _ => ".".into(),
    }
}

/// Some file systems refuse to flush a directory; the rename is made all the same.
pub(super) fn flush_directory(path: &Path) {
    let _ = File::open(directory_of(path)).and_then(|home| home.sync_all());
}
