//! Values of NGINX: times, and addresses with their ports.

use std::time::Duration;

/// A time; seconds where no unit stands.
pub(super) fn time(text: &str) -> Option<Duration> {
    let (mut total, mut rest) = (Duration::ZERO, text);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number: u64 = rest[..digits].parse().ok()?;
        let after = &rest[digits..];
        let unit = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let millis = match &after[..unit] {
            "ms" => 1,
            "" | "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 604_800_000,
            _ => return None,
        };
        total = total.checked_add(Duration::from_millis(number.checked_mul(millis)?))?;
        rest = &after[unit..];
    }
    (!text.is_empty()).then_some(total)
}

/// Whether a time says what it counts.
pub(super) fn has_unit(text: &str) -> bool {
    text == "0" || !text.ends_with(|c: char| c.is_ascii_digit())
}

/// Host and port of an address; `*` and a port alone are every address of the machine.
pub(super) fn address(text: &str) -> Option<(Option<String>, Option<u16>)> {
    if text.starts_with("unix:") || text.contains('$') {
        return None;
    }
    if let Ok(port) = text.parse() {
        return Some((None, Some(port)));
    }
    let end = text.rfind(']').map_or(0, |at| at + 1);
    let (host, port) = match text[end..].rfind(':') {
        Some(colon) => (&text[..end + colon], Some(text[end + colon + 1..].parse().ok()?)),
        None => (text, None),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_any = matches!(host, "*" | "0.0.0.0" | "::");
    Some(((!is_any).then(|| host.to_owned()), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_count_seconds_where_they_say_nothing() {
        for (text, millis) in [
            ("5", Some(5000)),
            ("500ms", Some(500)),
            ("1m30s", Some(90_000)),
            ("4h", Some(14_400_000)),
            ("x", None),
        ] {
            assert_eq!(time(text), millis.map(Duration::from_millis), "{text}");
        }
    }

    #[test]
    fn addresses_come_in_many_shapes() {
        for (text, host, port) in [
            ("6443", None, Some(6443)),
            ("*:6443", None, Some(6443)),
            ("10.0.0.9:6443", Some("10.0.0.9"), Some(6443)),
            ("[::]:6443", None, Some(6443)),
            ("[fd00::9]:6443", Some("fd00::9"), Some(6443)),
            ("[fd00::9]", Some("fd00::9"), None),
            ("cp1.example", Some("cp1.example"), None),
        ] {
            assert_eq!(address(text), Some((host.map(str::to_owned), port)), "{text}");
        }
        assert_eq!(address("unix:/run/api.sock"), None);
        assert_eq!(address("$upstream"), None);
    }
}
