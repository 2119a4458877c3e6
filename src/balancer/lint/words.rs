//! Words, statements and blocks, of which most configurations are made; every byte of a text is in one of its tokens.

use std::borrow::Cow;

mod build;
mod scan;

pub use build::{Ends, build};
pub use scan::Scanner;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    Blank,
    Newline,
    Comment,
    Word,
    Open,
    Close,
    /// What ends a statement where lines do not.
    End,
    /// A foreign language inside the file; nobody here reads it.
    Raw,
}

/// A piece of a text, with the line where it begins, from 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Token<'t> {
    pub kind: Kind,
    pub text: &'t str,
    pub line: usize,
}

/// A word as it is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Word<'t> {
    pub text: &'t str,
    pub line: usize,
}

impl<'t> Word<'t> {
    /// The word without the quotes around it, if there are any.
    pub fn value(self) -> Cow<'t, str> {
        let is_quote = |first: char| matches!(first, '"' | '\'');
        let Some(quote) = self.text.chars().next().filter(|first| is_quote(*first)) else {
            return Cow::Borrowed(self.text);
        };
        let inner = &self.text[1..];
        let inner = inner.strip_suffix(quote).unwrap_or(inner);
        match inner.contains('\\') {
            true => Cow::Owned(inner.replace(&format!("\\{quote}"), &quote.to_string())),
            false => Cow::Borrowed(inner),
        }
    }
}

/// Words up to a statement's end, and the block that follows them.
#[derive(Debug, Default)]
pub struct Statement<'t> {
    pub words: Vec<Word<'t>>,
    pub block: Option<Vec<Self>>,
    pub line: usize,
}

impl<'t> Statement<'t> {
    /// The first word; empty for a block that nothing stands before.
    pub fn name(&self) -> &'t str {
        self.words.first().map_or("", |word| word.text)
    }

    /// The words after the name.
    pub fn args(&self) -> &[Word<'t>] {
        self.words.get(1..).unwrap_or_default()
    }

    /// The value of the word at this place after the name, from 0.
    pub fn arg(&self, place: usize) -> Option<Cow<'t, str>> {
        self.args().get(place).map(|word| word.value())
    }

    /// Has it told so many lines further down, with all that is in it.
    pub fn move_by(&mut self, lines: usize) {
        self.line += lines;
        self.words.iter_mut().for_each(|word| word.line += lines);
        self.block.iter_mut().flatten().for_each(|inner| inner.move_by(lines));
    }

    pub fn body(&self) -> &[Self] {
        self.block.as_deref().unwrap_or_default()
    }

    /// The statements of the block that have this name.
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Self> {
        named(self.body(), name)
    }

    /// The last one of them, which is the one that counts.
    pub fn last<'s>(&'s self, name: &'s str) -> Option<&'s Self> {
        self.all(name).last()
    }
}

/// The statements that have this name.
pub fn named<'s, 't>(among: &'s [Statement<'t>], name: &'s str) -> impl Iterator<Item = &'s Statement<'t>> {
    among.iter().filter(move |statement| statement.name() == name)
}

/// A text in a grammar of words and blocks.
#[derive(Debug)]
pub struct Parsed<'t> {
    pub statements: Vec<Statement<'t>>,
    /// Lines that cannot be read, and why.
    pub unread: Vec<(usize, &'static str)>,
}

#[cfg(test)]
pub mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Texts that look a little like configurations, and some that do not.
    pub fn texts() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("{".to_owned()),
            Just("}".to_owned()),
            Just("\n".to_owned()),
            Just(" ".to_owned()),
            Just(";".to_owned()),
            Just("\\".to_owned()),
            Just("\"".to_owned()),
            Just("'".to_owned()),
            Just("# c".to_owned()),
            Just("! c".to_owned()),
            Just("$".to_owned()),
            Just("${".to_owned()),
            Just("(".to_owned()),
            Just(")".to_owned()),
            Just("server".to_owned()),
            Just("x_by_lua_block {".to_owned()),
            "[a-z0-9_.:/<>,=@~-]{0,8}",
            "\\PC{0,4}",
        ];
        proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    /// Asserts that any text is its tokens again in a language, and that no position of theirs lies outside it.
    pub fn any_text_is_its_tokens_again(
        tokens: for<'t> fn(&'t str) -> Vec<Token<'t>>,
        parse: for<'t> fn(&'t str) -> Parsed<'t>,
    ) {
        proptest!(|(text in texts())| hold(&text, &tokens(&text), &parse(&text)));
    }

    fn hold(text: &str, tokens: &[Token<'_>], parsed: &Parsed<'_>) {
        let lines = text.split('\n').count();
        let mut at = 0;
        for token in tokens {
            assert_eq!(token.line, 1 + text[..at].matches('\n').count(), "{token:?}");
            assert!(!token.text.is_empty());
            at += token.text.len();
        }
        assert_eq!(tokens.iter().map(|token| token.text).collect::<String>(), text);
        assert!(parsed.unread.iter().all(|(line, _)| (1..=lines).contains(line)));
        inside(&parsed.statements, lines);
    }

    fn inside(statements: &[Statement<'_>], lines: usize) {
        for statement in statements {
            let mut all = statement.words.iter().map(|word| word.line).chain([statement.line]);
            assert!(all.all(|line| (1..=lines).contains(&line)));
            for word in &statement.words {
                let _ = word.value();
            }
            inside(statement.body(), lines);
        }
    }

    #[test]
    fn a_word_is_told_without_the_quotes_around_it() {
        for (text, value) in [
            ("a", "a"),
            ("\"a b\"", "a b"),
            ("'a'", "a"),
            ("\"a \\\"b\\\"\"", "a \"b\""),
            ("\"", ""),
            ("\"a", "a"),
            ("a\"b", "a\"b"),
        ] {
            assert_eq!(Word { text, line: 1 }.value(), value, "{text}");
        }
    }
}
