//! What planning found out already, so that a large file that is still the same is not read and edited once more.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use super::{Cause, Run, seen::Seen};
use crate::{edit::Edit, plan::Step};

/// Files as they were seen, and as their one edit makes them. They may hold secrets, so there is no way to print them.
#[derive(Clone, Default)]
pub struct Foreseen(BTreeMap<(String, PathBuf), Texts>);

#[derive(Clone)]
struct Texts {
    before: String,
    after: String,
}

impl Foreseen {
    /// Remembers what the only edit of a file makes of it.
    pub fn put(&mut self, node: &str, path: PathBuf, before: String, after: String) {
        self.0.insert((node.to_owned(), path), Texts { before, after });
    }

    /// The file's text after its edit, where it still holds what was seen.
    pub(super) fn after(&self, node: &str, path: &Path, bytes: &[u8]) -> Option<&str> {
        let texts = self.0.get(&(node.to_owned(), path.to_owned()))?;
        (texts.before.as_bytes() == bytes).then_some(texts.after.as_str())
    }
}

impl Run<'_> {
    /// The file's bytes after the edit, from the plan where they are known; `None` where the edit is made already.
    pub(super) fn edited(
        &self,
        step: &Step,
        path: &Path,
        edit: &Edit,
        seen: &Seen,
    ) -> Result<Option<Vec<u8>>, Cause> {
        let foreseen = &self.terms.foreseen;
        match seen.bytes(path).and_then(|bytes| foreseen.after(&step.node, path, bytes)) {
            Some(after) => Ok(Some(after.as_bytes().to_vec())),
            None => seen.edited(&step.node, path, edit),
        }
    }
}

impl fmt::Debug for Foreseen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Foreseen({} files)", self.0.len())
    }
}
