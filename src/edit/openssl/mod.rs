//! OpenSSL configurations: entries of `[ alt_names ]`, put in and taken out without touching another byte.

use std::{
    collections::BTreeSet,
    fmt,
    net::{IpAddr, Ipv4Addr},
};

use serde::{Deserialize, Serialize};

use super::{EditError, State};
use crate::san::{San, SanSet};
use document::{Document, Entry, Kind, Line};

mod cut;
mod document;
#[cfg(test)]
mod tests;

pub use cut::Cut;

/// The section that holds the names, in MicroK8s' template and in most others.
const SECTION: &str = "alt_names";

/// MicroK8s' mark for the node's own addresses; ours go above it, so that no address of the node hides them.
const MARK: &str = "#MOREIPS";

/// A first number that no renderer of host addresses reaches, in any version of MicroK8s.
const FIRST_ADDRESS: u64 = 101;

/// Entries of `[ alt_names ]`, each with the key that it gets: `IP.101 = 172.22.22.3`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Names {
    pub entries: Vec<(String, San)>,
}

/// The names that a certificate made from this text would carry.
///
/// An address written as a DNS name is left out, because no client accepts it.
pub fn names(text: &str) -> Result<SanSet, EditError> {
    let document = Document::parse(text)?;
    let entries = document.section(SECTION);
    let mut names = SanSet::default();
    for (line, entry) in entries {
        match name(line, entry)? {
            Some(San::Dns(dns)) => names.insert(San::Dns(dns)),
            Some(San::Ip(ip)) if is_address(entry) => names.insert(San::Ip(ip)),
            _ => {}
        }
    }
    Ok(names)
}

/// The value that counts for `key` in `[ section ]`.
pub fn value(text: &str, section: &str, key: &str) -> Result<Option<String>, EditError> {
    Ok(Document::parse(text)?.value(section, key).map(str::to_owned))
}

/// Whether the node's own addresses come into `[ alt_names ]` by themselves.
pub fn has_mark(text: &str) -> Result<bool, EditError> {
    Ok(Document::parse(text)?.lines.iter().any(is_mark))
}

impl Names {
    /// The entries that make the text list all of `wanted`; what it lists already is not added twice.
    pub fn listing(wanted: &SanSet, text: &str) -> Result<Self, EditError> {
        Self::keyed(&wanted.missing_from(&names(text)?), text)
    }

