//! Which key the user's own `ssh` refused: it is asked again, trusting nobody, and hands over each key before it refuses it.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    Error, SshOptions, hop,
    host::{Host, UnknownKeys},
    host_key,
    known_hosts::key_type,
};

/// What ssh ends with where it takes no key; it speaks one language everywhere (OpenSSH: sshconnect.c).
const REFUSED: &str = "Host key verification failed";

/// What stands before a key.
const MARK: &str = "cpctl-host-key ";

/// ssh runs this with the key as the server presented it (ssh_config(5), since OpenSSH 8.5).
const TELL: &str = "KnownHostsCommand=/bin/sh -c \"echo cpctl-host-key %K >&2\"";

/// Nothing that ssh could take a key for known by, and nothing to log in with.
const TRUST_NOBODY: [&str; 9] = [
    "StrictHostKeyChecking=yes",
    "UserKnownHostsFile=/dev/null",
    "GlobalKnownHostsFile=/dev/null",
    "VerifyHostKeyDNS=no",
    "NoHostAuthenticationForLocalhost=no",
    "PreferredAuthentications=none",
    "BatchMode=yes",
    "ControlMaster=no",
    "ControlPath=none",
];

/// The refusal of a key on the way to the host or of its own, where that is what ssh `said`; told as libssh2's is.
pub(super) fn refusal(
    node: &str,
    host: &Host,
    options: &SshOptions,
    within: Duration,
    said: &str,
) -> Option<Error> {
    if !said.contains(REFUSED) {
        return None;
    }
    let route = hop::route(node, host, options, 0).ok()?;
    (0..route.len()).find_map(|position| {
        let (host, before) = (&route[position], &route[..position]);
        let known = host_key::on_file(host).ok()?;
        let order = host_key::algorithms(&known.key_types());
        let key = shown(host, before, options, &[format!("HostKeyAlgorithms={order}"), limit(within)])?;
        let error = host_key::refusal(node, host, &known, &key)?;
        let is_taken = host.unknown_keys == UnknownKeys::Accept;
        (!(is_taken && matches!(error, Error::UnknownHostKey { .. }))).then_some(error)
    })
}

/// How long connecting may take, for ssh, which counts whole seconds.
pub(super) fn limit(within: Duration) -> String {
    format!("ConnectTimeout={}", within.as_millis().div_ceil(1000).max(1))
}

/// The key that a host presents, seen through the hosts before it.
#[expect(clippy::disallowed_methods, reason = "the user's own ssh is what was asked for")]
fn shown(host: &Host, before: &[Host], options: &SshOptions, settings: &[String]) -> Option<Vec<u8>> {
    let mut ssh = Command::new("ssh");
    if let Some(config) = &options.config {
        ssh.arg("-F").arg(config);
    }
    if !before.is_empty() {
        ssh.arg("-J").arg(before.iter().map(spec).collect::<Vec<_>>().join(","));
    }
    ssh.args(["-N", "-T", "-l", &host.user, "-p", &host.port.to_string(), "-o", TELL]);
    for setting in TRUST_NOBODY.into_iter().chain(settings.iter().map(String::as_str)) {
        ssh.args(["-o", setting]);
    }
    ssh.arg("--").arg(&host.asked).stdin(Stdio::null()).stdout(Stdio::null());
    let told = ssh.output().ok()?.stderr;
    let told = String::from_utf8_lossy(&told);
    let mut keys = told.lines().filter_map(|line| STANDARD.decode(line.strip_prefix(MARK)?.trim()).ok());
    keys.rfind(|key| key_type(key).is_some())
}

/// A host as `-J` takes it.
fn spec(host: &Host) -> String {
    let Host { asked, user, port, .. } = host;
    if asked.contains(':') { format!("{user}@[{asked}]:{port}") } else { format!("{user}@{asked}:{port}") }
}
