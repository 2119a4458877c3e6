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
    /// What has to approve the text before it takes the file's place. Its last word is a file with the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<Command>,
}

impl fmt::Display for Replace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "replace {}", self.file.display())?;
        self.judge.as_ref().map_or(Ok(()), |judge| write!(f, ", once `{judge}` has approved the new text"))
    }
}
