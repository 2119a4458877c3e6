//! Addresses that one machine of a pair holds at a time, as the files beside tell.

use super::{Kind, Source, keepalived, sysctl};

/// The addresses that keepalived moves, and whether the kernel lets the other machine listen there all the same.
pub struct Moving {
    held: Vec<String>,
    /// Settings by which the kernel does, of those files that were given.
    allowed: Vec<&'static str>,
}

impl Moving {
    pub fn of(files: &[Source]) -> Self {
        let of = |kind| files.iter().filter(move |source| source.kind() == Some(kind));
        let is_allowed = |key: &&str| of(Kind::Sysctl).any(|source| sysctl::is_on(source, key));
        let keys = ["net.ipv4.ip_nonlocal_bind", "net.ipv6.ip_nonlocal_bind"];
        Self {
            held: of(Kind::Keepalived).flat_map(keepalived::held).collect(),
            allowed: keys.into_iter().filter(is_allowed).collect(),
        }
    }

    /// Whether the machine that does not hold the address cannot listen there.
    pub fn is_away(&self, host: &str) -> bool {
        self.held.iter().any(|held| held == host) && !self.allowed.contains(&key(host))
    }
}

pub fn why(host: &str) -> String {
    format!("the machine that does not hold this address cannot listen there, unless its {} is 1", key(host))
}

/// The line that listens everywhere, or the setting.
pub fn instead(line: &str, host: &str) -> String {
    format!("{line}, or `sysctl -w {}=1` on both machines", key(host))
}

fn key(host: &str) -> &'static str {
    if host.contains(':') { "net.ipv6.ip_nonlocal_bind" } else { "net.ipv4.ip_nonlocal_bind" }
}
