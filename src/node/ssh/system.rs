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
    super::{Error, Output, Target, transport::Transport},
    SshOptions, config,
    host::{Host, UnknownKeys},
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
        set(format!("ConnectTimeout={}", within.as_secs().max(1)));
        set("ServerAliveInterval=10".into());
        set("ServerAliveCountMax=2".into());
        if host.unknown_keys == UnknownKeys::Refuse {
            set("StrictHostKeyChecking=yes".into());
        }
        let socket = directory.path().join("s");
        let master = Self {
            node: target.name.clone(),
            host: target.host.clone(),
            words,
            socket,
            _directory: directory,
        };
        master.log_in(host)?;
        Ok(master)
    }

    /// Runs nothing, so that the connection stands before anything depends on it.
    fn log_in(&self, host: &Host) -> Result<(), Error> {
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
        if status.code() != Some(FAULT) {
            return Ok(());
        }
        Err(Error::Connect {
            node: self.node.clone(),
            user: Some(host.user.clone()),
            at: format!("{}:{}", host.host_name, host.port),
            source: io::Error::other(read_again(&mut said)),
        })
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

fn read_again(file: &mut File) -> String {
    use std::io::Seek;

    let mut text = String::new();
    let _ = file.rewind().and_then(|()| file.read_to_string(&mut text).map(|_| ()));
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(3)..].join("; ")
}
