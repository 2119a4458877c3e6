//! Why a machine could not be asked or changed, and what to type next.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use super::Command;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{node}: cannot connect to {at}")]
    Connect {
        node: String,
        /// What a person types after `ssh` to get there; `None` for a rehearsed machine.
        typed: Option<String>,
        /// `HOST:PORT`, that of a host in between where that one is at fault; a rehearsed machine's directory.
        at: String,
        #[source]
        source: io::Error,
    },
    #[error("{node}: the host key of {host} is not known ({algorithm} {fingerprint})")]
    UnknownHostKey {
        node: String,
        host: String,
        port: u16,
        algorithm: &'static str,
        fingerprint: String,
        file: PathBuf,
        /// The command that learns the key.
        learn: String,
    },
    #[error("{node}: the host key of {host} has changed ({algorithm} {fingerprint}, {file} says otherwise)", file = file.display())]
    ChangedHostKey {
        node: String,
        host: String,
        port: u16,
        algorithm: &'static str,
        fingerprint: String,
        file: PathBuf,
        /// The host as the file has it.
        name: String,
        learn: String,
    },
    #[error("{node}: the host key of {host} is revoked in {file}", file = file.display())]
    RevokedHostKey { node: String, host: String, file: PathBuf },
    #[error("{node}: cannot log in as {user} (tried: {tried})")]
    Login { node: String, user: String, tried: String, typed: String },
    #[error("{node}: {user} cannot become root without a password")]
    NeedsPassword { node: String, user: String },
    #[error("{node}: the sudo password of {user} is wrong")]
    WrongPassword { node: String, user: String },
    #[error("{node}: {user} may not become root")]
    NotAllowed { node: String, user: String },
    #[error("{node}: the connection broke")]
    Broken {
        node: String,
        #[source]
        source: io::Error,
    },
    #[error("{node}: `{command}` exited with {status}")]
    Failed { node: String, command: Command, status: i32, stderr: String },
    #[error("{node}: {path} changed since it was read", path = path.display())]
    Drifted { node: String, path: PathBuf },
    #[error("{node}: {path} was rewritten since this run left it", path = path.display())]
    Rewritten { node: String, path: PathBuf },
    #[error("{node}: {path} and {other} differ", path = path.display(), other = other.display())]
    Differ { node: String, path: PathBuf, other: PathBuf },
    #[error("{node}: run {run} of {operator} holds the lock since {since}")]
    Locked { node: String, run: String, operator: String, since: String },
    #[error("{node}: another process goes on with run {run}, so this one stops")]
    TakenOver { node: String, run: String },
    #[error("{node}: {path} is held by another program for {} s", age.as_secs(), path = path.display())]
    LockFileHeld { node: String, path: PathBuf, age: Duration },
    #[error("{node}: {unit} was not idle for long enough to be stopped")]
    NeverIdle { node: String, unit: String },
    #[error("{node}: {server} cannot be spared: {others}")]
    NotSpared { node: String, server: String, others: String },
    #[error("{node}: {server} is back and not up: it is {state}")]
    NotUp { node: String, server: String, state: String },
    #[error("{node}: cannot {deed}")]
    Deed {
        node: String,
        deed: String,
        #[source]
        source: io::Error,
    },
    /// The operator's own file system does not allow it.
    #[error("{node}: cannot {deed} {path}", path = path.display())]
    OwnFile {
        node: String,
        deed: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{node}: the answer makes no sense: {what}")]
    Protocol { node: String, what: String },
    #[error("cannot run ssh")]
    Ssh {
        #[source]
        source: io::Error,
    },
}

