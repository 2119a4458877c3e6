//! Times as kubectl's users type them: `5s`, `720h`, `1h30m`, and `30d`, which Go does not know.

use std::time::Duration;

/// Each unit, the longer ones in front of those that they begin with.
const UNITS: [(&str, u64); 5] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

/// A time; seconds where there is no unit, as kubectl takes them.
pub fn duration(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(0) => Err("a time of zero lets nothing happen".into()),
        Ok(seconds) => Ok(Duration::from_secs(seconds)),
        Err(_) => term(text),
    }
}

/// A time with its units: a bare number may be meant as seconds or as days.
pub fn term(text: &str) -> Result<Duration, String> {
    let (mut rest, mut milliseconds) = (text, 0_u64);
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, tail) = rest.split_at(end);
        let number: u64 =
            digits.parse().map_err(|_| "give a number with a unit, such as `5s` or `30d`".to_owned())?;
        let known = UNITS.iter().find(|(unit, _)| tail.starts_with(unit));
        let (unit, length) = known.ok_or_else(|| without_unit(text, tail))?;
        milliseconds = milliseconds.saturating_add(number.saturating_mul(*length));
        rest = &tail[unit.len()..];
    }
    match milliseconds {
        0 => Err("a time of zero lets nothing happen".into()),
        _ => Ok(Duration::from_millis(milliseconds)),
    }
}

fn without_unit(text: &str, tail: &str) -> String {
    let wrong = match tail {
        "" => format!("`{text}` lacks a unit"),
        _ => format!("`{tail}` is no unit"),
    };
    format!("{wrong}; take `ms`, `s`, `m`, `h` or `d`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_kubectl_reads_them() {
        for (text, seconds) in [
            ("5s", 5.0),
            ("500ms", 0.5),
            ("2m", 120.0),
            ("720h", 2_592_000.0),
            ("30d", 2_592_000.0),
            ("1h30m", 5_400.0),
        ] {
            let read = Duration::from_secs_f64(seconds);
            assert_eq!((duration(text), term(text)), (Ok(read), Ok(read)), "{text}");
        }
        assert_eq!(duration("7"), Ok(Duration::from_secs(7)));
        assert!(term("7").is_err(), "seven of what?");
        for text in ["", "s", "5w", "0s", "0", "-1s", "1.5s", "5s7", "h5"] {
            assert!(duration(text).is_err() && term(text).is_err(), "{text}");
        }
    }
}
