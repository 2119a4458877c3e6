//! A shell behind a `sudo` that behaves in each of sudo's ways.

use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
};

use super::*;
use crate::node::{Reached, Talk};

/// Reads a password as sudo does, one byte at a time and three times over, or reads none.
const SUDO: &str = r#"#!/bin/sh
here=$(dirname "$0")
stdin=no
while [ "$1" != -- ]; do
    case $1 in -S) stdin=yes ;; -p) shift ;; esac
    shift
done
shift
case $(cat "$here/way") in
nopasswd) exec "$@" ;;
stranger) echo "me is not in the sudoers file." >&2 && exit 1 ;;
esac
[ $stdin = yes ] || { echo "sudo: a password is required" >&2 && exit 1; }
for try in 1 2 3; do
    IFS= read -r typed || { echo "sudo: no password was provided" >&2 && break; }
    echo try >>"$here/tries"
    [ "$typed" != 'touch "$OOPS"' ] || exec "$@"
    echo "Sorry, try again." >&2
done
echo "sudo: 1 incorrect password attempt" >&2
exit 1
"#;

/// A password that would leave a trace if a shell ever ran it.
const PASSWORD: &str = "touch \"$OOPS\"";

struct Login {
    dir: tempfile::TempDir,
}

impl Login {
    #[expect(clippy::disallowed_methods, reason = "the machine's files are made by the test")]
    fn new(way: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let sudo = dir.path().join("sudo");
        fs::write(&sudo, SUDO).unwrap();
        fs::set_permissions(sudo, fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(dir.path().join("way"), way).unwrap();
        Self { dir }
    }

    fn at(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(name)
    }

    fn check(&self, privilege: &Privilege) -> Result<(), Error> {
        check(privilege, "cp1", self, Duration::ZERO)
    }
}

impl Transport for Login {
    #[expect(clippy::disallowed_methods, reason = "a real shell is the judge")]
    fn exec(&self, line: &str, stdin: &[u8], _within: Duration) -> Result<Output, Error> {
        assert!(!line.contains(PASSWORD));
        let path = format!("{}:{}", self.dir.path().display(), std::env::var("PATH").unwrap());
        let mut child = Command::new("sh")
            .args(["-c", line])
            .env("PATH", path)
            .env("OOPS", self.at("oops"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A shell that is refused need not read everything.
        let _ = child.stdin.take().unwrap().write_all(stdin);
        let output = child.wait_with_output().unwrap();
        Ok(Output {
            status: output.status.code().unwrap_or(-1),
            stdout: output.stdout,
            stderr: output.stderr,
        })
    }

    fn open(&self, _: &str, _: u16, _: Duration, _: Talk<'_>) -> Result<Reached, Error> {
        Ok(Reached::Refused)
    }
}

fn with(password: &str) -> Privilege {
    Privilege::SudoWithPassword { user: "me".into(), password: Password::new(password.into()) }
}

fn without() -> Privilege {
    Privilege::Sudo { user: "me".into() }
}

#[test]
fn sudos_refusals_are_told_apart_and_a_wrong_password_is_tried_once() {
    let asks = Login::new("ask");

    assert!(asks.check(&with(PASSWORD)).is_ok());
    fs::remove_file(asks.at("tries")).unwrap();
    assert!(matches!(asks.check(&with("wrong")), Err(Error::WrongPassword { .. })));
    assert_eq!(fs::read_to_string(asks.at("tries")).unwrap(), "try\n");
    assert!(matches!(asks.check(&without()), Err(Error::NeedsPassword { .. })));
    assert!(matches!(Login::new("stranger").check(&with(PASSWORD)), Err(Error::NotAllowed { .. })));
    assert!(Login::new("nopasswd").check(&with("anything")).is_ok());
    assert!(Login::new("nopasswd").check(&without()).is_ok());
}

#[test]
fn a_password_that_sudo_does_not_read_is_never_run_as_a_command() {
    for way in ["ask", "nopasswd"] {
        let login = Login::new(way);
        let (line, stdin) = wrap(&with(PASSWORD), b"echo from the script\n");

        let output = login.exec(&line, &stdin, Duration::ZERO).unwrap();

        assert_eq!(String::from_utf8_lossy(&output.stdout), "from the script\n", "{way}");
        assert!(!Path::new(&login.at("oops")).exists());
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}
