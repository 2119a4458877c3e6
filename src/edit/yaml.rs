//! YAML by byte span: one scalar changes, every other byte stays.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{EditError, State};

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
}

/// A scalar: what it means, and the characters that stand in the text for it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Written {
    pub value: String,
    pub text: String,
}

impl ScalarEdit {
    pub fn state(&self, _text: &str) -> Result<State, EditError> {
        unimplemented!()
    }

    pub(super) fn make(&self, _text: &str) -> Result<String, EditError> {
        unimplemented!()
    }

    #[must_use]
    pub fn inverse(&self) -> Self {
        Self { path: self.path.clone(), from: self.to.clone(), to: self.from.clone() }
    }
}

impl fmt::Display for ScalarEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} becomes {}", self.from.value, self.to.value)
    }
}
