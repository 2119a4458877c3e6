//! Further entries of a YAML list, in whatever shape it stands, and nothing else of the text.

use std::fmt;

use serde::{Deserialize, Serialize};

use self::place::Place;
use super::{Segment, Tree};
use crate::edit::{EditError, State};

mod add;
mod outline;
mod place;
mod remove;
mod splice;
#[cfg(test)]
mod tests;

/// Entries that are added to the list at `path`, or taken out of it again.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ListEdit {
    pub path: Vec<String>,
    pub entries: Vec<String>,
    pub reading: Reading,
    /// What stood there before the entries came.
    pub before: Before,
}

/// How a program reads what stands at the path.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// As a list and nothing else.
    List,
    /// As a flag's values: one scalar is a list of one, and commas separate values.
    Flag,
}

/// What stood at the path.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "was", rename_all = "kebab-case")]
pub enum Before {
    List,
    /// Of the path's keys this many; the map there had no such next key.
    Absent {
        depth: usize,
    },
    /// A scalar or nothing in these characters, after this many of the path's keys.
    Scalar {
        depth: usize,
        text: String,
    },
}

impl ListEdit {
    /// The edit that adds those of `entries` that are not in the list yet, tried out on `text`.
    pub fn adding(
        text: &str,
        path: &[&str],
        entries: &[String],
        reading: Reading,
    ) -> Result<Self, EditError> {
        let path: Vec<_> = path.iter().map(|key| (*key).to_owned()).collect();
        let tree = Tree::parse(text)?;
        let place = Place::find(&tree, &path, reading)?;
        let there = place.values(reading)?;
        let mut missing: Vec<String> = vec![];
        for entry in entries {
            if !there.contains(entry) && !missing.contains(entry) {
                missing.push(entry.clone());
            }
        }
        let edit = Self { path, entries: missing, reading, before: place.before() };
        if !edit.entries.is_empty() {
            edit.add(text)?;
        }
        Ok(edit)
    }

    /// Whether there is nothing to add.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How the text stands to the addition.
    pub fn state(&self, text: &str) -> Result<State, EditError> {
        let tree = Tree::parse(text)?;
        let place = Place::find(&tree, &self.path, self.reading)?;
        let there = place.values(self.reading)?;
        let found = self.entries.iter().filter(|entry| there.contains(entry)).count();
        Ok(match found {
            all if all == self.entries.len() => State::Made,
            0 if place.before() == self.before => State::NotMade,
            _ => State::Neither,
        })
    }

    /// How the text stands to the removal; what others took out already stays out.
    pub(in crate::edit) fn state_of_removal(&self, text: &str) -> Result<State, EditError> {
        let there = values(text, &self.path, self.reading)?;
        let is_there = self.entries.iter().any(|entry| there.contains(entry));
        Ok(if is_there { State::NotMade } else { State::Made })
    }
}

/// What stands in the list at `path`; nothing where there is none.
pub fn values(text: &str, path: &[String], reading: Reading) -> Result<Vec<String>, EditError> {
    let tree = Tree::parse(text)?;
    Place::find(&tree, path, reading)?.values(reading)
}

impl fmt::Display for ListEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.entries.join(", "))
    }
}

/// A path for people.
pub(in crate::edit) fn shown(path: &[String]) -> String {
    super::place::shown(&path.iter().cloned().map(Segment::Key).collect::<Vec<_>>())
}
