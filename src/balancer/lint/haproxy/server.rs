//! A server of a backend, with what `default-server` says of it.

use std::time::Duration;

use super::{
    parse::Line,
    value::{address, duration},
};

/// More servers of one template are as good as these.
const MANY: u16 = 16;

/// A `server` line.
pub struct Server<'a> {
    pub line: &'a Line<'a>,
    pub name: &'a str,
    /// `None` where only HAProxy knows it, and for a socket of the machine.
    pub host: Option<String>,
    pub port: Option<u16>,
    parameters: Vec<Parameter<'a>>,
}

/// A word of a `server` or `default-server` line, and its value.
struct Parameter<'a> {
    line: &'a Line<'a>,
    word: &'a str,
    value: Option<&'a str>,
    is_variable: bool,
}

/// Parameters that a value follows.
const VALUED: &[&str] = &[
    "addr",
    "agent-addr",
    "agent-inter",
    "agent-port",
    "agent-send",
    "alpn",
    "ca-file",
    "cc",
    "check-alpn",
    "check-pool-conn-name",
    "check-proto",
    "check-sni",
    "check-via-socks4",
    "ciphers",
    "ciphersuites",
    "client-sigalgs",
    "cookie",
    "crl-file",
    "crt",
    "curves",
    "downinter",
    "error-limit",
    "fall",
    "fastinter",
    "guid",
    "hash-key",
    "id",
    "idle-ping",
    "init-addr",
    "init-state",
    "inter",
    "interface",
    "log-bufsize",
    "log-proto",
    "max-reuse",
    "maxconn",
    "maxqueue",
    "minconn",
    "namespace",
    "npn",
    "observe",
    "on-error",
    "on-marked-down",
    "on-marked-up",
    "pool-conn-name",
    "pool-low-conn",
    "pool-max-conn",
    "pool-purge-delay",
    "port",
    "proto",
    "proxy-v2-options",
    "redir",
    "resolve-net",
    "resolve-opts",
    "resolve-prefer",
    "resolvers",
    "rise",
    "shard",
    "sigalgs",
    "slowstart",
    "sni",
    "socks4",
    "source",
    "ssl-max-ver",
    "ssl-min-ver",
    "tcp-md5sig",
    "tcp-ut",
    "track",
    "usesrc",
    "verify",
    "verifyhost",
    "weight",
    "ws",
];

/// Parameters that stand alone; each may be said with `no-` before it.
const FLAGS: &[&str] = &[
    "agent-check",
    "allow-0rtt",
    "backup",
    "check",
    "check-reuse-pool",
    "check-send-proxy",
    "check-sni-auto",
    "check-ssl",
    "disabled",
    "enabled",
    "force-sslv3",
    "force-tlsv10",
    "force-tlsv11",
    "force-tlsv12",
    "force-tlsv13",
    "ktls",
    "non-stick",
    "renegotiate",
    "send-proxy",
    "send-proxy-v2",
    "send-proxy-v2-ssl",
    "send-proxy-v2-ssl-cn",
    "sni-auto",
    "ssl",
    "ssl-reuse",
    "sslv3",
    "stick",
    "strict-maxconn",
    "tfo",
    "tls-tickets",
    "tlsv10",
    "tlsv11",
    "tlsv12",
    "tlsv13",
];

impl<'a> Server<'a> {
    /// The server of a line, after those `default-server` lines.
    pub(super) fn of(line: &'a Line<'a>, before: &[&'a Line<'a>]) -> Self {
        let at = if line.word(0) == Some("server-template") { 3 } else { 2 };
        let known = line.words.get(at).filter(|word| !word.is_variable).and_then(|word| address(&word.text));
        let (host, port) = known.unwrap_or_default();
        let defaults = before.iter().flat_map(|line| parameters(line, 1));
        let parameters = defaults.chain(parameters(line, at + 1)).collect();
        Self { line, name: line.word(1).unwrap_or_default(), host, port, parameters }
    }

    /// How many servers the line makes, where it is a template for several.
    pub fn template(&self) -> Option<u16> {
        let count = self.line.word(2).filter(|_| self.line.word(0) == Some("server-template"))?;
        Some(count.rsplit('-').next().and_then(|last| last.parse().ok()).unwrap_or(2).min(MANY))
    }

    /// The first word of the line that nobody here knows; what follows it may be its value.
    pub fn unknown(&self) -> Option<&'a str> {
        let own = self.parameters.iter().filter(|said| said.line.number == self.line.number);
        own.filter(|said| !said.is_variable).map(|said| said.word).find(|word| !is_known(word))
    }

    /// The word of the line that is written in place of this one, by the same letters in another order or by one that
    /// is left out.
    pub fn misspelt(&self, meant: &str) -> Option<&'a str> {
        let sorted = |word: &str| {
            let mut letters: Vec<char> = word.chars().collect();
            letters.sort_unstable();
            letters
        };
        let is_short =
            |word: &str| (0..meant.len()).any(|left| meant[..left].to_owned() + &meant[left + 1..] == *word);
        self.unknown().filter(|word| sorted(word) == sorted(meant) || is_short(word))
    }

    /// Whether its address comes from the environment of HAProxy.
    pub fn is_variable(&self) -> bool {
        self.line.words.get(2).is_some_and(|word| word.is_variable)
    }

    /// The line that says it last, where that is not its negation.
    pub fn has(&self, word: &str) -> Option<&'a Line<'a>> {
        let said = self
            .parameters
            .iter()
            .rev()
            .find(|said| said.word.strip_prefix("no-").unwrap_or(said.word) == word)?;
        (said.word == word).then_some(said.line)
    }

    /// The value that holds; `None` also where only HAProxy knows it.
    pub fn value(&self, word: &str) -> Option<&'a str> {
        self.parameter(word).filter(|said| !said.is_variable)?.value
    }

    /// Where the value stands, known or not.
    pub fn says(&self, word: &str) -> Option<&'a Line<'a>> {
        self.parameter(word).map(|said| said.line)
    }

    pub fn duration(&self, word: &str) -> Option<Duration> {
        duration(self.value(word)?)
    }

    pub fn number(&self, word: &str) -> Option<u32> {
        self.value(word)?.parse().ok()
    }

    /// Whether it gets clients only once others are gone, or never.
    pub fn is_spare(&self) -> bool {
        self.has("backup").is_some() || self.has("disabled").is_some() || self.value("weight") == Some("0")
    }

    fn parameter(&self, word: &str) -> Option<&Parameter<'a>> {
        self.parameters.iter().rev().find(|said| said.word == word)
    }
}

fn is_known(word: &str) -> bool {
    let plain = word.strip_prefix("no-").unwrap_or(word);
    let plain = plain.split_once('(').map_or(plain, |(name, _)| name);
    FLAGS.contains(&plain) || VALUED.contains(&plain) || plain == "set-proxy-v2-tlv-fmt"
}

fn parameters<'a>(line: &'a Line<'a>, from: usize) -> Vec<Parameter<'a>> {
    let (mut found, mut words) = (vec![], line.words.iter().skip(from));
    while let Some(word) = words.next() {
        let takes_value =
            VALUED.contains(&word.text.as_str()) || word.text.starts_with("set-proxy-v2-tlv-fmt(");
        let value = if takes_value { words.next() } else { None };
        let is_variable = word.is_variable || value.is_some_and(|value| value.is_variable);
        found.push(Parameter {
            line,
            word: &word.text,
            value: value.map(|value| value.text.as_str()),
            is_variable,
        });
    }
    found
}
