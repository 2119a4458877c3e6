//! Copies of what a step rewrites whole: kept with its first change, put back where nobody else wrote since.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{Cause, Run, seen::Seen};
use crate::{
    journal::{Place, Record},
    node::{self, Act, Digest, Kept},
    plan::Change,
};

/// A served file as this run left it, and the copy that would be put back over it.
pub(super) struct Left {
    pub file: PathBuf,
    pub copy: PathBuf,
    digest: Digest,
}

impl Run<'_> {
    /// What keeps all that the step rewrites whole: once its first change is in place, a machine that starts
    /// anew may rewrite them by itself.
    pub(super) fn kept(&self, step: usize) -> Vec<Act> {
        let account = self.journal.account();
        let rewriting = self.rewriting(step).filter(|place| !account.is_kept(*place));
        rewriting
            .flat_map(|place| {
                let rewrites = self.plan.steps[step].changes[place.change].rewrites();
                rewrites.iter().map(move |file| self.keep(place, file))
            })
            .collect()
    }

    pub(super) fn keep(&self, place: Place, file: &Path) -> Act {
        Act::Keep { file: file.to_owned(), copy: self.copy(place, file) }
    }

    /// Records that a change is begun, and with it whatever the machine may do by itself from then on.
    pub(super) fn begin(&mut self, place: Place) -> Result<(), Cause> {
        let mut begun: Vec<_> = self.rewriting(place.step).filter(|other| *other != place).collect();
        begun.push(place);
        begun.retain(|place| !self.journal.account().is_begun(*place));
        begun.into_iter().try_for_each(|place| self.record(Record::Begun(place)))
    }

    pub(super) fn put_back(&self, place: Place, file: &Path) -> Act {
        let account = self.journal.account();
        Act::PutBack {
            file: file.to_owned(),
            copy: self.copy(place, file),
            kept: if account.is_kept(place) { Kept::Surely } else { Kept::Perhaps },
            left: account.left(place, file).cloned(),
        }
    }

    /// The served files of a node that would be put back, each as the last change that lies behind left it.
    pub(super) fn left_files(&self, node: &str) -> Vec<Left> {
        let account = self.journal.account();
        let (mut found, mut files) = (vec![], BTreeSet::new());
        let steps = self.plan.steps.iter().enumerate().rev().filter(|(_, step)| step.node == node);
        for place in steps.flat_map(|(step, _)| self.rewriting(step).rev()) {
            let rewrites = self.plan.steps[place.step].changes[place.change].rewrites();
            for file in rewrites.iter().filter(|_| account.is_begun(place)) {
                if files.insert(file)
                    && let Some(digest) = account.left(place, file)
                {
                    let (file, copy) = (file.clone(), self.copy(place, file));
                    found.push(Left { file, copy, digest: digest.clone() });
                }
            }
        }
        found
    }

    /// Refuses to bring an older certificate back over one that was signed since.
    pub(super) fn refuse_rewritten(&self, node: &str, seen: &Seen) -> Result<(), Cause> {
        for Left { file, copy, digest } in self.left_files(node) {
            if let Some(now) = seen.bytes(&file)
                && seen.bytes(&copy) != Some(now)
                && Digest::of(now) != digest
            {
                return Err(node::Error::Rewritten { node: node.into(), path: file }.into());
            }
        }
        Ok(())
    }

    /// The places of a step's changes that are taken back by putting files back whole.
    fn rewriting(&self, step: usize) -> impl DoubleEndedIterator<Item = Place> + use<'_> {
        let changes = self.plan.steps[step].changes.iter().enumerate();
        changes
            .filter(|(_, change)| {
                matches!(change, Change::Run { .. } | Change::Reissue(_) | Change::Replace(_))
            })
            .map(move |(change, _)| Place { step, change })
    }
}
