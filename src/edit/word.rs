//! One word of a text that is neither YAML nor OpenSSL's: the value of a variable or of a flag.

use std::{fmt, ops::Range};

use serde::{Deserialize, Serialize};

use super::{EditError, State};

/// Another value for one word.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct WordEdit {
    pub of: Word,
    pub from: String,
    pub to: String,
}

/// Which word of a text is meant; of several the last one counts.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// What a variable is set to, in a file of `NAME=value` lines.
    Variable(String),
    /// The value of a flag, named with its hyphens, behind an equals sign or in the next word: in a unit or in a file of
    /// arguments.
    Flag(String),
}

impl WordEdit {
    /// The edit that gives the word another value, tried out on `text`.
    pub fn to(text: &str, of: Word, value: &str) -> Result<Self, EditError> {
        let span = of.find(text)?;
        let edit = Self { from: text[span].to_owned(), to: value.to_owned(), of };
        edit.make(text)?;
        Ok(edit)
    }

    pub fn state(&self, text: &str) -> Result<State, EditError> {
        let span = self.of.find(text)?;
        Ok(match &text[span] {
            word if word == self.to => State::Made,
            word if word == self.from => State::NotMade,
            _ => State::Neither,
        })
    }

    /// The text with the new value; refused where it would be read as something else there.
    pub(super) fn make(&self, text: &str) -> Result<String, EditError> {
        let span = self.of.find(text)?;
        let after = [&text[..span.start], &self.to, &text[span.end..]].concat();
        match self.of.find(&after) {
            Ok(found) if after[found.clone()] == self.to && found.start == span.start => Ok(after),
            _ => Err(EditError::Unsupported(format!("`{}` cannot stand there as one word", self.to))),
        }
    }

    #[must_use]
    pub fn inverse(&self) -> Self {
        Self { of: self.of.clone(), from: self.to.clone(), to: self.from.clone() }
    }
}

impl Word {
    /// What the word is now.
    pub fn value<'t>(&self, text: &'t str) -> Option<&'t str> {
        Some(&text[self.find(text).ok()?])
    }

    /// The bytes of the value, the quotes around it left out.
    fn find(&self, text: &str) -> Result<Range<usize>, EditError> {
        let found = match self {
            Self::Variable(name) => variable(text, name),
            Self::Flag(name) => flag(text, name),
        };
        let span = found.ok_or_else(|| EditError::NotFound(self.to_string()))?;
        if text[span.clone()].contains(['\\', '\'', '"', '$', '`', '%']) {
            return Err(EditError::Unsupported(format!(
                "{self} is quoted in part, or made of something else"
            )));
        }
        Ok(span)
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "variable `{name}`"),
            Self::Flag(name) => write!(f, "flag `{name}`"),
        }
    }
}

impl fmt::Display for WordEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} becomes {}", self.from, self.to)
    }
}

/// The value of the last assignment of a variable.
fn variable(text: &str, name: &str) -> Option<Range<usize>> {
    let (mut at, mut found) = (0, None);
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start();
        let bare = bare.strip_prefix("export ").map_or(bare, str::trim_start);
        if let Some(value) = bare.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
            let start = at + line.len() - value.len();
            found = Some(within_quotes(text, start..start + value.trim_end().len()));
        }
        at += line.len();
    }
    found
}

/// The value of the last such flag of the command.
fn flag(text: &str, name: &str) -> Option<Range<usize>> {
    let command = command(text);
    let of_command = |word: &Range<usize>| command.start <= word.start && word.end <= command.end;
    let words: Vec<Range<usize>> = words(text).into_iter().filter(of_command).collect();
    let value = |(at, word): (usize, &Range<usize>)| {
        let rest = text[word.clone()].strip_prefix(name)?;
        if rest.is_empty() {
            return words.get(at + 1).cloned();
        }
        rest.starts_with('=').then(|| within_quotes(text, word.end - rest.len() + 1..word.end))
    };
    words.iter().enumerate().filter_map(value).next_back()
}

/// What counts as the command: the last `ExecStart=` of a unit with the lines that go on with it, all of another text.
///
/// <https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html>: a comment among such lines ends nothing.
fn command(text: &str) -> Range<usize> {
    let (mut at, mut found, mut goes_on, mut is_start, mut is_unit) = (0, None, false, false, false);
    for line in text.split_inclusive('\n') {
        let (bare, end) = (line.trim(), at + line.len());
        let is_comment = bare.starts_with(['#', ';']);
        if !goes_on {
            let value = start_of(line);
            is_start = value.is_some();
            is_unit |= bare == "[Service]" || is_start;
            found = value.map(|value| at + value..end).or(found);
        } else if is_start {
            found = found.map(|found: Range<usize>| found.start..end);
        }
        if !is_comment {
            goes_on = line.trim_end_matches(['\r', '\n']).ends_with('\\');
        }
        at = end;
    }
    let whole = if is_unit { 0..0 } else { 0..text.len() };
    found.unwrap_or(whole)
}

/// Where the value of a line with `ExecStart=` begins.
fn start_of(line: &str) -> Option<usize> {
    let value = line.trim_start().strip_prefix("ExecStart")?.trim_start().strip_prefix('=')?;
    Some(line.len() - value.len())
}

/// The words of a text outside of comments, each without the quotes around it.
fn words(text: &str) -> Vec<Range<usize>> {
    let (mut words, mut at) = (vec![], 0);
    for line in text.split_inclusive('\n') {
        if !line.trim_start().starts_with(['#', ';']) {
            words.extend(words_of(line).map(|word| within_quotes(text, at + word.start..at + word.end)));
        }
        at += line.len();
    }
    words
}

/// The words of a line; a backslash at its end is none.
fn words_of(line: &str) -> impl Iterator<Item = Range<usize>> {
    let (mut spans, mut start, mut quote) = (vec![], None, None);
    for (at, letter) in line.char_indices() {
        match (letter, quote) {
            (_, Some(open)) if letter == open => quote = None,
            (_, Some(_)) => {}
            (_, None) if letter.is_whitespace() => spans.extend(start.take().map(|start| start..at)),
            (_, None) => {
                start.get_or_insert(at);
                quote = Some(letter).filter(|letter| ['\'', '"'].contains(letter));
            }
        }
    }
    spans.extend(start.map(|start| start..line.len()));
    spans.into_iter().filter(|span| &line[span.clone()] != "\\")
}

/// What stands between a pair of quotes, where a span is all of it.
fn within_quotes(text: &str, span: Range<usize>) -> Range<usize> {
    let word = &text[span.clone()];
    let is_quoted =
        word.len() > 1 && ['\'', '"'].iter().any(|quote| word.starts_with(*quote) && word.ends_with(*quote));
    if is_quoted { span.start + 1..span.end - 1 } else { span }
}

#[cfg(test)]
mod tests;
