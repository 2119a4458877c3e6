//! Making a file that was not there, and taking it away again.

use std::{
    fs::{self, File, Permissions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::Path,
};

use super::{
    super::{Digest, Done},
    make_home, read,
    replace::{directory_of, flush_directory, name_beside, sweep},
};

/// Makes a file whole; `None` where something else stands there.
pub(super) fn create(path: &Path, mode: u32, bytes: &[u8], mark: &Path) -> io::Result<Option<Done>> {
    if is_there(path) {
        return Ok(holds(path, &Digest::of(bytes))?.then_some(Done::Already));
    }
    make_directory(&directory_of(path), mark)?;
    sweep(path)?;
    let mut copy = tempfile::Builder::new()
        .prefix(&name_beside(path))
        .rand_bytes(0)
        .permissions(Permissions::from_mode(0o600))
        .tempfile_in(directory_of(path))?;
    copy.write_all(bytes)?;
    copy.as_file().set_permissions(Permissions::from_mode(mode))?;
    copy.as_file().sync_all()?;
    match copy.persist_noclobber(path) {
        Ok(_) => {
            flush_directory(path);
            Ok(Some(Done::Done))
        }
        Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => {
            Ok(holds(path, &Digest::of(bytes))?.then_some(Done::Already))
        }
        Err(refused) => Err(refused.error),
    }
}

/// Removes a file that holds these bytes; `None` where it holds others.
pub(super) fn remove(path: &Path, made: &Digest, mark: &Path) -> io::Result<Option<Done>> {
    let mut done = Done::Already;
    if is_there(path) {
        if !holds(path, made)? {
            return Ok(None);
        }
        fs::remove_file(path)?;
        flush_directory(path);
        done = Done::Done;
    }
    if mark.exists() {
        sweep(path)?;
        // What others put there since keeps the directory.
        let _ = fs::remove_dir(directory_of(path));
        fs::remove_file(mark)?;
        done = Done::Done;
    }
    Ok(Some(done))
}

/// Makes the directory where it is missing, marked first: one that was made is never taken for somebody else's.
fn make_directory(directory: &Path, mark: &Path) -> io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    make_home(mark)?;
    File::options().write(true).create(true).truncate(true).mode(0o600).open(mark)?.sync_all()?;
    flush_directory(mark);
    match fs::DirBuilder::new().mode(0o755).create(directory) {
        Ok(()) => flush_directory(directory),
        Err(error) => {
            fs::remove_file(mark)?;
            if !directory.is_dir() {
                return Err(error);
            }
        }
    }
    Ok(())
}

/// A link counts, wherever it leads.
fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn holds(path: &Path, digest: &Digest) -> io::Result<bool> {
    if path.is_symlink() {
        return Ok(false);
    }
    Ok(read(path)?.is_some_and(|bytes| Digest::of(&bytes) == *digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_made_with_its_directory_and_both_go_again() {
        let dir = tempfile::tempdir().unwrap();
        let (path, mark) = (dir.path().join("conf.d/50.yaml"), dir.path().join("runs/1/made"));

        let made = [(); 2].map(|()| create(&path, 0o640, b"x", &mark).unwrap());
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o7777;
        let gone = [(); 2].map(|()| remove(&path, &Digest::of(b"x"), &mark).unwrap());

        assert!(made == [Some(Done::Done), Some(Done::Already)] && mode == 0o640);
        assert!(gone == [Some(Done::Done), Some(Done::Already)]);
        assert!(!path.parent().unwrap().exists() && !mark.exists());
    }

    #[test]
    fn a_place_that_is_taken_is_refused_in_either_direction() {
        let dir = tempfile::tempdir().unwrap();
        let (path, link, mark) =
            (dir.path().join("theirs"), dir.path().join("link"), dir.path().join("mark"));
        create(&path, 0o600, b"theirs", &mark).unwrap();
        std::os::unix::fs::symlink("theirs", &link).unwrap();

        for place in [&path, &link] {
            assert!(create(place, 0o600, b"ours", &mark).unwrap().is_none());
            assert!(remove(place, &Digest::of(b"ours"), &mark).unwrap().is_none());
        }

        assert_eq!(fs::read(&link).unwrap(), b"theirs");
        assert!(dir.path().is_dir() && !mark.exists());
    }

    #[test]
    fn a_directory_that_others_use_since_stays() {
        let dir = tempfile::tempdir().unwrap();
        let (path, mark) = (dir.path().join("conf.d/50.yaml"), dir.path().join("mark"));
        create(&path, 0o600, b"x", &mark).unwrap();
        create(&dir.path().join("conf.d/60.yaml"), 0o600, b"y", &mark).unwrap();

        remove(&path, &Digest::of(b"x"), &mark).unwrap();

        assert!(dir.path().join("conf.d/60.yaml").exists() && !mark.exists());
    }
}
