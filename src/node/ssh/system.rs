//! The user's own `ssh`, one connection shared by all commands through its control socket.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, Read, Write},
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use tempfile::TempDir;

use super::{
    super::{Error, Output, Reached, Talk, Target, transport::Transport},
    SshOptions, config, forward,
    host::{Host, UnknownKeys},
    shown_key,
};

/// What ssh itself exits with when the connection is at fault.
const FAULT: i32 = 255;
/// Seconds after which a connection that nobody uses goes away: a client that was killed leaves none for long.
const PERSIST: &str = "ControlPersist=120";

/// A connection that the `ssh` binary holds; closed with this value.
pub(super) struct Master {
    node: String,
    host: String,
    words: Vec<OsString>,
    socket: PathBuf,
    /// Ours alone: whoever can open the socket is logged in.
    _directory: TempDir,
}

impl Master {
    pub fn open(target: &Target, host: &Host, options: &SshOptions, within: Duration) -> Result<Self, Error> {
        let directory = tempfile::Builder::new()
            .prefix("cpctl-")
            .tempdir_in(socket_home())
            .map_err(|source| Error::Ssh { source })?;
        let mut words = config::asked(target, options).words();
        let mut set = |option: String| words.extend(["-o".into(), option.into()]);
        set(shown_key::limit(within));
        set("ServerAliveInterval=10".into());
        set("ServerAliveCountMax=2".into());
        // `no` would let ssh log in at a machine whose key has changed.
        set(match host.unknown_keys {
            UnknownKeys::Refuse => "StrictHostKeyChecking=yes".into(),
            UnknownKeys::Accept => "StrictHostKeyChecking=accept-new".into(),
        });
        let socket = directory.path().join("s");
        let master = Self {
            node: target.name.clone(),
            host: target.host.clone(),
            words,
            socket,
            _directory: directory,
        };
        let Some(said) = master.log_in()? else { return Ok(master) };
        // Behind a shared connection ssh keeps to itself what is said on the way.
        let is_on_a_way = host.jump.is_some() || host.has_proxy_command;
        let said = if is_on_a_way { said + &master.say() } else { said };
        let refusal = shown_key::refusal(&target.name, host, options, within, &said);
        Err(refusal.unwrap_or_else(|| unreachable(&target.name, host, &said)))
    }

    /// Runs nothing, so that the connection stands before anything depends on it; tells what ssh said where it does not.
    fn log_in(&self) -> Result<Option<String>, Error> {
        // A file, because the connection that stays behind would hold a pipe open.
        let mut said = tempfile::tempfile().map_err(|source| Error::Ssh { source })?;
        let clone = said.try_clone().map_err(|source| Error::Ssh { source })?;
        let status = self
            .ssh(["-o", "ControlMaster=yes", "-o", PERSIST])
            .arg("--")
            .arg(&self.host)
            .arg("true")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(clone)
            .status()
            .map_err(|source| Error::Ssh { source })?;
        Ok((status.code() == Some(FAULT)).then(|| read_again(&mut said)))
    }

    /// What ssh says where it shares nothing, and asks nobody.
    fn say(&self) -> String {
        let mut ssh = self.ssh(["-o", "ControlMaster=no", "-o", "ControlPersist=no", "-o", "BatchMode=yes"]);
        ssh.arg("--").arg(&self.host).arg("true").stdin(Stdio::null());
        ssh.output()
            .map_or_else(|_| String::new(), |output| String::from_utf8_lossy(&output.stderr).into_owned())
    }

    #[expect(clippy::disallowed_methods, reason = "the user's own ssh is what was asked for")]
    fn ssh<const N: usize>(&self, options: [&str; N]) -> Command {
        let mut ssh = Command::new("ssh");
        ssh.args(&self.words).arg("-T").arg("-S").arg(&self.socket).args(options);
        ssh
    }

    fn broken(&self, source: io::Error) -> Error {
        Error::Broken { node: self.node.clone(), source }
    }
}

impl Transport for Master {
    fn exec(&self, line: &str, stdin: &[u8], within: Duration) -> Result<Output, Error> {
        let mut ssh = self.ssh(["-o", "ControlMaster=no"]);
        // Ctrl-C asks cpctl to finish the change at hand; it must not cut the connection that the change needs.
        ssh.process_group(0);
        ssh.arg("--").arg(&self.host).arg(line);
        ssh.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = ssh.spawn().map_err(|source| Error::Ssh { source })?;
        let outcome = converse(&mut child, stdin, within);
        if outcome.is_err() {
            let _ = child.kill();
        }
        let status = child.wait().map_err(|source| self.broken(source))?;
        let (stdout, stderr) = outcome.map_err(|source| self.broken(source))?;
        if status.code() == Some(FAULT) {
            let said = String::from_utf8_lossy(&stderr).trim().to_owned();
            return Err(self.broken(io::Error::other(said)));
        }
        Ok(Output { status: status.code().unwrap_or(FAULT), stdout, stderr })
    }

    fn open(&self, host: &str, port: u16, within: Duration, talk: Talk<'_>) -> Result<Reached, Error> {
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        let mut ssh = self.ssh(["-o", "ControlMaster=no", "-o", "ExitOnForwardFailure=yes"]);
        ssh.arg("-W").arg(format!("{host}:{port}")).arg("--").arg(&self.host);
        forward::talk_over(&mut ssh, within, talk).map_err(|source| Error::Ssh { source })
    }
}

impl Drop for Master {
    fn drop(&mut self) {
        let mut exit = self.ssh(["-O", "exit"]);
        exit.arg("--").arg(&self.host).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // Where it cannot be told, it leaves by itself.
        let _ = exit.status();
    }
}

/// Feeds a child and drains both of its outputs until it closes them.
fn converse(child: &mut Child, stdin: &[u8], within: Duration) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let (Some(mut input), Some(out), Some(err)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(io::ErrorKind::BrokenPipe.into());
    };
    let (tell, hear) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(|| {
            // A command that ends before it has read everything is no fault of the connection.
            let _ = input.write_all(stdin);
            drop(input);
        });
        let drain = |from: Box<dyn Read + Send>, index: usize| {
            let tell = tell.clone();
            scope.spawn(move || {
                let mut from = from;
                let mut bytes = vec![];
                let outcome = from.read_to_end(&mut bytes).map(|_| bytes);
                let _ = tell.send((index, outcome));
            });
        };
        drain(Box::new(out), 0);
        drain(Box::new(err), 1);
        let mut outputs = [vec![], vec![]];
        for _ in 0..2 {
            let Ok((index, bytes)) = hear.recv_timeout(within) else {
                // Only its end lets the threads above come back.
                let _ = child.kill();
                return Err(io::ErrorKind::TimedOut.into());
            };
            outputs[index] = bytes?;
        }
        let [out, err] = outputs;
        Ok((out, err))
    })
}

/// A short path: a control socket's may have 108 bytes.
fn socket_home() -> PathBuf {
    match std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from) {
        Some(path) if path.is_dir() => path,
        _ => "/tmp".into(),
    }
}

fn unreachable(node: &str, host: &Host, said: &str) -> Error {
    let lines: Vec<_> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    Error::Connect {
        node: node.to_owned(),
        typed: Some(host.typed.clone()),
        at: format!("{}:{}", host.host_name, host.port),
        source: io::Error::other(lines[lines.len().saturating_sub(3)..].join("; ")),
    }
}

fn read_again(file: &mut File) -> String {
    use std::io::Seek;

    let mut text = String::new();
    let _ = file.rewind().and_then(|()| file.read_to_string(&mut text).map(|_| ()));
    text
}
