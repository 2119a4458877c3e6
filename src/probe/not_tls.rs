//! What a port speaks that does not speak TLS.

pub(super) const HANGS_UP: &str = "it takes the connection and closes it at once; a load balancer does so when it has no live \
     server, or when one side of it uses the PROXY protocol and the other does not";

pub(super) const WANTS_PROXY_PROTOCOL: &str =
    "it waits for the PROXY protocol before TLS; clients of an API server do not send that";

/// Alerts and handshakes: what a TLS server can answer a greeting with.
const RECORD_TYPES: [u8; 2] = [21, 22];

/// What these first bytes are, unless they are TLS.
pub(super) fn name(first: &[u8]) -> Option<String> {
    if first.first().is_none_or(|byte| RECORD_TYPES.contains(byte)) {
        return None;
    }
    let line = first_line(first);
    if first.starts_with(b"HTTP/") {
        return Some(format!("it answers in plain HTTP: `{line}`"));
    }
    if first.starts_with(b"SSH-") {
        return Some(format!("it is an SSH server: `{line}`"));
    }
    if line.is_empty() || line.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER) {
        return Some(format!("it answers with {} bytes of something else", first.len()));
    }
    Some(format!("it answers `{line}`"))
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
            match (name(bytes), told) {
                (Some(what), Some(told)) => assert!(what.contains(told), "{what}"),
                (what, told) => assert_eq!(what.as_deref(), told),
            }
        }
    }
}
