//! pf: one rule in a line, with lists in braces inside it.

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
            '{' | '}' | '=' | '(' | ')' => scanner.take(Kind::Word, 1),
            '"' | '\'' => {
                let length = scanner.quoted(next).unwrap_or(scanner.rest().len());
                scanner.take(Kind::Word, length);
            }
            _ => scanner.take_while(Kind::Word, is_of_word),
        }
    }
    scanner.tokens()
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | ',')
}

fn is_of_word(c: char) -> bool {
    !is_blank(c) && !matches!(c, '\n' | '{' | '}' | '"' | '\'' | '#' | '=' | '(' | ')')
}

#[cfg(test)]
mod tests {
    use super::{super::super::words, *};

    #[test]
    fn any_text_is_its_tokens_again() {
        words::tests::any_text_is_its_tokens_again(tokens, parse);
    }

    #[test]
    fn a_rule_is_a_line_with_the_lists_in_it() {
        let parsed = parse("anchor \"relayd/*\"\npass in proto { tcp, udp } to any \\\n port 6443 # api\n");

        assert_eq!(parsed.statements[0].arg(0).as_deref(), Some("relayd/*"));
        assert_eq!(parsed.statements[1].words.len(), 11);
        assert!(parsed.statements[1].block.is_none());
    }
}
