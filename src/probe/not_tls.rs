//! What a port speaks that does not speak TLS.

use std::fmt;

/// What a server speaks, or does, instead of TLS.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Speech {
    /// Plain HTTP, with its first line.
    Http(String),
    Ssh(String),
    /// A line of text of another protocol.
    Line(String),
    /// So many bytes of something else.
    Bytes(usize),
    /// It takes the connection and closes it without a word.
    HangsUp,
    /// It shakes hands only behind a header of the PROXY protocol.
    WantsProxyProtocol,
}

impl fmt::Display for Speech {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(line) => write!(f, "it answers in plain HTTP: `{line}`"),
            Self::Ssh(line) => write!(f, "it is an SSH server: `{line}`"),
            Self::Line(line) => write!(f, "it answers `{line}`"),
            Self::Bytes(count) => write!(f, "it answers with {count} bytes of something else"),
            Self::HangsUp => f.write_str(HANGS_UP),
            Self::WantsProxyProtocol => f.write_str(WANTS_PROXY_PROTOCOL),
        }
    }
}

const HANGS_UP: &str = "it takes the connection and closes it at once; a load balancer does so when it has no live \
     server, or when one side of it uses the PROXY protocol and the other does not";

const WANTS_PROXY_PROTOCOL: &str =
    "it waits for the PROXY protocol before TLS; clients of an API server do not send that";

/// The record in which a TLS server complains.
pub(super) const ALERT: u8 = 21;
/// Alerts and handshakes: what a TLS server can answer a greeting with.
const RECORD_TYPES: [u8; 2] = [ALERT, 22];

/// What these first bytes are, unless they are TLS.
pub(super) fn name(first: &[u8]) -> Option<Speech> {
    if first.first().is_none_or(|byte| RECORD_TYPES.contains(byte)) {
        return None;
    }
    let line = first_line(first);
    if first.starts_with(b"HTTP/") {
        return Some(Speech::Http(line));
    }
    if first.starts_with(b"SSH-") {
        return Some(Speech::Ssh(line));
    }
    if line.is_empty() || line.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER) {
        return Some(Speech::Bytes(first.len()));
    }
    Some(Speech::Line(line))
}

fn first_line(bytes: &[u8]) -> String {
    let line = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    String::from_utf8_lossy(line).chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_tell_what_is_spoken() {
        for (bytes, told) in [
            (&b"HTTP/1.0 400 Bad Request\r\n\r\n"[..], Some("plain HTTP: `HTTP/1.0 400 Bad Request`")),
            (b"SSH-2.0-OpenSSH_9.2p1\r\n", Some("an SSH server: `SSH-2.0-OpenSSH_9.2p1`")),
            (b"220 mail ESMTP\r\n", Some("it answers `220 mail ESMTP`")),
            (b"\x00\x01\x02", Some("3 bytes of something else")),
            (b"\xff\xfe", Some("2 bytes of something else")),
            (b"\x16\x03\x03", None),
            (b"\x15\x03\x01\x00\x02\x02\x46", None),
            (b"", None),
        ] {
            match (name(bytes).map(|speech| speech.to_string()), told) {
                (Some(what), Some(told)) => assert!(what.contains(told), "{what}"),
                (what, told) => assert_eq!(what.as_deref(), told),
            }
        }
    }
}
