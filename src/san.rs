//! Names a serving certificate answers to.

use std::{collections::BTreeSet, fmt, net::IpAddr, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// One subject alternative name: a DNS name or an address, never "a string".
///
/// Addresses sort after names; an IPv6 address is written without brackets.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum San {
    Dns(DnsName),
    Ip(IpAddr),
}

/// A DNS name in lower case and without a final dot; its first label may be a lone `*`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DnsName(String);

/// Why a text is not a name that a certificate can carry.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ParseSanError {
    #[error("an empty name cannot be served")]
    Empty,
    #[error("`{0}` looks like an IPv4 address but is not one")]
    NotAnAddress(String),
    #[error("`{0}` has a wildcard in front of an address; an address stands for itself alone")]
    WildcardAddress(String),
    #[error("`{0}…` is longer than the 253 characters of a DNS name")]
    TooLong(String),
    #[error("`{text}` is more than a name")]
    MoreThanAName { text: String, host: String },
    #[error("`{0}` is neither a DNS name nor an IP address: {1}")]
    NotAName(String, &'static str),
}

impl ParseSanError {
    /// What to type instead.
    pub fn hint(&self) -> String {
        match self {
            Self::MoreThanAName { host, .. } => format!("give the host alone: `{host}`"),
            _ => {
                "give a DNS name such as `api.example.com`, or an address such as `172.22.22.3` or `fd00::1`"
                    .into()
            }
        }
    }
}

impl San {
    /// The name that every API server's certificate carries.
    pub fn kubernetes() -> Self {
        Self::Dns(DnsName("kubernetes".to_owned()))
    }

    /// Whether a certificate with this name answers a client that asks for `host` (RFC 9525: exact
    /// addresses, and a wildcard for exactly one leading label).
    pub fn matches(&self, host: &San) -> bool {
        match (self, host) {
            (Self::Ip(have), Self::Ip(asked)) => have == asked,
            (Self::Dns(have), Self::Dns(asked)) => have == asked || have.wildcard_covers(asked),
            _ => false,
        }
    }
}

impl DnsName {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn wildcard_covers(&self, asked: &Self) -> bool {
        let Some(parent) = self.0.strip_prefix("*.") else { return false };
        asked.0.split_once('.').is_some_and(|(label, rest)| label != "*" && rest == parent)
    }
}

impl FromStr for San {
    type Err = ParseSanError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bare =
            text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).filter(|rest| rest.contains(':'));
        if let Ok(ip) = bare.unwrap_or(text).parse() {
            return Ok(Self::Ip(ip));
        }
        text.parse().map(Self::Dns).map_err(|error| match host_of(text) {
            Some(host) => ParseSanError::MoreThanAName { text: text.to_owned(), host },
            None => error,
        })
    }
}

/// The host of a URL, or in front of a port; `None` where the text is neither.
fn host_of(text: &str) -> Option<String> {
    let url = text.split_once("://").map(|(_, rest)| rest);
    let place = url.map_or(text, |rest| rest.split('/').next().unwrap_or_default());
    let digits = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let host = match place.rsplit_once(':') {
        Some((host, port)) if digits(port) && (!host.contains(':') || host.ends_with(']')) => host,
        _ if url.is_some() => place,
        _ => return None,
    };
    // A host that is wrong by itself is told as such.
    let is_host = !host.contains("://") && (host.starts_with('[') || !host.contains(':'));
    is_host.then(|| host.parse::<San>().ok()).flatten().map(|san| san.to_string())
}

impl FromStr for DnsName {
    type Err = ParseSanError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        if name.is_empty() {
            return Err(ParseSanError::Empty);
        }
        if name.len() > 253 {
            return Err(ParseSanError::TooLong(text.chars().take(24).collect()));
        }
        if name.strip_prefix("*.").is_some_and(|rest| rest.parse::<IpAddr>().is_ok()) {
            return Err(ParseSanError::WildcardAddress(text.to_owned()));
        }
        if name.starts_with('[') {
            return Err(ParseSanError::NotAName(text.to_owned(), "its brackets hold no IPv6 address"));
        }
        if name.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
            return Err(ParseSanError::NotAnAddress(text.to_owned()));
        }
        name.split('.')
            .enumerate()
            .try_for_each(|(index, label)| check_label(index, label))
            .map_err(|reason| ParseSanError::NotAName(text.to_owned(), reason))?;
        Ok(Self(name))
    }
}

fn check_label(index: usize, label: &str) -> Result<(), &'static str> {
    if label == "*" {
        return if index == 0 { Ok(()) } else { Err("a wildcard can only be the first label") };
    }
    if label.is_empty() {
        return Err("a label is empty");
    }
    if label.len() > 63 {
        return Err("a label is longer than 63 characters");
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Err("a label starts or ends with a hyphen");
    }
    if !label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
        return Err("a label holds a character other than letters, digits and hyphens");
    }
    Ok(())
}

impl fmt::Display for San {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => name.fmt(f),
            Self::Ip(ip) => ip.fmt(f),
        }
    }
}

impl fmt::Display for DnsName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for San {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for San {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// Names in a stable order and without duplicates.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct SanSet(BTreeSet<San>);

impl SanSet {
    /// Names of this set that `have` does not hold, letter by letter: a wildcard does not stand in.
    pub fn missing_from(&self, have: &Self) -> Self {
        Self(self.0.difference(&have.0).cloned().collect())
    }

    pub fn union(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).cloned().collect())
    }

    pub fn contains(&self, san: &San) -> bool {
        self.0.contains(san)
    }

    pub fn is_superset(&self, other: &Self) -> bool {
        self.0.is_superset(&other.0)
    }

    pub fn insert(&mut self, san: San) {
        self.0.insert(san);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &San> {
        self.0.iter()
    }

    /// Whether a client that asks for `host` finds it among these names, wildcards included.
    pub fn covers(&self, host: &San) -> bool {
        self.0.iter().any(|san| san.matches(host))
    }
}

impl FromIterator<San> for SanSet {
    fn from_iter<I: IntoIterator<Item = San>>(names: I) -> Self {
        Self(names.into_iter().collect())
    }
}

impl fmt::Display for SanSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, san) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            san.fmt(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
