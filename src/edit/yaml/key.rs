//! A key that is added at the top of a YAML document, and taken out again.

use std::{fmt, ops::Range};

use granit_parser::ScalarStyle;
use serde::{Deserialize, Serialize};

use super::{
    Tree,
    encode::{Around, encode},
};
use crate::edit::{EditError, State};

/// A line of its own with a key and a scalar.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct KeyEdit {
    pub key: String,
    pub value: String,
}

impl KeyEdit {
    /// The edit that adds the key, tried out on `text`.
    pub fn adding(text: &str, key: &str, value: &str) -> Result<Self, EditError> {
        let edit = Self { key: key.to_owned(), value: value.to_owned() };
        edit.add(text)?;
        Ok(edit)
    }

    pub fn state(&self, text: &str) -> Result<State, EditError> {
        Ok(match self.found(text)?.as_deref() {
            None => State::NotMade,
            Some(value) if value == self.value => State::Made,
            Some(_) => State::Neither,
        })
    }

    /// How the text stands to the removal; what others took out already stays out.
    pub(in crate::edit) fn state_of_removal(&self, text: &str) -> Result<State, EditError> {
        Ok(match self.state(text)? {
            State::Made => State::NotMade,
            State::NotMade => State::Made,
            State::Neither => State::Neither,
        })
    }

    /// The text with the key before the first one that sorts after it, as programs write maps; else at the end.
    pub(in crate::edit) fn add(&self, text: &str) -> Result<String, EditError> {
        let at = self.place(text)?;
        let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let open = if at > 0 && !text[..at].ends_with('\n') { ending } else { "" };
        let close = if open.is_empty() { ending } else { "" };
        let after = [&text[..at], open, &self.line(), close, &text[at..]].concat();
        let is_back = self.remove(&after).is_ok_and(|before| before == text);
        let count = |text: &str| Tree::parse(text).map(|tree| tree.nodes.len());
        if is_back && self.state(&after)? == State::Made && count(&after)? == count(text)? + 2 {
            return Ok(after);
        }
        Err(EditError::Unsupported(format!("`{}` cannot be added without touching more", self.key)))
    }

    pub(in crate::edit) fn remove(&self, text: &str) -> Result<String, EditError> {
        let line = self.line();
        let span = lines(text).find(|span| text[span.clone()].trim_end_matches(['\r', '\n']) == line);
        let mut span = span.ok_or_else(|| {
            EditError::Unsupported(format!("`{}` no longer stands there on a line of its own", self.key))
        })?;
        if span.end == text.len() && !text.ends_with('\n') {
            let above = &text[..span.start];
            let above =
                above.strip_suffix('\n').map_or(above, |line| line.strip_suffix('\r').unwrap_or(line));
            span.start = above.len();
        }
        Ok([&text[..span.start], &text[span.end..]].concat())
    }

    fn line(&self) -> String {
        format!("{}: {}", self.key, encode(&self.value, ScalarStyle::Plain, Around::Block))
    }

    fn found(&self, text: &str) -> Result<Option<String>, EditError> {
        let tree = Tree::parse(text)?;
        let root = tree.first().ok_or_else(|| EditError::NotFound("document in it".into()))?;
        if tree.documents() != 1 || !root.is_map() {
            return Err(EditError::Unsupported("it is not one document with a map".into()));
        }
        Ok(root.get(&self.key).map(|value| value.scalar().map(ToString::to_string).unwrap_or_default()))
    }

    fn place(&self, text: &str) -> Result<usize, EditError> {
        let tree = Tree::parse(text)?;
        let root = tree.first().ok_or_else(|| EditError::NotFound("document in it".into()))?;
        let mut keys = root.entries().map(|(key, _)| key);
        let later = keys.find(|key| key.scalar().is_some_and(|name| name.as_ref() > self.key.as_str()));
        Ok(later.map_or(text.len(), |key| text[..key.span().start].rfind('\n').map_or(0, |end| end + 1)))
    }
}

fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        at += line.len();
        at - line.len()..at
    })
}

impl fmt::Display for KeyEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "controlPlaneEndpoint";

    #[test]
    fn the_key_stands_in_its_order_and_goes_again() {
        let line = "controlPlaneEndpoint: \"10.0.0.9:6443\"";
        for (before, after) in [
            ("clusterName: a\ndns: {}\n", format!("clusterName: a\n{line}\ndns: {{}}\n")),
            ("apiServer:\n  x: 1\nclusterName: a\n", format!("apiServer:\n  x: 1\nclusterName: a\n{line}\n")),
            ("clusterName: a", format!("clusterName: a\n{line}")),
            ("clusterName: a\r\ndns: {}\r\n", format!("clusterName: a\r\n{line}\r\ndns: {{}}\r\n")),
            ("dns: {}\n", format!("{line}\ndns: {{}}\n")),
        ] {
            let edit = KeyEdit::adding(before, KEY, "10.0.0.9:6443").unwrap();

            assert_eq!(edit.add(before).unwrap(), after);
            assert_eq!(edit.remove(&after).unwrap(), before);
            assert_eq!(edit.state_of_removal(before), Ok(State::Made));
        }
    }

    #[test]
    fn what_is_no_map_of_lines_is_refused() {
        for text in ["", "[a]", "{a: 1, z: 2}", "a: 1\n---\nb: 1\n", "a: |\n  x\nz: [", "- a\n"] {
            assert!(KeyEdit::adding(text, KEY, "10.0.0.9:6443").is_err(), "{text}");
        }
    }

    #[test]
    fn a_value_of_somebody_else_is_neither() {
        let edit = KeyEdit { key: KEY.into(), value: "10.0.0.9:6443".into() };

        assert_eq!(edit.state("controlPlaneEndpoint: b:1\n"), Ok(State::Neither));
    }

    proptest! {
        #[test]
        fn adding_and_removing_leave_every_byte(text in "([a-z]{1,3}:( [a-z|>{]{0,3}|\n  [a-z]: 1)(\n|\r\n)){0,6}[a-z: \n]{0,4}") {
            if let Ok(edit) = KeyEdit::adding(&text, "k", "a:1") {
                let after = edit.add(&text).unwrap();

                prop_assert_eq!(edit.remove(&after).unwrap(), text);
            }
        }
    }
}
