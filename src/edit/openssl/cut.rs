//! Entries of `[ alt_names ]` taken out with their lines, and put back byte for byte where they stood.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    Names, SECTION,
    document::{Document, Entry, Kind, Line},
    name,
};
use crate::{
    edit::{EditError, State},
    san::{San, SanSet},
};

/// Lines that list names, in their order.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Cut {
    lines: Vec<Taken>,
}

/// One line, and where it stood.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Taken {
    key: String,
    name: San,
    /// Its bytes, the line ending included.
    text: String,
    /// The bytes of the line above it; empty where there was none.
    above: String,
    /// How many lines stood above it.
    index: usize,
}

impl Cut {
    /// The lines that list any of `names`; one that a later line with the same key hides lists nothing, and where it
    /// would come to light it is refused.
    pub fn of(names: &SanSet, text: &str) -> Result<Self, EditError> {
        let document = Document::parse(text)?;
        let listed: Vec<_> = document.section(SECTION).into_iter().filter_map(listing).collect();
        let (mut lines, mut above) = (vec![], "");
        for (index, line) in document.lines.iter().enumerate() {
            let bytes = &text[line.span.clone()];
            let taken = listing_of(line).filter(|found| names.contains(&found.1) && listed.contains(found));
            lines.extend(taken.map(|(key, name)| Taken {
                key: key.to_owned(),
                name,
                text: bytes.to_owned(),
                above: above.to_owned(),
                index,
            }));
            above = bytes;
        }
        let cut = Self { lines };
        let left = Document::parse(&cut.take(text)?)?;
        let bared = left.section(SECTION).into_iter().find(|(_, entry)| cut.takes(&entry.key));
        match bared {
            Some((_, entry)) => Err(EditError::Unsupported(format!(
                "two lines give `{}` a value, and the one that counts cannot be taken out alone",
                entry.key
            ))),
            None => Ok(cut),
        }
    }

    fn takes(&self, key: &str) -> bool {
        self.lines.iter().any(|taken| taken.key == key)
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How the text stands to the taking; a line that others changed or took out is theirs.
    pub(in crate::edit) fn state(&self, text: &str) -> Result<State, EditError> {
        let document = Document::parse(text)?;
        Ok(if document.lines.iter().any(|line| self.holds(line)) { State::NotMade } else { State::Made })
    }

    /// How the text stands to the putting back; a key that has another value by now is somebody else's.
    pub(in crate::edit) fn state_of_return(&self, text: &str) -> Result<State, EditError> {
        let document = Document::parse(text)?;
        let listed = document.section(SECTION);
        let mut state = State::Made;
        for taken in &self.lines {
            match listed.iter().find(|(_, entry)| entry.key == taken.key) {
                Some(found) if listing(*found).is_some_and(|(_, name)| name == taken.name) => {}
                Some(_) => return Ok(State::Neither),
                None => state = State::NotMade,
            }
        }
        Ok(state)
    }

    pub(in crate::edit) fn take(&self, text: &str) -> Result<String, EditError> {
        let document = Document::parse(text)?;
        let kept = document.lines.iter().filter(|line| !self.holds(line));
        Ok(kept.map(|line| &text[line.span.clone()]).collect())
    }

    pub(in crate::edit) fn put_back(&self, text: &str) -> Result<String, EditError> {
        let document = Document::parse(text)?;
        let listed = document.section(SECTION);
        let is_missing = |taken: &&Taken| listed.iter().all(|(_, entry)| entry.key != taken.key);
        let mut back = text.to_owned();
        for taken in self.lines.iter().filter(is_missing) {
            match taken.place(&back)? {
                Some(at) => back.insert_str(at, &taken.text),
                None => {
                    let entries = vec![(taken.key.clone(), taken.name.clone())];
                    back = Names { entries }.add(&back)?;
                }
            }
        }
        Ok(back)
    }

    fn holds(&self, line: &Line) -> bool {
        let found = listing_of(line);
        found.is_some_and(|(key, name)| self.lines.iter().any(|taken| taken.key == key && taken.name == name))
    }
}

impl Taken {
    /// The byte that it goes to: below the line that stood above it, wherever that is now; `None` where it is nowhere.
    fn place(&self, text: &str) -> Result<Option<usize>, EditError> {
        let document = Document::parse(text)?;
        let is_above = |index: usize, line: &Line| {
            text[line.span.clone()] == self.above && (line.section == SECTION || index + 1 == self.index)
        };
        let lines = document.lines.iter().enumerate();
        let above: Vec<_> = lines.filter(|(index, line)| is_above(*index, line)).collect();
        let same = above.iter().find(|(index, _)| index + 1 == self.index);
        let at = match (same.or(above.first()), self.index) {
            (Some((_, line)), _) => line.span.end,
            (None, 0) => 0,
            (None, _) => return Ok(None),
        };
        // The last line of a text may have no ending, and would swallow what follows it by now.
        let fits = self.text.ends_with('\n') || at == text.len();
        Ok(fits.then_some(at))
    }
}

/// What a line lists, whether it counts or not.
fn listing_of(line: &Line) -> Option<(&str, San)> {
    let Kind::Entry(entry) = &line.kind else { return None };
    listing((line, entry)).filter(|_| entry.section == SECTION)
}

fn listing<'d>((line, entry): (&'d Line, &'d Entry)) -> Option<(&'d str, San)> {
    Some((&entry.key, name(line, entry).ok()??))
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Taken { key, name, .. }) in self.lines.iter().enumerate() {
            write!(f, "{}{key} = {name}", if index > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}
