//! A file replaced as a whole: the new text is judged on its machine before it takes the file's place.

use super::{Cause, Run, seen::Seen};
use crate::{
    journal::Place,
    node::{self, Act, Digest},
    plan::Replace,
};

impl Run<'_> {
    pub(super) fn replace(&self, place: Place, replace: &Replace, seen: &Seen) -> Vec<Act> {
        let Replace { file, text, judge, was: _ } = replace;
        let judged = judge.iter().flat_map(|judge| self.judged(place, file, text, judge));
        judged.chain([seen.write(file, text.as_bytes().to_vec())]).collect()
    }

    /// Whether the file may hold this run's text: one that was never surely written, and holds another, is somebody else's.
    pub(super) fn may_be_ours(&self, place: Place, replace: &Replace, seen: &Seen) -> bool {
        let was_written = self.journal.account().left(place, &replace.file).is_some();
        was_written || seen.bytes(&replace.file) == Some(replace.text.as_bytes())
    }
}

impl Seen {
    /// Whether the file holds the new text already; one that holds neither it nor what was planned from is refused.
    pub(super) fn is_replaced(&self, node: &str, replace: &Replace) -> Result<bool, Cause> {
        let path = &replace.file;
        let bytes =
            self.bytes(path).ok_or_else(|| Cause::NothingToEdit { node: node.into(), path: path.clone() })?;
        match bytes == replace.text.as_bytes() {
            true => Ok(true),
            false if Digest::of(bytes) == replace.was => Ok(false),
            false => Err(node::Error::Drifted { node: node.into(), path: path.clone() }.into()),
        }
    }
}
