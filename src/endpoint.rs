//! Where an API server answers: a host and a port.

use std::{fmt, net::IpAddr, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::san::{ParseSanError, San};

mod vip;

pub use vip::{ParseVipError, Vip};

/// A host and a port, written `host:port` with brackets around an IPv6 address.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Endpoint {
    pub host: San,
    pub port: u16,
}

/// Why a text is not an endpoint.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
pub enum ParseEndpointError {
    #[error("`{0}` speaks plain HTTP; an API server speaks TLS")]
    PlainHttp(String),
    #[error("`{0}` has no port")]
    NoPort(String),
    #[error("`{0}` has no port between 1 and 65535")]
    BadPort(String),
    #[error("`{0}` has a path, a query or a user; an endpoint is a host and a port")]
    NotJustAHost(String),
    #[error("`{0}` is a pattern, not a host")]
    Wildcard(String),
    #[error(transparent)]
    Host(#[from] ParseSanError),
}

impl ParseEndpointError {
    /// What to type instead.
    pub fn hint(&self) -> String {
        match self {
            Self::PlainHttp(text) => format!("type `{}`", text.replacen("http://", "https://", 1)),
            _ => {
                "give `HOST:PORT` or `https://HOST:PORT`, for example `172.22.22.3:16443` or `[fd00::1]:6443`"
                    .into()
            }
        }
    }
}

impl Endpoint {
    pub fn new(host: San, port: u16) -> Self {
        Self { host, port }
    }

    /// Reads `HOST`, `HOST:PORT` or a URL; `port` stands in where the text names none.
    pub fn parse_with_port(text: &str, port: u16) -> Result<Self, ParseEndpointError> {
        let (host, found) = split(text)?;
        Self::build(text, host, found.map_or(Ok(port), |digits| parse_port(text, digits))?)
    }

    /// The URL as it stands in a kubeconfig.
    pub fn url(&self) -> String {
        format!("https://{self}")
    }

    fn build(text: &str, host: &str, port: u16) -> Result<Self, ParseEndpointError> {
        let host: San = host.parse()?;
        if host.to_string().starts_with('*') {
            return Err(ParseEndpointError::Wildcard(text.to_owned()));
        }
        Ok(Self { host, port })
    }
}

/// Host and port digits of `HOST`, `HOST:PORT`, `[V6]:PORT`, a bare IPv6 address or an `https://` URL.
fn split(text: &str) -> Result<(&str, Option<&str>), ParseEndpointError> {
    if text.starts_with("http://") {
        return Err(ParseEndpointError::PlainHttp(text.to_owned()));
    }
    let is_url = text.starts_with("https://");
    let rest = text.strip_prefix("https://").unwrap_or(text);
    let rest = rest.strip_suffix('/').filter(|_| is_url).unwrap_or(rest);
    if rest.contains(['/', '?', '#', '@']) {
        return Err(ParseEndpointError::NotJustAHost(text.to_owned()));
    }
    if rest.parse::<IpAddr>().is_ok() {
        return Ok((rest, default_port(is_url)));
    }
    if rest.starts_with('[') && !rest.contains(']') {
        // Split at its last colon it would be told as half of what was typed.
        return Ok((rest, None));
    }
    match rest.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => Ok((host, Some(port))),
        _ => Ok((rest, default_port(is_url))),
    }
}

/// A URL without a port means 443; a bare host means nothing yet.
fn default_port(is_url: bool) -> Option<&'static str> {
    is_url.then_some("443")
}

fn parse_port(text: &str, digits: &str) -> Result<u16, ParseEndpointError> {
    digits
        .parse()
        .ok()
        .filter(|port| *port != 0 && digits.bytes().all(|b| b.is_ascii_digit()))
        .ok_or_else(|| ParseEndpointError::BadPort(text.to_owned()))
}

impl FromStr for Endpoint {
    type Err = ParseEndpointError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (host, port) = split(text)?;
        let digits = port.ok_or_else(|| ParseEndpointError::NoPort(text.to_owned()))?;
        Self::build(text, host, parse_port(text, digits)?)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            San::Ip(IpAddr::V6(ip)) => write!(f, "[{ip}]:{}", self.port),
            host => write!(f, "{host}:{}", self.port),
        }
    }
}

impl Serialize for Endpoint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Endpoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_ports_and_urls_read_the_same() {
        for (text, shown) in [
            ("172.22.22.3:16443", "172.22.22.3:16443"),
            ("https://172.22.22.3:16443", "172.22.22.3:16443"),
            ("https://172.22.22.3:16443/", "172.22.22.3:16443"),
            ("https://API.example.com", "api.example.com:443"),
            ("[fd00::1]:6443", "[fd00::1]:6443"),
            ("https://[fd00::1]", "[fd00::1]:443"),
        ] {
            assert_eq!(text.parse::<Endpoint>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn a_bare_host_takes_the_port_it_is_given() {
        for (text, shown) in [
            ("172.22.22.3", "172.22.22.3:16443"),
            ("fd00::1", "[fd00::1]:16443"),
            ("[fd00::1]", "[fd00::1]:16443"),
            ("cp1:1", "cp1:1"),
        ] {
            assert_eq!(Endpoint::parse_with_port(text, 16443).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn what_is_no_endpoint_is_refused_with_a_reason() {
        for (text, reason) in [
            ("http://172.22.22.3:16443", "plain HTTP"),
            ("172.22.22.3", "no port"),
            ("172.22.22.3:0", "between 1 and 65535"),
            ("172.22.22.3:+1", "between 1 and 65535"),
            ("172.22.22.3:70000", "between 1 and 65535"),
            ("https://a.b:1/path", "a path"),
            ("https://user@a.b:1", "a user"),
            ("*.a.b:1", "a pattern"),
            ("", "no port"),
            (":1", "an empty name"),
        ] {
            let error = text.parse::<Endpoint>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
