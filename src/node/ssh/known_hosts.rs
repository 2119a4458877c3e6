//! known_hosts files, read as OpenSSH reads them.
//!
//! libssh2's own reader knows neither wildcards nor `@revoked`, and says that a key has changed when only another
//! type of key is on file.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use openssl::{hash::MessageDigest, memcmp, pkey::PKey, sign::Signer};

use crate::node::digest::sha256;

/// What the files say about one host.
pub(super) struct KnownHosts {
    entries: Vec<Entry>,
}

struct Entry {
    file: PathBuf,
    marker: Marker,
    name: Name,
    key: Vec<u8>,
}

/// How an entry names the host.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Name {
    Whole,
    /// Without the port that was asked for. ssh takes such a key where it fits, and learns nothing where it does
    /// not (seen with OpenSSH 9.2).
    WithoutPort,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Marker {
    Plain,
    Revoked,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Verdict {
    Known,
    Unknown,
    /// This file holds another key for the host.
    Changed(PathBuf),
    Revoked(PathBuf),
}

impl KnownHosts {
    /// The entries for `name`, which is `host`, `[host]:port` or an alias, and for the host `without_port`; files
    /// that are not there hold none.
    pub fn read<'a>(
        files: impl Iterator<Item = &'a PathBuf>,
        name: &str,
        without_port: Option<&str>,
    ) -> io::Result<Self> {
        let mut entries = vec![];
        for file in files {
            let text = match fs::read(file) {
                Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => {
                    return Err(io::Error::new(error.kind(), format!("{}: {error}", file.display())));
                }
            };
            for line in text.lines() {
                let whole = entry(file, line, Name::Whole, name);
                entries.extend(whole.or_else(|| entry(file, line, Name::WithoutPort, without_port?)));
            }
        }
        if entries.iter().any(|entry| entry.marker == Marker::Plain && entry.name == Name::Whole) {
            entries.retain(|entry| entry.marker == Marker::Revoked || entry.name == Name::Whole);
        }
        Ok(Self { entries })
    }

    /// The types of key on file for the host, which the server must be asked for first.
    pub fn key_types(&self) -> Vec<String> {
        let plain = self.entries.iter().filter(|entry| entry.marker == Marker::Plain);
        let mut types = vec![];
        for kind in plain.filter_map(|entry| key_type(&entry.key)) {
            if !types.contains(&kind) {
                types.push(kind);
            }
        }
        types
    }

    /// Whether the key that the server presented is this host's.
    pub fn judge(&self, key: &[u8]) -> Verdict {
        let same =
            |marker| self.entries.iter().find(|entry| entry.marker == marker && entry.key.as_slice() == key);
        if let Some(entry) = same(Marker::Revoked) {
            return Verdict::Revoked(entry.file.clone());
        }
        if same(Marker::Plain).is_some() {
            return Verdict::Known;
        }
        let other = |entry: &&Entry| entry.marker == Marker::Plain && entry.name == Name::Whole;
        match self.entries.iter().find(other) {
            Some(entry) => Verdict::Changed(entry.file.clone()),
            None => Verdict::Unknown,
        }
    }
}

/// Writes a key down, as ssh does where its configuration says `accept-new`.
pub(super) fn remember(file: &Path, name: &str, key: &[u8]) -> io::Result<()> {
    let kind = key_type(key).ok_or(io::ErrorKind::InvalidData)?;
    let missing_newline = fs::read(file).is_ok_and(|bytes| bytes.last().is_some_and(|byte| *byte != b'\n'));
    let mut file = OpenOptions::new().append(true).create(true).open(file)?;
    let start = if missing_newline { "\n" } else { "" };
    file.write_all(format!("{start}{name} {kind} {}\n", STANDARD.encode(key)).as_bytes())
}

/// The name inside a public key, such as `ssh-ed25519`.
pub(super) fn key_type(key: &[u8]) -> Option<String> {
    let (length, rest) = key.split_first_chunk::<4>()?;
    let name = rest.get(..u32::from_be_bytes(*length) as usize)?;
    Some(std::str::from_utf8(name).ok()?.to_owned())
}

/// The name of the algorithm and the fingerprint, as ssh prints them.
pub(super) fn fingerprint(key: &[u8]) -> (&'static str, String) {
    let algorithm = match key_type(key).as_deref() {
        Some("ssh-ed25519") => "ED25519",
        Some("ssh-rsa") => "RSA",
        Some(kind) if kind.starts_with("ecdsa-") => "ECDSA",
        _ => "UNKNOWN",
    };
    (algorithm, format!("SHA256:{}", STANDARD_NO_PAD.encode(sha256(key))))
}

fn entry(file: &Path, line: &str, name: Name, host: &str) -> Option<Entry> {
    let line = line.trim();
    if line.starts_with('#') {
        return None;
    }
    let mut words = line.split_ascii_whitespace().peekable();
    let marker = match words.next_if(|word| word.starts_with('@')) {
        None => Marker::Plain,
        Some("@revoked") => Marker::Revoked,
        // An authority's key says nothing about keys that are not certificates, and those are all we ask for.
        Some(_) => return None,
    };
    let (patterns, kind, key) = (words.next()?, words.next()?, STANDARD.decode(words.next()?).ok()?);
    let fits = key_type(&key).as_deref() == Some(kind);
    (fits && matches_list(patterns, host)).then(|| Entry { file: file.to_owned(), marker, name, key })
}

fn matches_list(patterns: &str, name: &str) -> bool {
    if patterns.starts_with('|') {
        return matches_hash(patterns, name).unwrap_or(false);
    }
    let mut found = false;
    for pattern in patterns.split(',').map(str::to_ascii_lowercase) {
        match pattern.strip_prefix('!') {
            Some(pattern) if matches(pattern.as_bytes(), name.as_bytes()) => return false,
            Some(_) => {}
            None => found |= matches(pattern.as_bytes(), name.as_bytes()),
        }
    }
    found
}

/// `|1|salt|HMAC-SHA1(salt, name)`, both in base64.
fn matches_hash(pattern: &str, name: &str) -> Option<bool> {
    let (salt, hash) = pattern.strip_prefix("|1|")?.split_once('|')?;
    let (salt, hash) = (STANDARD.decode(salt).ok()?, STANDARD.decode(hash).ok()?);
    let key = PKey::hmac(&salt).ok()?;
    let made = Signer::new(MessageDigest::sha1(), &key).ok()?.sign_oneshot_to_vec(name.as_bytes()).ok()?;
    Some(made.len() == hash.len() && memcmp::eq(&made, &hash))
}

/// `*` stands for any letters, `?` for one.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut star) = (0, None);
    let mut next = 0;
    while next < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, next));
                at += 1;
            }
            Some(letter) if *letter == b'?' || *letter == name[next] => {
                at += 1;
                next += 1;
            }
            _ => match star {
                // The last star takes one letter more.
                Some((star_at, taken)) => {
                    star = Some((star_at, taken + 1));
                    (at, next) = (star_at + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|letter| *letter == b'*')
}

#[cfg(test)]
#[path = "known_hosts_tests.rs"]
mod tests;