    /// One entry for each of `missing`, under keys that nothing else takes.
    pub fn keyed(missing: &SanSet, text: &str) -> Result<Self, EditError> {
        let document = Document::parse(text)?;
        let keys: BTreeSet<&str> =
            document.section(SECTION).iter().map(|(_, entry)| entry.key.as_str()).collect();
        let mut dns = next_number(&keys, "DNS.", 1);
        let mut ip = next_number(&keys, "IP.", FIRST_ADDRESS);
        let entry = |san: &San| match san {
            San::Dns(_) => (format!("DNS.{}", post_increment(&mut dns)), san.clone()),
            San::Ip(_) => (format!("IP.{}", post_increment(&mut ip)), san.clone()),
        };
        Ok(Self { entries: missing.iter().map(entry).collect() })
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How the text stands to the adding of these entries; a key with another value is somebody else's.
    pub fn state(&self, text: &str) -> Result<State, EditError> {
        let document = Document::parse(text)?;
        let listed = document.section(SECTION);
        let mut state = State::Made;
        for (key, san) in &self.entries {
            match listed.iter().find(|(_, entry)| entry.key == *key) {
                Some((_, entry)) if !is(entry, key, san) => return Ok(State::Neither),
                Some(_) => {}
                None => state = State::NotMade,
            }
        }
        Ok(state)
    }

    /// How the text stands to the removal of these entries; one that others changed or took out stays as it is.
    pub(super) fn state_of_removal(&self, text: &str) -> Result<State, EditError> {
        let document = Document::parse(text)?;
        Ok(if document.lines.iter().any(|line| self.holds(line)) { State::NotMade } else { State::Made })
    }

    pub(super) fn add(&self, text: &str) -> Result<String, EditError> {
        let document = Document::parse(text)?;
        let listed = document.section(SECTION);
        let missing =
            self.entries.iter().filter(|(key, _)| !listed.iter().any(|(_, entry)| entry.key == *key));
        let at = insertion(&document)?;
        let ending = line_ending(text, at);
        // At the end of a text without a final line ending, the ending goes before the line instead of after it.
        let ends_open = at == text.len() && !text.ends_with('\n');
        let lines: String = missing
            .map(|(key, san)| match ends_open {
                true => format!("{ending}{key} = {san}"),
                false => format!("{key} = {san}{ending}"),
            })
            .collect();
        let added = format!("{}{lines}{}", &text[..at], &text[at..]);
        match self.state(&added)? {
            State::Made => Ok(added),
            // The line above ends with a backslash and would swallow ours.
            _ => Err(EditError::Unsupported(format!("the line above the end of `[ {SECTION} ]` goes on"))),
        }
    }

    pub(super) fn remove(&self, text: &str) -> Result<String, EditError> {
        let document = Document::parse(text)?;
        let mut kept = String::with_capacity(text.len());
        for line in &document.lines {
            let bytes = &text[line.span.clone()];
            if !self.holds(line) {
                kept.push_str(bytes);
            } else if !bytes.ends_with('\n') {
                kept.truncate(
                    kept.strip_suffix('\n')
                        .map_or(kept.len(), |rest| rest.strip_suffix('\r').unwrap_or(rest).len()),
                );
            }
        }
        Ok(kept)
    }

    /// Whether a line is one of ours.
    fn holds(&self, line: &Line) -> bool {
        let Kind::Entry(entry) = &line.kind else { return false };
        entry.section == SECTION && self.entries.iter().any(|(key, san)| is(entry, key, san))
    }
}

fn is(entry: &Entry, key: &str, san: &San) -> bool {
    let value = entry.value.as_deref().and_then(|value| value.parse::<San>().ok());
    entry.key == key && value.as_ref() == Some(san)
}

/// What an entry adds to the certificate; `None` for a name that is no DNS name and no address.
fn name(line: &Line, entry: &Entry) -> Result<Option<San>, EditError> {
    let wrong = |message: String| EditError::Syntax { line: line.number, column: 1, message };
    let Some(value) = entry.value.as_deref() else {
        return Err(EditError::Unsupported(format!(
            "line {} takes `{}` from a variable",
            line.number, entry.key
        )));
    };
    match entry.key.split('.').next().unwrap_or_default() {
        "DNS" => Ok(value.parse().ok()),
        "IP" => match address(value) {
            Some(ip) => Ok(Some(San::Ip(ip))),
            None => Err(wrong(format!("`{value}` is not an address"))),
        },
        "email" | "URI" | "RID" | "dirName" | "otherName" => Ok(None),
        _ => Err(wrong(format!("`{}` is no kind of name; OpenSSL knows `DNS.n` and `IP.n`", entry.key))),
    }
}

/// OpenSSL reads an IPv4 address up to the first blank and lets the rest go, such as `; the load balancer`.
fn address(value: &str) -> Option<IpAddr> {
    let first = || value.split(' ').next()?.parse::<Ipv4Addr>().ok();
    value.parse().ok().or_else(|| first().map(IpAddr::V4))
}

fn is_address(entry: &Entry) -> bool {
    entry.key == "IP" || entry.key.starts_with("IP.")
}

fn is_mark(line: &Line) -> bool {
    line.section == SECTION && matches!(&line.kind, Kind::Comment(text) if text.starts_with(MARK))
}

/// Where our lines go: directly above the mark, or below the last entry of the section.
fn insertion(document: &Document) -> Result<usize, EditError> {
    let lines = &document.lines;
    let mark = lines.iter().find(|line| is_mark(line)).map(|line| line.span.start);
    let is_last = |line: &&Line| {
        line.section == SECTION
            && match &line.kind {
                Kind::Header => true,
                Kind::Entry(entry) => entry.section == SECTION,
                _ => false,
            }
    };
    mark.or_else(|| lines.iter().rev().find(is_last).map(|line| line.span.end))
        .ok_or_else(|| EditError::NotFound(format!("section `[ {SECTION} ]`")))
}

/// The line ending next to `at`, as that part of the text has it.
fn line_ending(text: &str, at: usize) -> &'static str {
    let before = text[..at].rfind('\n');
    let near = before.or_else(|| text.find('\n')).unwrap_or_default();
    // A lone carriage return at the very end would be taken for half of our line ending when we take it out again.
    if text[..near].ends_with('\r') || text[..at].ends_with('\r') { "\r\n" } else { "\n" }
}

/// The number after the highest one that a key with this prefix has, and `least` at the least.
fn next_number(keys: &BTreeSet<&str>, prefix: &str, least: u64) -> u64 {
    let numbers = keys.iter().filter_map(|key| key.strip_prefix(prefix)?.parse::<u64>().ok());
    numbers.max().map_or(least, |highest| highest.saturating_add(1).max(least))
}

fn post_increment(number: &mut u64) -> u64 {
    std::mem::replace(number, number.saturating_add(1))
}

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (key, san)) in self.entries.iter().enumerate() {
            write!(f, "{}{key} = {san}", if index > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}
