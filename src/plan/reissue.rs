//! A certificate that is to be signed anew, and the key that signs it.

use std::{fmt, path::PathBuf};

use serde::{Deserialize, Serialize};

use crate::{cert::reissue::Draft, san::SanSet};

/// One file whose first certificate is replaced; its key, its chain and whatever else it holds stay.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Reissue {
    pub file: PathBuf,
    pub authority: Authority,
    /// Names that it carries beside the old ones, for people.
    pub adds: SanSet,
    /// Old names that it no longer carries, for people.
    #[serde(default, skip_serializing_if = "SanSet::is_empty")]
    pub removes: SanSet,
    pub draft: Draft,
}

/// Where the CA's key lies. It signs there and never leaves that machine.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Authority {
    /// The machine, where it is not the step's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    pub key: PathBuf,
}

impl fmt::Display for Reissue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, authority, adds, removes, draft: _ } = self;
        write!(f, "sign {} anew with {authority}", file.display())?;
        let changes = [("+", adds), ("-", removes)].into_iter().filter(|(_, names)| !names.is_empty());
        for (index, (sign, names)) in changes.enumerate() {
            write!(f, "{} {sign} {names}", if index > 0 { ";" } else { ":" })?;
        }
        Ok(())
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.key.display())?;
        self.node.as_ref().map_or(Ok(()), |node| write!(f, " on {node}"))
    }
}
