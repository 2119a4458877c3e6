//! The scripts, run by real shells against a directory of their own.

use std::{
    fs,
    io::Write,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::PathBuf,
    process::{Command, Stdio},
};

use tempfile::TempDir;

use super::{
    super::{Act, Answer, Ask, Digest, Done, Lock, UnitSeen},
    *,
};
use crate::node::{self, left_out::left_out};

mod creation;
mod deeds;
mod drains;
mod looks;
mod running;
mod signing;
mod units;
mod veil;

/// A shell on this machine, after a login that has much to say.
pub(super) struct Here {
    shell: &'static str,
}

impl Transport for Here {
    #[expect(clippy::disallowed_methods, reason = "a real shell is the judge")]
    fn exec(&self, line: &str, stdin: &[u8], _within: Duration) -> Result<Output, Error> {
        assert_eq!(line, "sh -s");
        let mut child = Command::new("sh")
            .arg("-c")
            .arg(format!("printf 'Welcome! \\0\\377\\n'; {} -s; echo bye", self.shell))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        let stdin = stdin.to_vec();
        let feeding = std::thread::spawn(move || input.write_all(&stdin));
        let output = child.wait_with_output().unwrap();
        feeding.join().unwrap().unwrap();
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

/// The shells that a node may have as its `sh`, as far as this machine has them.
fn shells() -> Vec<&'static str> {
    let is_there = |name: &str| ["/bin", "/usr/bin"].iter().any(|dir| Path::new(dir).join(name).exists());
    let mut shells = vec![];
    for (name, line) in [("sh", "sh"), ("dash", "dash"), ("bash", "bash --posix"), ("busybox", "busybox sh")]
    {
        if !is_there(name) {
            left_out(&format!("the scripts in {name}, because there is no {name}"));
        } else if !runs_what_path_names(line) {
            left_out(&format!(
                "the scripts in {name}, because it takes its own programs before those of PATH"
            ));
        } else {
            shells.push(line);
        }
    }
    shells
}

/// A rescue shell has its own programs, and none of them is the one that a test puts in its place.
#[expect(clippy::disallowed_methods, reason = "the shell itself is asked")]
fn runs_what_path_names(line: &str) -> bool {
    let mut words = line.split(' ');
    let shell = words.next().unwrap();
    let found = Command::new(shell).args(words).args(["-c", "command -v hostname"]).output().unwrap();
    found.stdout.starts_with(b"/")
}

struct Machine {
    dir: TempDir,
    node: Remote<Here>,
}

impl Machine {
    fn new(shell: &'static str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
        fs::create_dir(at("run")).unwrap();
        fs::create_dir(at("bin")).unwrap();
        let places = Places {
            path: format!("{}:{}", at("bin"), Places::default().path),
            scratch: at("run"),
            flock: at("run/cpctl.lock"),
            state: at("state"),
            patience: Duration::from_secs(30),
        };
        let node = Remote {
            name: "cp1".into(),
            host: "10.0.0.1".into(),
            transport: Here { shell },
            privilege: Privilege::Root,
            places,
        };
        Self { dir, node }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.at(name);
        write(&path, bytes);
        path
    }

    /// A program that is found before the machine's own.
    fn program(&self, name: &str, script: &str) {
        let path = self.put(&format!("bin/{name}"), script.as_bytes());
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn one(&mut self, act: Act) -> Result<Done, node::Error> {
        self.node.act(&[act]).map(|mut done| done.remove(0))
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

#[expect(clippy::disallowed_methods, reason = "the machine's files are made by the test")]
fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
}

fn lock(run: &str) -> Lock {
    Lock {
        run: run.into(),
        operator: "me@\"run\":\"2\"".into(),
        since: "2026-01-01T00:00:00Z".into(),
        holder: "h1".into(),
    }
}

#[test]
fn a_script_that_arrives_cut_off_does_nothing() {
    let machine = Machine::new("sh");
    let file = machine.put("file", b"old");
    let act = Act::Write { path: file.clone(), before: Digest::of(b"old"), bytes: b"new".to_vec() };
    let batch = format!("step 0 hold_machine </dev/null\nstep 1 {} <<'CPCTL'\nbmV3\nCPCTL\n", call(&act));
    let script = machine.node.script("n", &DEEDS, &batch);
    let body = script.rfind("batch()").unwrap();

    for cut in (body..script.len() - 1).step_by(7).chain([script.len() - 2]) {
        let output = machine.node.transport.exec("sh -s", &script.as_bytes()[..cut], Duration::ZERO).unwrap();

        assert_eq!(fs::read(&file).unwrap(), b"old", "cut at {cut}");
        assert!(frame::frames("n", 0, &output.stdout).is_err());
    }
    machine.node.transport.exec("sh -s", script.as_bytes(), Duration::ZERO).unwrap();
    assert_eq!(fs::read(&file).unwrap(), b"new", "the whole script does it");
}

fn call(act: &Act) -> String {
    act::line(act).unwrap().call
}

#[test]
fn the_scripts_pass_shellcheck() {
    let Some(path) = ["/usr/bin/shellcheck", "/usr/local/bin/shellcheck"]
        .into_iter()
        .find(|path| Path::new(path).exists())
    else {
        return left_out("what shellcheck says of the scripts, because there is no shellcheck");
    };
    for script in [FRAME].into_iter().chain(QUESTIONS).chain(DEEDS) {
        #[expect(clippy::disallowed_methods, reason = "shellcheck is the judge")]
        let mut child =
            Command::new(path).arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();

        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}
