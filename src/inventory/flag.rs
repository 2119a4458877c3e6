//! A node as the command line names it.

use std::net::Ipv6Addr;

use super::Error;
use crate::node::Target;

/// Reads `[USER@]HOST[:PORT]`, with brackets around an IPv6 address that has a port.
pub(super) fn parse(text: &str) -> Result<Target, Error> {
    let refused = |reason| Error::Flag { text: text.to_owned(), reason };
    let (user, place) = match text.rsplit_once('@') {
        Some((user, place)) => (Some(user), place),
        None => (None, text),
    };
    let (host, port) = split(place).map_err(refused)?;
    why_not_a_word(host).map_or(Ok(()), |reason| Err(refused(reason)))?;
    if let Some(reason) = user.and_then(why_not_a_word) {
        return Err(refused(reason));
    }
    Ok(target(host.to_owned(), host.to_owned(), user.map(str::to_owned), port))
}

/// A node that is reached with what ssh's own configuration says.
pub(super) fn target(name: String, host: String, user: Option<String>, port: Option<u16>) -> Target {
    Target {
        name,
        host,
        user,
        port,
        identity: None,
        jump: None,
        distribution: None,
        api: None,
        rehearsed: None,
    }
}

/// Why ssh, a table or a journal would stumble over this word; `None` where they would not.
pub(super) fn why_not_a_word(word: &str) -> Option<&'static str> {
    if word.is_empty() {
        return Some("it has an empty part");
    }
    // ssh would take it for an option.
    if word.starts_with('-') {
        return Some("it starts with a hyphen");
    }
    if word.chars().any(|c| c.is_whitespace() || c.is_control() || "/\\'\"`$;&|<>()".contains(c)) {
        return Some("it holds a character that no host or user has");
    }
    None
}

/// Why the kernel has no network interface of this name; `None` where it may.
pub fn why_no_interface(name: &str) -> Option<&'static str> {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || b"._-@".contains(&b);
    if name.is_empty() || name.len() > 15 {
        return Some("a name has 1 to 15 letters");
    }
    (!name.bytes().all(is_part)).then_some("it holds a character that none has")
}

fn split(place: &str) -> Result<(&str, Option<u16>), &'static str> {
    if let Some(rest) = place.strip_prefix('[') {
        let (host, rest) = rest.split_once(']').ok_or("its bracket is not closed")?;
        host.parse::<Ipv6Addr>().map_err(|_| "there is no IPv6 address in its brackets")?;
        return match rest.strip_prefix(':') {
            Some(port) => Ok((host, Some(parse_port(port)?))),
            None if rest.is_empty() => Ok((host, None)),
            None => Err("something follows its bracket"),
        };
    }
    if place.parse::<Ipv6Addr>().is_ok() {
        return Ok((place, None));
    }
    match place.rsplit_once(':') {
        Some((host, _)) if host.contains(':') => Err("it is no IPv6 address"),
        Some((host, port)) => Ok((host, Some(parse_port(port)?))),
        None => Ok((place, None)),
    }
}

fn parse_port(digits: &str) -> Result<u16, &'static str> {
    digits
        .parse()
        .ok()
        .filter(|port| *port != 0 && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .ok_or("its port is not between 1 and 65535")
}
