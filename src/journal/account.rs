//! What a journal tells of a run.

use std::{collections::BTreeSet, path::Path};

use jiff::Timestamp;

use super::{
    Error, Outcome, Place, Record,
    progress::Progress,
    record::{Line, SCHEMA},
};
use crate::{
    node::Digest,
    plan::{self, Plan},
};

/// A run as its journal tells it.
#[derive(Clone, Debug)]
pub struct Account {
    pub run: String,
    /// `user@laptop`, who began it.
    pub operator: String,
    pub started: Timestamp,
    pub plan: Plan,
    /// The lines that count, as they were written.
    text: String,
    rests: bool,
    progress: Progress,
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    Unfinished,
    Done,
    Undone,
    /// Stopped before the first change.
    Refused,
}

impl Account {
    /// Reads a journal from its beginning; `origin` names it in errors.
    ///
    /// A last line without an end was cut off by a crash and never counted.
    pub fn read(origin: &str, bytes: &[u8]) -> Result<Self, Error> {
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1);
        let text =
            std::str::from_utf8(&bytes[..whole]).map_err(|_| Error::NotText { origin: origin.into() })?;
        let mut lines = text.split_inclusive('\n').enumerate();
        let (_, first) = lines.next().ok_or_else(|| Error::Empty { origin: origin.into() })?;
        let mut account = Self::begin(origin, first)?;
        for (index, text) in lines {
            let line: Line = serde_json::from_str(text).map_err(|source| Error::Damaged {
                origin: origin.into(),
                line: index + 1,
                source,
            })?;
            account.take(text, &line.record);
        }
        Ok(account)
    }

    fn begin(origin: &str, text: &str) -> Result<Self, Error> {
        let damaged = |source| Error::Damaged { origin: origin.into(), line: 1, source };
        let value: serde_json::Value = serde_json::from_str(text).map_err(damaged)?;
        for (found, known) in [(&value["schema"], SCHEMA), (&value["plan"]["schema"], plan::SCHEMA)] {
            let found = found.as_u64().unwrap_or(0);
            if found > u64::from(known) {
                return Err(Error::Newer { origin: origin.into(), found, known });
            }
        }
        let line: Line = serde_json::from_value(value).map_err(damaged)?;
        Self::of(line, text.to_owned()).ok_or_else(|| Error::Empty { origin: origin.into() })
    }

    /// The account of a run that begins with this line; `None` where the line holds no plan.
    pub(super) fn of(line: Line, text: String) -> Option<Self> {
        let Record::Plan { run, operator, plan, .. } = line.record else { return None };
        let progress = Progress::default();
        Some(Self { run, operator, started: line.at, plan: *plan, text, rests: false, progress })
    }

    pub fn state(&self) -> State {
        match self.progress.outcome {
            None => State::Unfinished,
            Some(Outcome::Done) => State::Done,
            Some(Outcome::Undone) => State::Undone,
            Some(Outcome::Refused) => State::Refused,
        }
    }

    /// Whether the run is on its way back.
    pub fn is_being_undone(&self) -> bool {
        self.progress.is_being_undone && self.progress.outcome.is_none()
    }

    /// Whether a change of this run may be in place, or a machine may run on one still.
    pub fn has_changes(&self) -> bool {
        !self.progress.begun.is_empty() || !self.progress.unsettled.is_empty()
    }

    /// Whether no machine was touched yet.
    pub fn is_fresh(&self) -> bool {
        self.text.matches('\n').count() == 1
    }

    /// Whether the lines tell all that happened: nothing can have been changed after them.
    pub fn rests(&self) -> bool {
        self.rests
    }

    /// The lines that count, for the record that is kept on the nodes.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a lock or a hold of this run may be in place.
    pub fn holds(&self) -> bool {
        !self.progress.opened.is_empty() || !self.progress.entered.is_empty()
    }

    /// Nodes whose lock may be held.
    pub fn opened(&self) -> &BTreeSet<String> {
        &self.progress.opened
    }

    /// Whether the step's holds may be in place.
    pub fn is_entered(&self, step: usize) -> bool {
        self.progress.entered.contains(&step)
    }

    /// Whether the step's node may be out of its balancers.
    pub fn is_drained(&self, step: usize) -> bool {
        self.progress.drained.contains(&step)
    }

    pub fn is_begun(&self, place: Place) -> bool {
        self.progress.begun.contains(&place)
    }

    pub fn is_done(&self, place: Place) -> bool {
        self.progress.done.contains(&place)
    }

    /// Whether the files that the change rewrites were surely kept before it was begun.
    pub fn is_kept(&self, place: Place) -> bool {
        self.progress.kept.contains(&place)
    }

    /// A served file as the change left it, where that is known.
    pub fn left(&self, place: Place, file: &Path) -> Option<&Digest> {
        self.progress.left.get(&place)?.get(file)
    }

    pub fn is_completed(&self, step: usize) -> bool {
        self.progress.completed.contains(&step)
    }

    /// Whether the unit of a settle was restarted since the step last changed anything, in either direction.
    pub fn is_restarted(&self, step: usize, settle: usize) -> bool {
        self.progress.restarted.contains(&(step, settle))
    }

    /// How often the change was taken back.
    pub fn times_undone(&self, place: Place) -> u32 {
        self.progress.undone.get(&place).copied().unwrap_or(0)
    }

    /// Whether the step ever changed anything, even if it was taken back since.
    pub fn was_touched(&self, step: usize) -> bool {
        let Progress { begun, undone, .. } = &self.progress;
        begun.iter().chain(undone.keys()).any(|place| place.step == step)
    }

    /// Whether a change of the step may be in place, or its machine may run on one still.
    pub fn has_changes_of(&self, step: usize) -> bool {
        let Progress { begun, unsettled, .. } = &self.progress;
        unsettled.contains(&step) || begun.iter().any(|place| place.step == step)
    }

    /// Takes a further line into account.
    pub(super) fn take(&mut self, text: &str, record: &Record) {
        if *record == Record::Superseded {
            self.text.truncate(self.text.find('\n').map_or(0, |end| end + 1));
            self.progress = Progress::default();
            return;
        }
        self.text.push_str(text);
        self.rests = match record {
            Record::Rested | Record::Finished { .. } => true,
            // A lock given back is all that can have happened.
            Record::Closed { .. } => self.rests,
            _ => false,
        };
        if *record == Record::Unsure {
            self.progress.doubt(&self.plan);
            return;
        }
        self.progress.take(record);
    }
}
