//! YAML by byte span: one scalar or one list changes, every other byte stays.

use std::fmt;

use serde::{Deserialize, Serialize};

use self::place::Place;
use super::{EditError, State};

mod build;
mod encode;
mod guard;
mod key;
mod list;
mod place;
mod tree;

pub use key::KeyEdit;
pub(super) use list::shown;
pub use list::{Before, ListEdit, Reading, document, values};
pub use tree::{Node, Tree};

/// Another value for the scalar at `path`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ScalarEdit {
    pub path: Vec<Segment>,
    pub from: Written,
    pub to: Written,
}

/// A way down a document.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Segment {
    Key(String),
    /// The item of a list whose `name` is this.
    Named(String),
    /// The item of a list at this place, from 0.
    Item(usize),
}

/// A scalar: what it means, and the characters that stand in the text for it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Written {
    pub value: String,
    pub text: String,
}

impl ScalarEdit {
    /// The edit that gives the scalar at `path` another value, tried out on `text`.
    pub fn to(text: &str, path: Vec<Segment>, value: &str) -> Result<Self, EditError> {
        Self::try_in(&Tree::parse(text)?, path, value).map(|(edit, _)| edit)
    }

    /// As `to`, for a text that is read already; with the text as it will be.
    pub fn try_in(tree: &Tree<'_>, path: Vec<Segment>, value: &str) -> Result<(Self, String), EditError> {
        let place = Place::find(tree, &path)?;
        let to = place.encoded(value);
        let after = place.replaced_by(&to)?;
        Ok((Self { from: place.written(), path, to }, after))
    }

    pub fn state(&self, text: &str) -> Result<State, EditError> {
        let tree = Tree::parse(text)?;
        Ok(self.state_at(&Place::find(&tree, &self.path)?))
    }

    /// The text after the edit; the same text where it is made already.
    pub(super) fn make(&self, text: &str) -> Result<String, EditError> {
        let tree = Tree::parse(text)?;
        let place = Place::find(&tree, &self.path)?;
        match self.state_at(&place) {
            State::Made => Ok(text.to_owned()),
            State::NotMade => place.replaced_by(&self.to),
            State::Neither => Err(EditError::Neither),
        }
    }

    #[must_use]
    pub fn inverse(&self) -> Self {
        Self { path: self.path.clone(), from: self.to.clone(), to: self.from.clone() }
    }

    fn state_at(&self, place: &Place<'_, '_>) -> State {
        match place.value() {
            value if value == self.to.value => State::Made,
            value if value == self.from.value => State::NotMade,
            _ => State::Neither,
        }
    }
}

impl fmt::Display for ScalarEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} becomes {}", self.from.value, self.to.value)
    }
}

#[cfg(test)]
mod tests;
