//! A place in a text, and the tokens before it.

use super::{Kind, Token};

/// Takes a text apart from its beginning; what is taken is a token.
pub struct Scanner<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    tokens: Vec<Token<'t>>,
}

impl<'t> Scanner<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0, line: 1, tokens: vec![] }
    }

    /// What is not taken yet.
    pub fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub fn next(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes that many bytes; never none of those that are left, so that every loop comes to its end.
    pub fn take(&mut self, kind: Kind, length: usize) {
        let rest = self.rest();
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let text = &rest[..length.max(first)];
        self.tokens.push(Token { kind, text, line: self.line });
        self.at += text.len();
        self.line += text.matches('\n').count();
    }

    /// Takes characters as long as they are such.
    pub fn take_while(&mut self, kind: Kind, is_such: impl Fn(char) -> bool) {
        let length = self.rest().find(|c| !is_such(c)).unwrap_or(self.rest().len());
        self.take(kind, length);
    }

    /// Takes the rest of the line, the newline apart.
    pub fn take_line(&mut self, kind: Kind) {
        self.take_while(kind, |c| c != '\n');
    }

    /// How long a quoted word is that begins here; `None` where its other quote is missing.
    pub fn quoted(&self, quote: char) -> Option<usize> {
        let mut escaped = false;
        for (index, c) in self.rest().char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                _ if c == quote => return Some(index + 1),
                _ => {}
            }
        }
        None
    }

    /// The last word so far.
    pub fn word(&self) -> Option<&'t str> {
        self.tokens.iter().rev().find(|token| token.kind == Kind::Word).map(|token| token.text)
    }

    pub fn tokens(self) -> Vec<Token<'t>> {
        self.tokens
    }
}
