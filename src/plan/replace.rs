//! A file whose text is replaced as a whole.

use std::{fmt, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::node::{Command, Digest};

/// One file that is written anew; its mode and owner stay.
///
/// What it held may be secret, so the plan has no more than the digest of it, and the text from before stays on the
/// machine.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Replace {
    pub file: PathBuf,
    /// What it holds before.
    pub was: Digest,
    pub text: String,
    /// What has to approve the text before it takes the file's place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<Judge>,
}

/// A program that judges a text on its own machine.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Judge {
    /// A file with the text follows as its last word.
    pub command: Command,
    /// What is judged in place of the text, where the program cannot judge that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<String>,
}

impl fmt::Display for Replace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "replace {}", self.file.display())?;
        match &self.judge {
            Some(Judge { command, .. }) => write!(f, ", once `{command}` has approved the new text"),
            None => Ok(()),
        }
    }
}
