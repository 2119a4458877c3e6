//! Becoming root: how a script reaches a root shell, and how sudo's refusals are told apart.

use std::{io, time::Duration};

use zeroize::Zeroizing;

use super::{
    Error, Output, Password,
    transport::{Transport, nonce},
};

/// What stands between the login and root.
pub(super) enum Privilege {
    /// The login is root's.
    Root,
    /// sudo asks for nothing.
    Sudo { user: String },
    /// sudo asks for this.
    SudoWithPassword { user: String, password: Password },
}

/// sudo may read the password or may not (`NOPASSWD`, a cached ticket), so the shell behind it skips every line up
/// to the mark: a password can never be run as a command. `read` takes one byte at a time, so the rest of the
/// script is still there for the next shell.
const SKIP_TO_MARK: &str =
    r#"sh -c 'while IFS= read -r line; do [ "$line" = "$1" ] && exec sh -s; done; exit 97' cpctl"#;

/// `-k` makes sudo ask whatever its cache says; `LC_ALL` keeps its refusals in the language they are known in.
const WITH_PASSWORD: &str = "env LC_ALL=C sudo -k -S -p '' --";
const WITHOUT_PASSWORD: &str = "env LC_ALL=C sudo -n --";

/// sudo exits with 1 for every refusal, so its words are the only thing that tells them apart
/// (sudo 1.9: plugins/sudoers; sudo-rs 0.2: src/common/error.rs).
const NOT_ALLOWED: &[&str] =
    &["is not in the sudoers file", "is not allowed to", "may not run sudo", "I'm afraid I can't do that"];
const WRONG: &[&str] =
    &["incorrect password attempt", "incorrect authentication attempt", "Sorry, try again"];
const NEEDED: &[&str] = &[
    "a password is required",
    "a terminal is required",
    "no password was provided",
    "authentication is required",
];

/// The command line and its standard input that run `script` as root.
///
/// The mark is one of its own: arguments are read by everybody on the machine, and nothing that the script relies on may
/// stand there.
pub(super) fn wrap(privilege: &Privilege, script: &[u8]) -> (String, Zeroizing<Vec<u8>>) {
    match privilege {
        Privilege::Root => ("sh -s".into(), Zeroizing::new(script.to_vec())),
        Privilege::Sudo { .. } => (format!("{WITHOUT_PASSWORD} sh -s"), Zeroizing::new(script.to_vec())),
        Privilege::SudoWithPassword { password, .. } => {
            let mark = nonce();
            // Room for all of it: a vector that grows leaves copies behind.
            let size = password.reveal().len() + mark.len() + script.len() + 2;
            let mut stdin = Zeroizing::new(Vec::with_capacity(size));
            for part in [password.reveal().as_bytes(), b"\n", mark.as_bytes(), b"\n", script] {
                stdin.extend_from_slice(part);
            }
            (format!("{WITH_PASSWORD} {SKIP_TO_MARK} {mark}"), stdin)
        }
    }
}

/// Finds out whether root can be become, before anything depends on it.
///
/// Nothing follows the password here, so that a wrong one is tried once and not three times.
pub(super) fn check(
    privilege: &Privilege,
    node: &str,
    transport: &impl Transport,
    within: Duration,
) -> Result<(), Error> {
    let mark = nonce();
    let echo = format!("sh -c 'echo {mark}'");
    let (line, stdin) = match privilege {
        Privilege::Root => return Ok(()),
        Privilege::Sudo { .. } => (format!("{WITHOUT_PASSWORD} {echo}"), Zeroizing::new(vec![])),
        Privilege::SudoWithPassword { password, .. } => {
            let mut stdin = Zeroizing::new(Vec::with_capacity(password.reveal().len() + 1));
            stdin.extend_from_slice(password.reveal().as_bytes());
            stdin.push(b'\n');
            (format!("{WITH_PASSWORD} {echo}"), stdin)
        }
    };
    let output = transport.exec(&line, &stdin, within)?;
    if String::from_utf8_lossy(&output.stdout).contains(&mark) {
        return Ok(());
    }
    Err(refusal(privilege, node, &output).unwrap_or_else(|| Error::Deed {
        node: node.to_owned(),
        deed: "become root".into(),
        source: io::Error::other(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
    }))
}

/// Which refusal of sudo this is, where it is one.
pub(super) fn refusal(privilege: &Privilege, node: &str, output: &Output) -> Option<Error> {
    let (Privilege::Sudo { user } | Privilege::SudoWithPassword { user, .. }) = privilege else {
        return None;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    let says = |words: &[&str]| words.iter().any(|words| said.contains(words));
    let (node, user) = (node.to_owned(), user.clone());
    if says(NOT_ALLOWED) {
        return Some(Error::NotAllowed { node, user });
    }
    if says(WRONG) {
        return Some(Error::WrongPassword { node, user });
    }
    says(NEEDED).then_some(Error::NeedsPassword { node, user })
}

#[cfg(test)]
#[path = "sudo_tests.rs"]
mod tests;
