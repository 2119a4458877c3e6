//! An OpenSSL configuration as OpenSSL 3.0 reads it, with the bytes that each line stands on.
//!
//! The rules are those of `crypto/conf/conf_def.c`: a backslash joins lines (comments too), `#` cuts a line anywhere
//! outside quotes, sections of one name merge, and of two entries with one key the later one counts.

use std::{borrow::Cow, ops::Range};

use crate::edit::EditError;

/// The lines of a configuration, joined where a backslash joins them.
pub struct Document {
    pub lines: Vec<Line>,
}

pub struct Line {
    /// The bytes of the text that it stands on, the line ending included.
    pub span: Range<usize>,
    /// Its number in the text, from one.
    pub number: usize,
    /// The section that it stands in; an entry can name another one for itself.
    pub section: String,
    pub kind: Kind,
}

#[derive(Debug, Eq, PartialEq)]
pub enum Kind {
    Blank,
    /// What follows the first `#` of a line that holds nothing else, that character included.
    Comment(String),
    Header,
    Entry(Entry),
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    pub section: String,
    pub key: String,
    /// The value without quotes and escapes; `None` where it holds a variable, which only OpenSSL can expand.
    pub value: Option<String>,
}

impl Document {
    pub fn parse(text: &str) -> Result<Self, EditError> {
        let mut section = String::from("default");
        let mut lines = vec![];
        for joined in join(text) {
            let kind = read(&joined, &mut section)?;
            lines.push(Line { span: joined.span, number: joined.number, section: section.clone(), kind });
        }
        Ok(Self { lines })
    }

    /// The entries of a section that count, in the order in which OpenSSL holds them, with their lines.
    pub fn section(&self, name: &str) -> Vec<(&Line, &Entry)> {
        let mut kept: Vec<(&Line, &Entry)> = vec![];
        for line in &self.lines {
            let Kind::Entry(entry) = &line.kind else { continue };
            if entry.section == name {
                kept.retain(|(_, earlier)| earlier.key != entry.key);
                kept.push((line, entry));
            }
        }
        kept
    }

    /// The value that counts for a key.
    pub fn value(&self, section: &str, key: &str) -> Option<&str> {
        let entries = self.section(section);
        entries.into_iter().find(|(_, entry)| entry.key == key)?.1.value.as_deref()
    }
}

/// A line as OpenSSL puts it together before it reads it.
struct Joined<'t> {
    span: Range<usize>,
    number: usize,
    text: Cow<'t, str>,
}

fn join(text: &str) -> Vec<Joined<'_>> {
    let mut lines: Vec<Joined<'_>> = vec![];
    let mut start = 0;
    let mut is_open = false;
    for (index, physical) in text.split_inclusive('\n').enumerate() {
        let end = start + physical.len();
        let bare = physical.trim_end_matches(['\r', '\n']);
        let bare = if index == 0 { bare.trim_start_matches('\u{feff}') } else { bare };
        let continues = bare.ends_with('\\') && !bare.ends_with("\\\\");
        let bare = if continues { &bare[..bare.len() - 1] } else { bare };
        match lines.last_mut().filter(|_| is_open) {
            Some(line) => {
                line.span.end = end;
                line.text.to_mut().push_str(bare);
            }
            None => lines.push(Joined { span: start..end, number: index + 1, text: Cow::Borrowed(bare) }),
        }
        is_open = continues;
        start = end;
    }
    lines
}

fn read(line: &Joined<'_>, section: &mut String) -> Result<Kind, EditError> {
    let wrong = |column: usize, message: &str| EditError::Syntax {
        line: line.number,
        column: column + 1,
        message: message.to_owned(),
    };
    let text = &line.text[..comment(line.text.as_bytes())];
    let start = skip_blanks(text, 0);
    if start == text.len() {
        let rest = &line.text[text.len()..];
        return Ok(if rest.is_empty() { Kind::Blank } else { Kind::Comment(rest.to_owned()) });
    }
    if text[start..].starts_with('[') {
        *section = header(text, start + 1)
            .ok_or_else(|| wrong(start, "a section's name does not end with `]`"))?
            .to_owned();
        return Ok(Kind::Header);
    }
    let entry = entry(text, start, section)
        .ok_or_else(|| wrong(start, "it is neither a comment nor `key = value`"))?;
    if entry.key.starts_with(".include") {
        return Err(EditError::Unsupported(format!("line {} includes another file", line.number)));
    }
    Ok(Kind::Entry(entry))
}

/// A header's name; what follows the bracket does not count.
fn header(text: &str, from: usize) -> Option<&str> {
    let start = skip_blanks(text, from);
    let mut at = start;
    loop {
        let end = word_end(text, at);
        let next = skip_blanks(text, end);
        match text.as_bytes().get(next) {
            Some(b']') => return Some(&text[start..end]),
            Some(_) if next != at => at = next,
            _ => return None,
        }
    }
}

fn entry(text: &str, start: usize, section: &str) -> Option<Entry> {
    let (mut start, mut section) = (start, section);
    let mut end = word_end(text, start);
    if text[end..].starts_with("::") {
        section = &text[start..end];
        start = end + 2;
        end = word_end(text, start);
    }
    let key = &text[start..end];
    let rest = text[skip_blanks(text, end)..].strip_prefix('=');
    // A directive may leave the equal sign out.
    let rest = rest.or_else(|| key.starts_with('.').then_some(&text[end..]))?;
    Some(Entry {
        section: section.to_owned(),
        key: key.to_owned(),
        value: unquote(rest.trim_matches(is_blank)),
    })
}

/// The text behind quotes and escapes; `None` where a variable stands in it.
fn unquote(text: &str) -> Option<String> {
    let mut value = String::new();
    let mut quote = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                value.extend(characters.next().map(|next| if quote.is_some() { next } else { escaped(next) }))
            }
            '"' | '\'' | '`' if quote.is_none() => quote = Some(character),
            _ if quote == Some(character) => quote = None,
            '$' if quote.is_none() => return None,
            _ => value.push(character),
        }
    }
    Some(value)
}

fn escaped(letter: char) -> char {
    match letter {
        'r' => '\r',
        'n' => '\n',
        'b' => '\u{8}',
        't' => '\t',
        other => other,
    }
}

/// Where the comment of a line starts, or its end.
fn comment(bytes: &[u8]) -> usize {
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'#' => return at,
            b'\\' => at += 2,
            quote @ (b'"' | b'\'' | b'`') => {
                at += 1;
                while at < bytes.len() && bytes[at] != quote {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The end of the word that starts at `at`: letters, digits, the marks that a key may hold, and what is escaped.
fn word_end(text: &str, at: usize) -> usize {
    let mut is_escaped = false;
    let inside = |character: char| {
        let was_escaped = is_escaped;
        is_escaped = character == '\\' && !was_escaped;
        was_escaped
            || is_escaped
            || character.is_ascii_alphanumeric()
            || "_!.%&*+,/;?@^~|-".contains(character)
    };
    text.len() - text[at..].trim_start_matches(inside).len()
}

fn skip_blanks(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start_matches(is_blank).len()
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}
