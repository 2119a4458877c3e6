//! The words of a line, as HAProxy takes it apart.

use std::{iter::Peekable, ops::Range, str::CharIndices};

/// A word without its quotes and escapes.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Word {
    pub text: String,
    /// Its octets in the line, quotes and all.
    pub at: Range<usize>,
    /// Whether part of it comes from an environment variable, so that only HAProxy knows it.
    pub is_variable: bool,
}

type Letters<'a> = Peekable<CharIndices<'a>>;

/// The words up to a comment; `None` where a quote does not close.
pub fn words(line: &str) -> Option<Vec<Word>> {
    let mut letters = line.char_indices().peekable();
    let mut words = vec![];
    while let Some((start, letter)) = letters.peek().copied() {
        match letter {
            '#' => break,
            letter if letter.is_ascii_whitespace() => {
                letters.next();
            }
            _ => {
                let mut word = word(&mut letters)?;
                let end = letters.peek().map_or(line.len(), |(end, _)| *end);
                word.at = start..end;
                words.push(word);
            }
        }
    }
    Some(words)
}

fn word(letters: &mut Letters<'_>) -> Option<Word> {
    let mut word = Word::default();
    while let Some((_, letter)) =
        letters.next_if(|(_, letter)| *letter != '#' && !letter.is_ascii_whitespace())
    {
        match letter {
            '\'' => strong(letters, &mut word)?,
            '"' => weak(letters, &mut word)?,
            '\\' => word.text.extend(letters.next().map(|(_, letter)| letter)),
            letter => word.text.push(letter),
        }
    }
    Some(word)
}

/// Within single quotes every letter is itself.
fn strong(letters: &mut Letters<'_>, word: &mut Word) -> Option<()> {
    loop {
        match letters.next()?.1 {
            '\'' => return Some(()),
            letter => word.text.push(letter),
        }
    }
}

/// Within double quotes there are escapes and variables.
fn weak(letters: &mut Letters<'_>, word: &mut Word) -> Option<()> {
    loop {
        match letters.next()?.1 {
            '"' => return Some(()),
            '\\' => word.text.push(letters.next()?.1),
            letter => {
                word.is_variable |= letter == '$';
                word.text.push(letter);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<String> {
        words(line).unwrap().into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn quotes_escapes_and_comments_are_read_as_haproxy_reads_them() {
        for (line, read) in [
            ("  server a 10.0.0.1:6443\tcheck # mine", vec!["server", "a", "10.0.0.1:6443", "check"]),
            (r"log-format a\ b\#c", vec!["log-format", "a b#c"]),
            (r#"a "b # c" 'd "e"'"#, vec!["a", "b # c", r#"d "e""#]),
            (r#"a b"c"'d'"#, vec!["a", "bcd"]),
            (r#"a "" ''"#, vec!["a", "", ""]),
            ("# all of it", vec![]),
            ("a#b", vec!["a"]),
        ] {
            assert_eq!(texts(line), read, "{line}");
        }
    }

    #[test]
    fn a_variable_counts_only_in_double_quotes() {
        let are_variable =
            |line| words(line).unwrap().iter().map(|word| word.is_variable).collect::<Vec<_>>();

        assert_eq!(are_variable(r#""$A" '$A' $A "x${A}""#), [true, false, false, true]);
    }

    #[test]
    fn a_quote_that_does_not_close_makes_no_words() {
        for line in ["a 'b", r#"a "b"#, r#"a "b\"#] {
            assert_eq!(words(line), None, "{line}");
        }
    }
}
