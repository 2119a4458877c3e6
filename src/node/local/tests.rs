//! The operator's own files, and many processes at one of them.

use std::{
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    time::Duration,
};

use super::*;

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[expect(clippy::disallowed_methods, reason = "the files are made by the test")]
fn put(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
}

fn one(local: &mut Local, act: Act) -> Result<Done, Error> {
    local.act(&[act]).map(|mut done| done.remove(0))
}

#[test]
fn a_file_behind_a_link_is_replaced_with_mode_and_attributes_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (file, link) = (dir.path().join("config"), dir.path().join("link"));
    put(&file, b"old");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o604)).unwrap();
    let tagged = rustix::fs::setxattr(&file, "user.tag", b"kept", rustix::fs::XattrFlags::empty()).is_ok();
    symlink("config", &link).unwrap();
    let write = Act::Write { path: link.clone(), before: Digest::of(b"old"), bytes: b"new".to_vec() };
    let mut local = Local::new();

    let done = local.act(&[write.clone(), write.clone()]).unwrap();
    put(&file, b"other");
    let error = one(&mut local, write).unwrap_err();

    assert!(done == [Done::Done, Done::Already]);
    assert!(matches!(error, Error::Drifted { .. }));
    assert_eq!(fs::read(&file).unwrap(), b"other");
    assert_eq!(fs::metadata(&file).unwrap().mode() & MODE, 0o604);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    let mut value = [0; 8];
    let size = rustix::fs::getxattr(&file, "user.tag", &mut value).unwrap_or(0);
    assert_eq!(&value[..size], if tagged { &b"kept"[..] } else { b"" });
    assert_eq!(names(dir.path()), ["config", "link"]);
}

#[test]
fn the_first_copy_is_the_true_one_and_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let (file, copy) = (dir.path().join("config"), dir.path().join("runs/1/config"));
    put(&file, b"first");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let keep = Act::Keep { file: file.clone(), copy: copy.clone() };
    let back = Act::PutBack { file: file.clone(), copy: copy.clone(), kept: Kept::Surely, left: None };
    let mut local = Local::new();

    let first = one(&mut local, keep.clone()).unwrap();
    put(&file, b"second");
    let done = local.act(&[keep, back.clone(), back]).unwrap();

    assert!(first == Done::Done);
    assert!(done == [Done::Already, Done::Done, Done::Already]);
    assert_eq!(fs::read(&file).unwrap(), b"first");
    assert_eq!(fs::metadata(copy.parent().unwrap()).unwrap().mode() & MODE, 0o700);
}

#[test]
fn two_hundred_at_once_all_get_the_lock_and_lose_no_line() {
    let dir = tempfile::tempdir().unwrap();
    let (file, lock) = (dir.path().join("config"), dir.path().join("config.lock"));
    put(&file, b"");

    std::thread::scope(|scope| {
        for number in 0..200 {
            let (file, lock) = (&file, &lock);
            scope.spawn(move || {
                let mut local = Local::new();
                one(
                    &mut local,
                    Act::LockFile { path: lock.clone(), run: "r1".into(), within: Duration::from_secs(120) },
                )
                .unwrap();
                let Done::Read(Some(old)) = one(&mut local, Act::Read(file.clone())).unwrap() else {
                    panic!()
                };
                let bytes = [old.as_slice(), format!("{number}\n").as_bytes()].concat();
                let done = local
                    .act(&[
                        Act::Write { path: file.clone(), before: Digest::of(&old), bytes },
                        Act::UnlockFile { path: lock.clone(), run: "r1".into() },
                    ])
                    .unwrap();
                assert!(done == [Done::Done, Done::Done]);
            });
        }
    });

    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 200);
    assert!(!lock.exists());
}

#[test]
fn a_lock_of_another_program_is_left_alone_and_one_of_a_dead_run_is_taken_over() {
    let dir = tempfile::tempdir().unwrap();
    let (theirs, ours) = (dir.path().join("theirs.lock"), dir.path().join("ours.lock"));
    put(&theirs, b"");
    put(&ours, b"cpctl\n");
    let take = |path: &Path| Act::LockFile { path: path.into(), run: "r1".into(), within: Duration::ZERO };
    let mut local = Local::new();

    let error = one(&mut local, take(&theirs)).unwrap_err();
    let untouched = one(&mut local, Act::UnlockFile { path: theirs.clone(), run: "r1".into() }).unwrap();
    let done = local.act(&[take(&ours), take(&ours)]).unwrap();
    let second = one(&mut Local::new(), take(&ours)).unwrap_err();
    let gone = one(&mut local, Act::UnlockFile { path: ours.clone(), run: "r1".into() }).unwrap();

    assert!(matches!(error, Error::LockFileHeld { .. }) && matches!(second, Error::LockFileHeld { .. }));
    assert!(untouched == Done::Already && theirs.exists());
    assert!(done == [Done::Done, Done::Already] && gone == Done::Done);
    assert!(!ours.exists());
}

#[test]
fn a_command_that_fails_says_what_it_said() {
    let fails = Command::new("sh").arg("-c").arg("echo no >&2; exit 3");

    let error = one(&mut Local::new(), Act::Run(fails)).unwrap_err();

    assert!(matches!(error, Error::Failed { status: 3, stderr, .. } if stderr == "no\n"));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "only another process can live under a limit of its own")]
fn a_write_that_finds_no_room_leaves_the_old_file_and_no_litter() {
    const ROLE: &str = "CPCTL_TEST_WRITES_HERE";
    if let Some(file) = std::env::var_os(ROLE) {
        let write = Act::Write { path: file.into(), before: Digest::of(b"old"), bytes: vec![b'x'; 1 << 20] };
        let error = one(&mut Local::new(), write).unwrap_err();
        assert!(matches!(error, Error::OwnFile { .. }));
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config");
    put(&file, b"old");
    let name = "node::local::tests::a_write_that_finds_no_room_leaves_the_old_file_and_no_litter";

    let status = process::Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 100; exec \"$0\" --exact \"$1\" --nocapture"])
        .arg(std::env::current_exe().unwrap())
        .arg(name)
        .env(ROLE, &file)
        .stdout(Stdio::null())
        .status()
        .unwrap();

    assert!(status.success());
    assert_eq!(fs::read(&file).unwrap(), b"old");
    assert_eq!(names(dir.path()), ["config"]);
}

#[test]
fn what_a_file_system_refuses_has_a_next_command() {
    for (kind, hint) in [
        (io::ErrorKind::StorageFull, "make room, then run the command again: `df -h /home/me`"),
        (io::ErrorKind::ReadOnlyFilesystem, "it is mounted read-only; see how: `findmnt -T /home/me`"),
        (
            io::ErrorKind::PermissionDenied,
            "see who may write, and whether it is immutable: \
             `ls -ld /home/me /home/me/config; lsattr -d /home/me /home/me/config`",
        ),
    ] {
        let error = own_file("write", Path::new("/home/me/config"))(kind.into());

        assert_eq!(error.to_string(), "localhost: cannot write /home/me/config");
        assert_eq!(error.hint().as_deref(), Some(hint));
    }
}

#[test]
fn a_look_sees_bytes_and_facts() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config");
    put(&file, b"x");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();

    let answers = Local::new()
        .look(&[Ask::File(file.clone()), Ask::File(dir.path().join("none")), Ask::Writable(file)])
        .unwrap();

    assert!(matches!(&answers[0], Answer::File(seen) if seen.bytes == b"x" && seen.mode == 0o640));
    assert_eq!(&answers[1..], [Answer::Absent, Answer::Yes]);
    assert!(Local::new().look(&[Ask::Addresses]).is_err());
}
