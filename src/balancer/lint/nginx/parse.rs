//! NGINX: words between blanks, `;` and braces, as its own reader takes them apart.

use super::super::words::{Ends, Kind, Parsed, Scanner, Token, build};

pub(super) fn parse(text: &str) -> Parsed<'_> {
    build(&tokens(text), Ends::Semicolon)
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut scanner = Scanner::new(text);
    while let Some(next) = scanner.next() {
        match next {
            _ if is_blank(next) => scanner.take_while(Kind::Blank, is_blank),
            '#' => scanner.take_line(Kind::Comment),
            ';' => scanner.take(Kind::End, 1),
            '{' => open(&mut scanner),
            '}' => scanner.take(Kind::Close, 1),
            '"' | '\'' => quoted(&mut scanner, next),
            _ => scanner.take(Kind::Word, bare(scanner.rest())),
        }
    }
    scanner.tokens()
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn quoted(scanner: &mut Scanner<'_>, quote: char) {
    let length = scanner.quoted(quote).unwrap_or(scanner.rest().len());
    scanner.take(Kind::Word, length);
}

/// How long a word without quotes is. A `}` ends none, and neither does the brace of `${…}`.
fn bare(rest: &str) -> usize {
    let (mut escaped, mut before) = (false, ' ');
    for (index, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' if before == '$' => {}
            ';' | '{' => return index,
            _ if is_blank(c) => return index,
            _ => {}
        }
        before = c;
    }
    rest.len()
}

/// A block; where it holds Lua, all that is in it is one token.
fn open(scanner: &mut Scanner<'_>) {
    let is_lua = scanner.word().is_some_and(|word| word.ends_with("_by_lua_block"));
    scanner.take(Kind::Open, 1);
    if is_lua {
        let length = within(scanner.rest());
        if length > 0 {
            scanner.take(Kind::Raw, length);
        }
    }
}

/// How long it is to the brace that closes the block.
fn within(rest: &str) -> usize {
    let mut depth = 0;
    for (index, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return index,
            '}' => depth -= 1,
            _ => {}
        }
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
    fn words_end_where_nginx_ends_them() {
        for (text, words) in [
            ("listen 10.0.0.1:6443;", vec!["listen", "10.0.0.1:6443"]),
            ("a ${b}c d;", vec!["a", "${b}c", "d"]),
            ("a \"b;c\" 'd}e';", vec!["a", "\"b;c\"", "'d}e'"]),
            ("a b\\;c;", vec!["a", "b\\;c"]),
            ("a b#c; # d", vec!["a", "b#c"]),
            ("a\n b\r\n;", vec!["a", "b"]),
        ] {
            let parsed = parse(text);

            let found: Vec<_> = parsed.statements[0].words.iter().map(|word| word.text).collect();
            assert_eq!(found, words, "{text}");
        }
    }

    #[test]
    fn a_brace_may_follow_its_name_at_once_and_lua_is_passed_over() {
        let parsed =
            parse("stream{ upstream k8s{ server a:1; } }\nhttp { init_by_lua_block { if x then { } end } }");

        let stream = &parsed.statements[0];
        assert_eq!(stream.name(), "stream");
        assert_eq!(stream.body()[0].body()[0].arg(0).as_deref(), Some("a:1"));
        assert_eq!(parsed.unread, [(2, "it is in another language")]);
        assert_eq!(parsed.statements[1].body()[0].name(), "init_by_lua_block");
    }
}
