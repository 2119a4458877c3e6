//! Host keys: asked for in the order of what is on file, and refused where they are not the host's.

use std::io;

use super::{
    super::command::quote,
    Error,
    host::{Host, UnknownKeys},
    known_hosts::{self, KnownHosts, Verdict},
};

/// Without certificates, which libssh2 would prefer and cannot check; the types on file come before the others.
const KEY_ALGORITHMS: &[&str] = &[
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
];

/// What the host's known_hosts files say about it.
pub(super) fn on_file(host: &Host) -> io::Result<KnownHosts> {
    KnownHosts::read(host.known_hosts(), &host.known_as(), host.known_without_port().as_deref())
}

/// The types of key to ask a server for, in order.
pub(super) fn algorithms(on_file: &[String]) -> String {
    let is_known = |algorithm: &&str| {
        on_file.iter().any(|kind| kind == algorithm || kind == "ssh-rsa" && algorithm.starts_with("rsa-"))
    };
    let (mut first, others): (Vec<&str>, Vec<&str>) = KEY_ALGORITHMS.iter().copied().partition(is_known);
    first.extend(others);
    first.join(",")
}

/// Takes the key of a known host, and writes down an unknown one where the user's configuration says so.
pub(super) fn trust(node: &str, host: &Host, known: &KnownHosts, key: &[u8]) -> Result<(), Error> {
    match refusal(node, host, known, key) {
        Some(Error::UnknownHostKey { file, .. }) if host.unknown_keys == UnknownKeys::Accept => {
            known_hosts::remember(&file, &host.known_as(), key).map_err(|source| Error::Deed {
                node: node.to_owned(),
                deed: format!("write the host key to {}", file.display()),
                source,
            })
        }
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// Why the key is not this host's; `None` where it is.
pub(super) fn refusal(node: &str, host: &Host, known: &KnownHosts, key: &[u8]) -> Option<Error> {
    let (node, name, port) = (node.to_owned(), host.host_name.clone(), host.port);
    let (algorithm, fingerprint) = known_hosts::fingerprint(key);
    Some(match known.judge(key) {
        Verdict::Known => return None,
        Verdict::Revoked(file) => Error::RevokedHostKey { node, host: name, file },
        Verdict::Changed(file) => Error::ChangedHostKey {
            node,
            host: name,
            port,
            algorithm,
            fingerprint,
            file,
            name: host.known_as(),
            learn: ask(host),
        },
        Verdict::Unknown => {
            let file = host.user_known_hosts.first().cloned().unwrap_or_default();
            // ssh-keyscan goes no way but the straight one, and knows no alias.
            let learn = match host.jump.is_some() || host.has_proxy_command || host.alias.is_some() {
                true => ask(host),
                false => {
                    format!("ssh-keyscan -p {port} {name} >> {}", quote(&file.display().to_string()))
                }
            };
            Error::UnknownHostKey { node, host: name, port, algorithm, fingerprint, file, learn }
        }
    })
}

/// The command with which ssh shows the key and asks.
fn ask(host: &Host) -> String {
    format!("ssh -o StrictHostKeyChecking=ask {} true", host.typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_on_file_are_asked_for_first_and_certificates_never() {
        let order = algorithms(&["ssh-rsa".into()]);

        assert_eq!(
            order,
            "rsa-sha2-512,rsa-sha2-256,ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521"
        );
    }
}