impl Error {
    /// What to type next, where there is something.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Connect { typed, .. } => by_hand(typed.as_deref()),
            Self::UnknownHostKey { algorithm, learn, .. } => format!(
                "compare it with `ssh-keygen -lf /etc/ssh/ssh_host_{}_key.pub` on the machine itself, then `{learn}`",
                algorithm.to_ascii_lowercase(),
            ),
            Self::ChangedHostKey { file, name, learn, .. } => format!(
                "only if the machine was set up anew: `ssh-keygen -f {} -R '{name}'`, then `{learn}`",
                file.display()
            ),
            Self::RevokedHostKey { .. } => {
                "somebody withdrew this key; ask who, and give the machine a new one".into()
            }
            Self::Login { typed, .. } => format!(
                "try `ssh -v {typed}`; name a key with `-i`, a user with `-l`, or load one with `ssh-add`"
            ),
            Self::NeedsPassword { user, .. } => format!(
                "give the sudo password once with `-K`; where {user} has none, log in as root with `-l root`"
            ),
            Self::WrongPassword { .. } => "type it again with `-K`".into(),
            Self::NotAllowed { user, .. } => format!("log in as root with `-l root`, or let {user} use sudo"),
            Self::Locked { run, .. } => format!(
                "wait while it is at work; if it was cut off, `cpctl resume {run}` finishes it and \
                 `cpctl undo {run}` takes it back"
            ),
            Self::TakenOver { .. } => "let that one finish; `cpctl runs` tells how the run stands".into(),
            Self::LockFileHeld { path, .. } => {
                format!("if no other program is at work, remove it: `rm {}`", path.display())
            }
            Self::Drifted { .. } => {
                "somebody else is at work on it; run the command again to plan from what is there now".into()
            }
            Self::Rewritten { .. } => {
                "the certificate was signed anew since, and undo would bring an older one back; \
                 what is there now stays"
                    .into()
            }
            Self::Failed { stderr, .. } if !stderr.trim().is_empty() => {
                format!("it said: {}", last_lines(stderr))
            }
            Self::NotSpared { .. } => {
                "bring the others back first: a balancer must not be left without a server".into()
            }
            Self::NotUp { node, .. } => format!(
                "it is the balancer's own check that fails; see why on {node}: `journalctl -u haproxy -n 20`"
            ),
            Self::Ssh { .. } => {
                "`ssh -G HOST` must work here: install OpenSSH's client, or name another configuration with `-F`"
                    .into()
            }
            Self::OwnFile { path, source, .. } => return hint_of_file(path, source),
            _ => return None,
        })
    }

    /// Whether the machine could not be reached at all, so nothing was changed by the call.
    pub fn is_unreachable(&self) -> bool {
        !matches!(
            self,
            Self::Broken { .. }
                | Self::Failed { .. }
                | Self::Differ { .. }
                | Self::Deed { .. }
                | Self::OwnFile { .. }
                | Self::NeverIdle { .. }
                | Self::NotSpared { .. }
                | Self::NotUp { .. }
                | Self::Protocol { .. }
        )
    }
}

/// What to type where a file of the operator's own cannot be written.
pub fn hint_of_file(path: &Path, error: &io::Error) -> Option<String> {
    let home = path.parent().filter(|home| *home != Path::new("")).unwrap_or(Path::new("."));
    Some(match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            format!("make room, then run the command again: `df -h {}`", home.display())
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            format!("it is mounted read-only; see how: `findmnt -T {}`", home.display())
        }
        io::ErrorKind::PermissionDenied => format!(
            "see who may write, and whether it is immutable: `ls -ld {home} {path}; lsattr -d {home} {path}`",
            home = home.display(),
            path = path.display()
        ),
        _ => return None,
    })
}

/// The command that shows more; a rehearsed machine is not reached over ssh.
fn by_hand(typed: Option<&str>) -> String {
    match typed {
        Some(typed) => format!("check that the machine is up and lets you in: `ssh {typed} true`"),
        None => "check that its rehearsal is still running, or start another: `cpctl rehearse --keep`".into(),
    }
}

/// The end of what a program said, on one line.
fn last_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(3)..].join("; ")
}
