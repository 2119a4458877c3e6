//! Logging in: the agent's keys and the user's key files, in the order in which ssh tries them.

use std::{
    io,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use ssh2::{ErrorCode, PublicKey, Session};
use zeroize::Zeroizing;

use super::{
    super::Password,
    Error,
    host::{Agent, Host},
    prompt::Prompt,
    stream::is_hung_up,
};

/// How often a passphrase may be mistyped.
const ATTEMPTS: usize = 3;

/// Logs in with the first key that the server takes: the agent's that the configuration names, the agent's others,
/// then files.
pub(super) fn log_in(node: &str, host: &Host, session: &Session, prompt: &dyn Prompt) -> Result<(), Error> {
    let mut attempt = Attempt { host, session, prompt, tried: vec![] };
    if attempt.is_successful() {
        return Ok(());
    }
    let tried = match attempt.tried.is_empty() {
        true => "no key, for none was found".into(),
        false => attempt.tried.join(", "),
    };
    Err(Error::Login { node: node.to_owned(), user: host.user.clone(), tried, typed: host.typed.clone() })
}

struct Attempt<'a> {
    host: &'a Host,
    session: &'a Session,
    prompt: &'a dyn Prompt,
    tried: Vec<String>,
}

enum Answer {
    LoggedIn,
    Refused,
    HungUp,
}

impl Attempt<'_> {
    fn is_successful(&mut self) -> bool {
        let mut held = vec![];
        match self.with_agent(&mut held) {
            Ok(Answer::LoggedIn) => return true,
            Ok(Answer::HungUp) => return false,
            Ok(Answer::Refused) => {}
            Err(error) => self.tried.push(format!("the agent ({error})")),
        }
        for path in &self.host.identities {
            // The agent holds it, and the server has seen it.
            if !path.exists() || public_half(path).is_some_and(|blob| held.contains(&blob)) {
                continue;
            }
            match self.with_file(path) {
                Answer::LoggedIn => return true,
                Answer::HungUp => return false,
                Answer::Refused => {}
            }
        }
        false
    }

    fn with_agent(&mut self, held: &mut Vec<Vec<u8>>) -> Result<Answer, ssh2::Error> {
        let path = match &self.host.agent {
            Agent::None => return Ok(Answer::Refused),
            Agent::FromEnvironment => std::env::var_os("SSH_AUTH_SOCK").map(PathBuf::from),
            Agent::At(path) => Some(path.clone()),
        };
        let Some(path) = path.filter(|path| path.exists()) else { return Ok(Answer::Refused) };
        let mut agent = self.session.agent()?;
        agent.set_identity_path(&path)?;
        agent.connect()?;
        agent.list_identities()?;
        let named: Vec<_> = self.host.identities.iter().filter_map(|path| public_half(path)).collect();
        let is_named = |key: &PublicKey| named.iter().any(|blob| blob == key.blob());
        let (mut keys, others): (Vec<_>, Vec<_>) = agent.identities()?.into_iter().partition(is_named);
        if !self.host.identities_only {
            keys.extend(others);
        }
        for key in &keys {
            held.push(key.blob().to_vec());
            let outcome = agent.userauth(&self.host.user, key);
            match self.judge(outcome, || format!("{} in the agent", key.comment())) {
                Answer::Refused => {}
                answer => return Ok(answer),
            }
        }
        Ok(Answer::Refused)
    }

    fn with_file(&mut self, path: &Path) -> Answer {
        if public_half(path).is_some_and(|blob| is_in_hardware(&blob)) {
            self.tried
                .push(format!("{} (a security key, for which `--ssh system` is needed)", path.display()));
            return Answer::Refused;
        }
        if !is_encrypted(path) {
            let outcome = self.session.userauth_pubkey_file(&self.host.user, None, path, None);
            return self.judge(outcome, || path.display().to_string());
        }
        for attempt in 0..ATTEMPTS {
            let Some(passphrase) = self.prompt.passphrase(path, attempt > 0) else {
                self.tried.push(format!("{} (without its passphrase)", path.display()));
                return Answer::Refused;
            };
            if let Some(answer) = self.with_passphrase(path, &passphrase) {
                return answer;
            }
        }
        self.tried.push(format!("{} (wrong passphrase)", path.display()));
        Answer::Refused
    }

    /// `None` where the passphrase does not open the key.
    fn with_passphrase(&mut self, path: &Path, passphrase: &Password) -> Option<Answer> {
        let outcome =
            self.session.userauth_pubkey_file(&self.host.user, None, path, Some(passphrase.reveal()));
        if outcome.as_ref().is_err_and(is_unopened) {
            return None;
        }
        Some(self.judge(outcome, || path.display().to_string()))
    }

    fn judge(&mut self, outcome: Result<(), ssh2::Error>, key: impl FnOnce() -> String) -> Answer {
        let Err(error) = outcome else { return Answer::LoggedIn };
        if io::Error::from(ssh2::Error::new(error.code(), "")).kind() == io::ErrorKind::TimedOut {
            self.tried.push(format!("{} (then the server no longer answered)", key()));
            return Answer::HungUp;
        }
        if is_hung_up(&error) {
            self.tried.push(format!("{} (then the server hung up)", key()));
            return Answer::HungUp;
        }
        self.tried.push(key());
        Answer::Refused
    }
}

/// `LIBSSH2_ERROR_FILE` and `_KEYFILE_AUTH_FAILED`: the key could not be read, so the server was not asked.
fn is_unopened(error: &ssh2::Error) -> bool {
    matches!(error.code(), ErrorCode::Session(-16 | -48))
}

/// The public key beside a private one.
fn public_half(path: &Path) -> Option<Vec<u8>> {
    let mut name = path.as_os_str().to_owned();
    name.push(".pub");
    let text = std::fs::read_to_string(name).ok()?;
    STANDARD.decode(text.split_ascii_whitespace().nth(1)?).ok()
}

/// Whether a public key's other half is in a FIDO token, told from its algorithm's name:
/// https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.u2f
fn is_in_hardware(blob: &[u8]) -> bool {
    blob.get(4..).is_some_and(|name| name.starts_with(b"sk-"))
}

/// Whether a private key needs a passphrase, told from its envelope.
fn is_encrypted(path: &Path) -> bool {
    let Ok(text) = std::fs::read_to_string(path).map(Zeroizing::new) else { return false };
    if text.contains("ENCRYPTED") {
        return true;
    }
    if !text.contains("BEGIN OPENSSH PRIVATE KEY") {
        return false;
    }
    let body: Zeroizing<String> =
        Zeroizing::new(text.lines().filter(|line| !line.starts_with('-')).map(str::trim).collect());
    // The cipher's name follows the magic word: https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key
    let start = body.get(..32).and_then(|start| STANDARD.decode(start).ok()).unwrap_or_default();
    start.strip_prefix(b"openssh-key-v1\0").is_some_and(|rest| !rest.starts_with(b"\0\0\0\x04none"))
}
