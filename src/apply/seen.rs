//! Files of a machine as a step sees them under its holds, and the edits of them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::Cause;
use crate::{
    edit::{Edit, EditError, State},
    node::{Act, Digest, Done},
};

/// Files as they are now. Their bytes may hold secrets, so there is no way to print them.
pub(super) struct Seen(BTreeMap<PathBuf, Option<Vec<u8>>>);

impl Seen {
    /// Pairs files with the reads that end `done`.
    pub(super) fn of(files: Vec<PathBuf>, mut done: Vec<Done>) -> Self {
        let reads = done.split_off(done.len().saturating_sub(files.len()));
        let bytes = reads.into_iter().map(|read| match read {
            Done::Read(bytes) => bytes,
            _ => None,
        });
        Self(files.into_iter().zip(bytes).collect())
    }

    pub(super) fn extend(&mut self, newer: Self) {
        self.0.extend(newer.0);
    }

    pub(super) fn put(&mut self, path: &Path, bytes: Option<Vec<u8>>) {
        self.0.insert(path.to_owned(), bytes);
    }

    pub(super) fn bytes(&self, path: &Path) -> Option<&[u8]> {
        self.0.get(path).and_then(Option::as_deref)
    }

    /// The digests of those of the files that are seen.
    pub(super) fn digests(&self, files: &[PathBuf]) -> BTreeMap<PathBuf, Digest> {
        let digest = |file: &PathBuf| Some((file.clone(), Digest::of(self.bytes(file)?)));
        files.iter().filter_map(digest).collect()
    }

    /// The file's bytes after the edit; `None` where it is made already.
    pub(super) fn edited(&self, node: &str, path: &Path, edit: &Edit) -> Result<Option<Vec<u8>>, Cause> {
        let bytes = self
            .bytes(path)
            .ok_or_else(|| Cause::NothingToEdit { node: node.into(), path: path.to_owned() })?;
        let refused = |source| Cause::Unedited {
            node: node.into(),
            path: path.to_owned(),
            edit: edit.to_string(),
            source,
        };
        let text = std::str::from_utf8(bytes)
            .map_err(|_| refused(EditError::Unsupported("it is not text in UTF-8".into())))?;
        let after = edit.make(text).map_err(refused)?;
        Ok((after != text).then(|| after.into_bytes()))
    }

    /// Whether the file is as the edit leaves it.
    pub(super) fn holds(&self, path: &Path, edit: &Edit) -> bool {
        let text = self.bytes(path).and_then(|bytes| std::str::from_utf8(bytes).ok());
        text.is_some_and(|text| edit.state(text) == Ok(State::Made))
    }

    /// The file's bytes with the edit taken back; `None` where that is done, or where the file is gone altogether.
    pub(super) fn reverted(&self, node: &str, path: &Path, edit: &Edit) -> Result<Option<Vec<u8>>, Cause> {
        if self.bytes(path).is_none() {
            return Ok(None);
        }
        self.edited(node, path, &edit.inverse())
    }

    /// Whether a file is still to be created; refuses one that is there with another text.
    pub(super) fn lacks(&self, node: &str, path: &Path, text: &str) -> Result<bool, Cause> {
        match self.bytes(path) {
            None => Ok(true),
            Some(there) if there == text.as_bytes() => Ok(false),
            Some(_) => Err(Cause::Taken { node: node.into(), path: path.to_owned() }),
        }
    }

    /// The act that replaces the file, refused where somebody changed it since it was seen.
    pub(super) fn write(&self, path: &Path, bytes: Vec<u8>) -> Act {
        let before = Digest::of(self.bytes(path).unwrap_or_default());
        Act::Write { path: path.to_owned(), before, bytes }
    }

    /// Takes over what acts have written or removed.
    pub(super) fn follow(&mut self, acts: Vec<Act>) {
        for act in acts {
            match act {
                Act::Write { path, bytes, .. } | Act::Create { path, bytes, .. } => {
                    self.0.insert(path, Some(bytes));
                }
                Act::Remove { path, .. } => drop(self.0.insert(path, None)),
                _ => {}
            }
        }
    }
}
