//! A real sshd on a port of its own, with keys and a client configuration made for one test.

use std::{
    fs,
    io::Write,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use cpctl::node::{Target, ssh::SshOptions};
use tempfile::TempDir;

use crate::{lab::cache, left_out::left_out, wait::until};

const SSHD: &str = "/usr/sbin/sshd";

#[derive(Clone, Copy, PartialEq)]
pub enum HostKeys {
    Ed25519,
    Ed25519AndRsa,
    Ed25519WithCertificate,
}

pub struct Sshd {
    dir: TempDir,
    pub port: u16,
    child: Child,
}

pub struct Agent {
    pub socket: PathBuf,
    child: Child,
}

/// A process that stands still until this is dropped.
pub struct Frozen(String);

impl Sshd {
    pub fn start(keys: HostKeys) -> Option<Self> {
        Self::start_with(keys, "")
    }

    /// `None`, told, where this machine cannot run one; with `CI=true` that is a failure.
    pub fn start_with(keys: HostKeys, settings: &str) -> Option<Self> {
        if let Some(why) = lacking() {
            left_out(&format!("what needs a real sshd, because {why}"));
            return None;
        }
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name).display().to_string();
        for (kind, name) in [("ed25519", "ed25519"), ("ed25519", "other"), ("rsa", "rsa"), ("ed25519", "id")]
        {
            run("ssh-keygen", &["-q", "-t", kind, "-b", "2048", "-N", "", "-C", "", "-f", &at(name)]);
        }
        fs::copy(at("id.pub"), at("authorized_keys")).unwrap();
        let mut config = format!(
            "ListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nStrictModes no\nUsePAM no\n\
            PidFile none\nPermitRootLogin yes\nLogLevel VERBOSE\nMaxStartups 100\n{settings}\n",
            at("ed25519"),
            at("authorized_keys")
        );
        if keys == HostKeys::Ed25519AndRsa {
            config += &format!("HostKey {}\n", at("rsa"));
        }
        if keys == HostKeys::Ed25519WithCertificate {
            run(
                "ssh-keygen",
                &["-q", "-s", &at("other"), "-h", "-I", "x", "-n", "127.0.0.1", &at("ed25519.pub")],
            );
            config += &format!("HostCertificate {}\n", at("ed25519-cert.pub"));
        }
        fs::create_dir_all("/run/sshd").unwrap();
        // A port that is free may be somebody else's a moment later: then this sshd ends, and another port is tried.
        let (port, child) =
            std::iter::repeat_with(free_port).find_map(|port| listening(dir.path(), port, &config)).unwrap();
        let sshd = Self { dir, port, child };
        sshd.configure("");
        Some(sshd)
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn put(&self, name: &str, text: &str) -> PathBuf {
        let path = self.at(name);
        write(&path, text);
        path
    }

    pub fn target(&self) -> Target {
        Target { user: Some("root".into()), port: Some(self.port), ..Target::from_host("cp1", "127.0.0.1") }
    }

    pub fn options(&self) -> SshOptions {
        SshOptions { config: Some(self.at("ssh_config")), ..SshOptions::default() }
    }

    /// The client's configuration; what comes first wins.
    pub fn configure(&self, settings: &str) {
        let text = format!(
            "{settings}\nHost *\nIdentityAgent none\nIdentitiesOnly yes\nIdentityFile {}\nUserKnownHostsFile {}\n\
            GlobalKnownHostsFile none\nUser root\n",
            self.at("id").display(),
            self.at("known_hosts").display()
        );
        self.put("ssh_config", &text);
    }

    /// How ssh writes this machine's name.
    pub fn pattern(&self) -> String {
        format!("[127.0.0.1]:{}", self.port)
    }

    pub fn know(&self, pattern: &str, key: &str) {
        let public = fs::read_to_string(self.at(&format!("{key}.pub"))).unwrap();
        let mut file = fs::OpenOptions::new().append(true).create(true).open(self.at("known_hosts")).unwrap();
        writeln!(file, "{pattern} {}", public.trim()).unwrap();
    }

    /// Knows another machine, which takes our key.
    pub fn adopt(&self, other: &Self) {
        fs::copy(other.at("ed25519.pub"), self.at("adopted.pub")).unwrap();
        self.know(&other.pattern(), "adopted");
        fs::copy(self.at("authorized_keys"), other.at("authorized_keys")).unwrap();
    }

    pub fn forget(&self) {
        let _ = fs::remove_file(self.at("known_hosts"));
    }

    pub fn hash(&self) {
        run("ssh-keygen", &["-H", "-f", self.at("known_hosts").to_str().unwrap()]);
        assert!(!fs::read_to_string(self.at("known_hosts")).unwrap().contains("127.0.0.1"));
    }

    pub fn fingerprint(&self, key: &str) -> String {
        let line = run("ssh-keygen", &["-l", "-f", self.at(&format!("{key}.pub")).to_str().unwrap()]);
        line.split(' ').nth(1).unwrap().to_owned()
    }

    /// A key with a passphrase, which this machine takes.
    pub fn locked_key(&self, kind: &str, name: &str) -> PathBuf {
        let path = self.at(name);
        run("ssh-keygen", &["-q", "-t", kind, "-N", "open sesame", "-f", path.to_str().unwrap()]);
        fs::copy(self.at(&format!("{name}.pub")), self.at("authorized_keys")).unwrap();
        path
    }

    /// A security key of software, the only one that this machine takes; `None`, told, where there is no such thing.
    pub fn security_key(&self, name: &str) -> Option<PathBuf> {
        let provider = cache().join("sk-dummy.so");
        if !provider.exists() {
            left_out("a login with a security key, because tests/lab/setup did not fetch one of software");
            return None;
        }
        let key = self.at(name);
        let made = command("ssh-keygen")
            .args(["-q", "-t", "ed25519-sk", "-N", "", "-f"])
            .arg(&key)
            .env("SSH_SK_PROVIDER", &provider)
            .status();
        assert!(made.unwrap().success());
        fs::copy(self.at(&format!("{name}.pub")), self.at("authorized_keys")).unwrap();
        self.configure(&format!(
            "IdentityFile {}\nSecurityKeyProvider {}",
            key.display(),
            provider.display()
        ));
        Some(key)
    }

    /// Lets nobody in but those whose key `other` has certified.
    pub fn take_only_certificates(&self) {
        let authority = fs::read_to_string(self.at("other.pub")).unwrap();
        self.put("authorized_keys", &format!("cert-authority {authority}"));
    }

    /// Puts a certificate for root beside a key.
    pub fn certify(&self, key: &str) {
        let (authority, public) = (self.at("other"), self.at(&format!("{key}.pub")));
        let files = [&authority, &public].map(|path| path.to_str().unwrap());
        run("ssh-keygen", &["-q", "-s", files[0], "-I", "operator", "-n", "root", files[1]]);
    }

    pub fn agent_with(&self, key: &str) -> Agent {
        let socket = self.at("agent");
        let child = command("ssh-agent")
            .args(["-D", "-a", socket.to_str().unwrap()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        until("the agent listens", || socket.exists());
        let added = command("ssh-add").arg("-q").arg(self.at(key)).env("SSH_AUTH_SOCK", &socket).status();
        assert!(added.unwrap().success());
        Agent { socket, child }
    }

    /// How many logins this machine has seen.
    pub fn logins(&self) -> usize {
        fs::read_to_string(self.at("log")).unwrap().matches("Accepted publickey").count()
    }

    /// Kills the sshd that serves the connection under which a process runs.
    pub fn cut_above(&self, pid: &str) {
        kill(&serving(pid));
    }

    pub fn freeze_above(&self, pid: &str) -> Frozen {
        let serving = serving(pid);
        run("kill", &["-STOP", &serving]);
        Frozen(serving)
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        run("kill", &["-CONT", &self.0]);
    }
}

/// What is missing on this machine, where something is.
fn lacking() -> Option<&'static str> {
    if !Path::new(SSHD).exists() {
        return Some("there is no /usr/sbin/sshd");
    }
    let is_root = run("id", &["-u"]).trim() == "0";
    (!is_root).then_some("logging in over loopback needs root")
}

/// The nearest ancestor that is an sshd.
fn serving(pid: &str) -> String {
    let mut pid = pid.to_owned();
    loop {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        let (name, rest) = stat.split_once('(').unwrap().1.rsplit_once(") ").unwrap();
        if name.starts_with("sshd") {
            return pid;
        }
        pid = rest.split(' ').nth(1).unwrap().to_owned();
    }
}

pub fn kill(pid: &str) {
    run("kill", &["-KILL", pid]);
}

/// An sshd that says itself that it listens there; `None` where it could not.
fn listening(dir: &Path, port: u16, config: &str) -> Option<(u16, Child)> {
    let at = |name: &str| dir.join(name).display().to_string();
    write(Path::new(&at("sshd_config")), &format!("Port {port}\n{config}"));
    let mut child = command(SSHD)
        .args(["-D", "-E", &at("log"), "-f", &at("sshd_config")])
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let listens = || fs::read_to_string(at("log")).is_ok_and(|log| log.contains("Server listening"));
    until("sshd listens or gives up", || listens() || child.try_wait().unwrap().is_some());
    listens().then_some((port, child))
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn run(program: &str, args: &[&str]) -> String {
    let output = command(program).args(args).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the test runs ssh's own programs")]
fn command(program: &str) -> Command {
    Command::new(program)
}

#[expect(clippy::disallowed_methods, reason = "the machine's files are made by the test")]
fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}
