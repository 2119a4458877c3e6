//! A value as the characters that mean it to readers of YAML 1.1 and 1.2 alike.

use std::{fmt::Write, net::Ipv4Addr};

use granit_parser::ScalarStyle;

/// What stands around a scalar.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Around {
    Block,
    /// Brackets or braces, which end a plain scalar.
    Flow,
}

/// The value in the style of what stood there before, or in double quotes where that style would change its meaning.
pub fn encode(value: &str, like: ScalarStyle, around: Around) -> String {
    match like {
        ScalarStyle::SingleQuoted if !value.contains(needs_escape) => {
            format!("'{}'", value.replace('\'', "''"))
        }
        ScalarStyle::Plain if reads_as_text(value, around) => value.to_owned(),
        _ => double_quoted(value),
    }
}

/// Whether a plain word is this very string to every reader, and not a number, a date, a truth value or a structure.
fn reads_as_text(value: &str, around: Around) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"._/:-+@%~=*[]".contains(&b);
    let starts_well = value.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/');
    if !starts_well || !value.bytes().all(is_plain) || value.ends_with(':') {
        return false;
    }
    if around == Around::Flow && (value.contains(['[', ']']) || value.contains("::")) {
        return false;
    }
    if is_word_with_a_meaning(value) {
        return false;
    }
    // Numbers in all bases, sexagesimal ones and dates start with a digit and hold nothing but these characters.
    let is_numeric = |c: char| c.is_ascii_hexdigit() || "._:-+xoTZ".contains(c);
    let may_be_a_number = value.starts_with(|c: char| c.is_ascii_digit()) && value.chars().all(is_numeric);
    !may_be_a_number || value.parse::<Ipv4Addr>().is_ok()
}

fn is_word_with_a_meaning(value: &str) -> bool {
    ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        .iter()
        .any(|word| word.eq_ignore_ascii_case(value))
}

/// Escapes that JSON knows too, so that a JSON file stays one.
fn double_quoted(value: &str) -> String {
    let mut text = String::from("\"");
    for c in value.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c if needs_escape(c) => write!(text, "\\u{:04x}", u32::from(c)).expect("a String takes all text"),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

/// Control characters, line ends of Unicode, and the byte order mark.
fn needs_escape(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_style_stays_where_it_can() {
        use ScalarStyle::{DoubleQuoted, Plain, SingleQuoted};
        for (value, like, around, text) in [
            ("https://a:1", Plain, Around::Block, "https://a:1"),
            ("https://a:1", Plain, Around::Flow, "https://a:1"),
            ("https://a:1", SingleQuoted, Around::Flow, "'https://a:1'"),
            ("https://a:1", DoubleQuoted, Around::Block, "\"https://a:1\""),
            ("https://[fd00::1]:1", Plain, Around::Block, "https://[fd00::1]:1"),
            ("https://[fd00::1]:1", Plain, Around::Flow, "\"https://[fd00::1]:1\""),
            ("it's", SingleQuoted, Around::Block, "'it''s'"),
            ("a\nb", SingleQuoted, Around::Block, "\"a\\nb\""),
            ("a\u{85}\u{7f}\u{2028}é😀", Plain, Around::Block, "\"a\\u0085\\u007f\\u2028é😀\""),
            ("10.0.0.1", Plain, Around::Block, "10.0.0.1"),
        ] {
            assert_eq!(encode(value, like, around), text);
        }
    }

    #[test]
    fn words_that_mean_something_else_are_quoted() {
        for value in [
            "",
            "~",
            "null",
            "NO",
            "On",
            "y",
            "1",
            "0x1F",
            "0o14",
            "1e3",
            "1_000",
            "12:30:45",
            "2001-12-14",
            "::1",
            "fd00:",
            "-1",
            ".5",
            "=",
            "a b",
            "a: b",
            "a #b",
            "[a]",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "- a",
            "a,b",
            "{a",
            "1.5",
            "190:20:30",
            "1:1",
            "2001-12-14T21:59:43Z",
        ] {
            assert_eq!(encode(value, ScalarStyle::Plain, Around::Block), double_quoted(value), "{value}");
        }
    }
}
