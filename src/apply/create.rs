//! Files that were not there: created, and removed again while they are as this run made them.

use std::path::{Path, PathBuf};

use super::{Cause, Run, seen::Seen};
use crate::{
    journal::Place,
    node::{Act, Digest},
    plan::Judge,
};

impl Run<'_> {
    pub(super) fn create(&self, place: Place, path: &Path, text: &str, mode: u32) -> Act {
        let mark = self.mark(place, path);
        Act::Create { path: path.to_owned(), mode, bytes: text.as_bytes().to_vec(), mark }
    }

    /// Has a program judge a text on its own machine, beside the place that the text is meant for.
    pub(super) fn judged(&self, place: Place, path: &Path, text: &str, judge: &Judge) -> [Act; 2] {
        let draft = self.copy(place, path).with_added_extension("new");
        let command = judge.command.clone().arg(draft.to_string_lossy());
        let bytes = judge.draft.as_deref().unwrap_or(text).as_bytes().to_vec();
        let mark = draft.with_added_extension("made");
        [Act::Create { path: draft, mode: 0o600, bytes, mark }, Act::Run(command)]
    }

    pub(super) fn remove(&self, place: Place, path: &Path, text: &str) -> Act {
        Act::Remove { path: path.to_owned(), made: Digest::of(text.as_bytes()), mark: self.mark(place, path) }
    }

    /// Refuses to remove a file that others wrote in since; one that they removed is nothing to do.
    pub(super) fn refuse_altered(
        &self,
        node: &str,
        path: &Path,
        text: &str,
        seen: &Seen,
    ) -> Result<(), Cause> {
        match seen.bytes(path) {
            Some(there) if there != text.as_bytes() => Err(Cause::Altered {
                node: node.into(),
                path: path.to_owned(),
                run: self.journal.account().run.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// What remembers that the directory above a created file is this run's.
    fn mark(&self, place: Place, path: &Path) -> PathBuf {
        self.copy(place, path).with_added_extension("made")
    }
}
