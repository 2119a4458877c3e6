//! Durations, addresses and ports, as HAProxy writes them.

use std::time::Duration;

/// How long a text is; a number alone counts milliseconds.
pub fn duration(text: &str) -> Option<Duration> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..end].parse().ok()?;
    let micros = match &text[end..] {
        "us" => 1,
        "" | "ms" => 1_000,
        "s" => 1_000_000,
        "m" => 60_000_000,
        "h" => 3_600_000_000,
        "d" => 86_400_000_000,
        _ => return None,
    };
    number.checked_mul(micros).map(Duration::from_micros)
}

/// The host and the port of an address; an empty host, and `*`, are every address of the machine.
pub fn address(text: &str) -> Option<(Option<String>, Option<u16>)> {
    let text = ["ipv4@", "ipv6@", "tcp@", "tcp4@", "tcp6@", "quic4@", "quic6@"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
        .unwrap_or(text);
    if text.contains(['@', '/', '$']) {
        return None;
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (text, None),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_any = matches!(host, "" | "*" | "0.0.0.0" | "::");
    let port = port.filter(|port| !port.is_empty()).map(|port| port.parse().ok());
    match port {
        Some(None) => None,
        port => Some(((!is_any).then(|| host.to_owned()), port.flatten())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_without_a_unit_counts_milliseconds() {
        for (text, milliseconds) in
            [("2", 2), ("2ms", 2), ("2s", 2_000), ("1m", 60_000), ("4h", 14_400_000), ("1d", 86_400_000)]
        {
            assert_eq!(duration(text), Some(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in ["", "s", "2x", "2 s", "$T", "99999999999999999999"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn an_address_is_read_in_every_spelling() {
        let some = |host: &str, port| Some((Some(host.to_owned()), port));
        for (text, read) in [
            ("10.0.0.1:6443", some("10.0.0.1", Some(6443))),
            ("10.0.0.1", some("10.0.0.1", None)),
            ("[fd00::1]:6443", some("fd00::1", Some(6443))),
            ("[fd00::1]", some("fd00::1", None)),
            ("ipv4@cp1.example:6443", some("cp1.example", Some(6443))),
            ("*:6443", Some((None, Some(6443)))),
            (":6443", Some((None, Some(6443)))),
            ("[::]:6443", Some((None, Some(6443)))),
            ("unix@/run/x.sock", None),
            ("/run/x.sock", None),
            ("10.0.0.1:6443-6450", None),
        ] {
            assert_eq!(address(text), read, "{text}");
        }
    }
}
