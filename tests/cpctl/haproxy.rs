//! A real HAProxy on loopback, from the tree that the lab's machines start from; gone when this is dropped.

use std::{
    fs,
    net::TcpListener,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use super::left_out::left_out;

/// One balancer, listening from the start: connections wait until it takes them.
pub struct HaProxy {
    process: Child,
    address: String,
    directory: TempDir,
}

impl HaProxy {
    /// Starts one on `HOST[:PORT]` with these words after `bind` and these lines, or says why there is none.
    ///
    /// Its listening socket is handed to it, so no port can be taken in between; it dies with the test's thread.
    pub fn start(host: &str, bind: &str, lines: &[String]) -> Option<Self> {
        if std::env::var("CPCTL_LAB").as_deref() != Ok("1") {
            left_out("it needs HAProxy from the lab's base tree");
            return None;
        }
        let directory = tempfile::tempdir().unwrap();
        let place = if host.contains(':') { host.to_owned() } else { format!("{host}:0") };
        let listener = TcpListener::bind(place).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let configuration = directory.path().join("haproxy.cfg");
        fs::write(&configuration, text(bind, lines)).unwrap();
        let log = fs::File::create(directory.path().join("log")).unwrap();
        let process = program()
            .args(["-db", "-f"])
            .arg(configuration)
            .stdin(Stdio::from(OwnedFd::from(listener)))
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Some(Self { process, address, directory })
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What it has said, for a test that fails.
    pub fn log(&self) -> String {
        fs::read_to_string(self.directory.path().join("log")).unwrap()
    }
}

impl Drop for HaProxy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn text(bind: &str, lines: &[String]) -> String {
    let head = "\
defaults
    timeout connect 2s
    timeout client 10s
    timeout server 10s
    retries 1
";
    let lines: String = lines.iter().map(|line| format!("    {line}\n")).collect();
    format!("{head}listen api\n    bind fd@0 {bind}\n{lines}")
}

/// The tree's program with the tree's own libraries, so that this machine needs neither.
fn program() -> Command {
    let tree = base().join("tree");
    let loader = tree.join("lib64/ld-linux-x86-64.so.2");
    assert!(loader.exists(), "{} is not there: `tests/lab/setup` makes it", loader.display());
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]).arg(loader).arg("--library-path");
    command.arg(tree.join("usr/lib/x86_64-linux-gnu")).arg(tree.join("usr/sbin/haproxy"));
    command
}

/// Where the lab keeps its base, as its scripts tell.
fn base() -> PathBuf {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab/lab.bash");
    let told = Command::new("bash").args(["-c", ". \"$0\" && base_dir"]).arg(scripts).output().unwrap();
    PathBuf::from(String::from_utf8(told.stdout).unwrap().trim())
}
