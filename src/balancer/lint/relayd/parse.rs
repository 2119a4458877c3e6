//! relayd: words in lines, lists and blocks between braces, `<table>` and `=` as words of their own.

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
            '#' => scanner.take_line(Kind::Comment),
            '{' => scanner.take(Kind::Open, 1),
            '}' => scanner.take(Kind::Close, 1),
            '=' => scanner.take(Kind::Word, 1),
            '"' | '\'' => {
                let length = scanner.quoted(next).unwrap_or(scanner.rest().len());
                scanner.take(Kind::Word, length);
            }
            '<' => {
                let end = scanner.rest().find(['>', '\n']);
                let is_closed = end.is_some_and(|at| scanner.rest()[at..].starts_with('>'));
                scanner.take(Kind::Word, end.filter(|_| is_closed).map_or(1, |at| at + 1));
            }
            _ => scanner.take_while(Kind::Word, is_of_word),
        }
    }
    scanner.tokens()
}

/// Hosts of a table stand between blanks or commas.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | ',')
}

fn is_of_word(c: char) -> bool {
    !is_blank(c) && !matches!(c, '\n' | '{' | '}' | '"' | '\'' | '#' | '=' | '<')
}

#[cfg(test)]
mod tests {
    use super::{super::super::words, *};

    #[test]
    fn any_text_is_its_tokens_again() {
        words::tests::any_text_is_its_tokens_again(tokens, parse);
    }

    #[test]
    fn words_end_where_relayd_ends_them() {
        for (text, words) in [
            ("vip=\"10.0.0.9\" # here", vec!["vip", "=", "\"10.0.0.9\""]),
            ("forward to <api> port 6443", vec!["forward", "to", "<api>", "port", "6443"]),
            ("check https \"/readyz\" \\\n code 401", vec!["check", "https", "\"/readyz\"", "code", "401"]),
        ] {
            let parsed = parse(text);

            let found: Vec<_> = parsed.statements[0].words.iter().map(|word| word.text).collect();
            assert_eq!(found, words, "{text}");
        }
    }

    #[test]
    fn a_table_is_a_block_of_its_hosts() {
        let parsed = parse("table <api> { 10.0.0.1, 10.0.0.2\n 10.0.0.3 retry 2 }\ntimeout 200\n");

        let hosts: Vec<_> = parsed.statements[0].body().iter().flat_map(|line| &line.words).collect();
        assert_eq!(hosts.len(), 5);
        assert_eq!(parsed.statements[1].arg(0).as_deref(), Some("200"));
    }
}
