//! keepalived: words in lines, and blocks between braces, which may share a line with their words.

use super::super::words::{Ends, Kind, Parsed, Scanner, Token, build};

pub(super) fn parse(text: &str) -> Parsed<'_> {
    build(&tokens(text), Ends::Line)
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut scanner = Scanner::new(text);
    while let Some(next) = scanner.next() {
        match next {
            '\n' => scanner.take(Kind::Newline, 1),
            _ if is_blank(next) => scanner.take_while(Kind::Blank, is_blank),
            '\\' if scanner.rest().starts_with("\\\n") => scanner.take(Kind::Blank, 2),
            '!' | '#' => scanner.take_line(Kind::Comment),
            '{' => scanner.take(Kind::Open, 1),
            '}' => scanner.take(Kind::Close, 1),
            '"' | '\'' => quoted(&mut scanner, next),
            _ => scanner.take(Kind::Word, bare(scanner.rest())),
        }
    }
    scanner.tokens()
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r')
}

/// A quoted word ends with its line at the latest.
fn quoted(scanner: &mut Scanner<'_>, quote: char) {
    let line = scanner.rest().find('\n').unwrap_or(scanner.rest().len());
    scanner.take(Kind::Word, scanner.quoted(quote).unwrap_or(line).min(line));
}

/// How long a word without quotes is; the braces of `${…}` are part of it.
fn bare(rest: &str) -> usize {
    let (mut before, mut in_name) = (' ', false);
    for (index, c) in rest.char_indices() {
        match c {
            '{' if before == '$' => in_name = true,
            '}' if in_name => in_name = false,
            '{' | '}' | '!' | '#' | '\n' => return index,
            _ if is_blank(c) => return index,
            _ => {}
        }
        before = c;
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::{super::super::words, *};

    #[test]
    fn any_text_is_its_tokens_again() {
        words::tests::any_text_is_its_tokens_again(tokens, parse);
    }

    #[test]
    fn words_end_where_keepalived_ends_them() {
        for (text, words) in [
            ("state MASTER ! the first", vec!["state", "MASTER"]),
            ("script \"/bin/sh -c 'a # b'\" # c", vec!["script", "\"/bin/sh -c 'a # b'\""]),
            ("priority ${P}1", vec!["priority", "${P}1"]),
            ("a \\\n b", vec!["a", "b"]),
            ("@main priority 150", vec!["@main", "priority", "150"]),
        ] {
            let parsed = parse(text);

            let found: Vec<_> = parsed.statements[0].words.iter().map(|word| word.text).collect();
            assert_eq!(found, words, "{text}");
        }
    }

    #[test]
    fn braces_may_share_a_line() {
        let parsed = parse("vrrp_instance a { virtual_ipaddress { 10.0.0.9/32 dev eth0 } state BACKUP }\n");

        let instance = &parsed.statements[0];
        assert_eq!(instance.last("virtual_ipaddress").unwrap().body()[0].words.len(), 3);
        assert_eq!(instance.last("state").unwrap().arg(0).as_deref(), Some("BACKUP"));
    }
}
