//! The lines of a journal.

use std::{collections::BTreeMap, path::PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{node::Digest, plan::Plan};

/// The version of the lines below; a newer one is refused, an older one still read.
pub const SCHEMA: u32 = 1;

/// One line: a record and when it was written.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Line {
    pub at: Timestamp,
    #[serde(flatten)]
    pub record: Record,
}

/// A change of a plan, by the numbers of its step and its place in it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Place {
    pub step: usize,
    pub change: usize,
}

/// What happened, or is about to.
///
/// Records that end in `-ing`, and `Begun`, are written before the deed: it may or may not have been done.
/// All others are written after it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum Record {
    /// The first line.
    Plan {
        schema: u32,
        run: String,
        operator: String,
        plan: Box<Plan>,
    },
    /// The node's lock is about to be taken.
    Opening {
        node: String,
    },
    /// The node's lock was given back.
    Closed {
        node: String,
    },
    /// The step's holds are about to be entered.
    Entering {
        step: usize,
    },
    /// The step's node is about to be taken out of its balancers.
    Draining {
        step: usize,
    },
    Begun(Place),
    Done {
        #[serde(flatten)]
        place: Place,
        /// The served files that the change rewrote, as it left them.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        left: BTreeMap<PathBuf, Digest>,
    },
    /// The unit of this settle was restarted after all that stands above.
    Restarted {
        step: usize,
        settle: usize,
    },
    /// The wire follows the disk, in whichever direction the step goes.
    Settled {
        step: usize,
    },
    /// The wire shows what the step promised.
    Proven {
        step: usize,
    },
    /// The step's holds are left, and all that it had to do is done.
    Completed {
        step: usize,
    },
    /// The step's holds are left, and it is not complete.
    Left {
        step: usize,
    },
    /// The whole run is about to be taken back.
    Undoing,
    /// The step's changes are about to be taken back.
    Reverting {
        step: usize,
    },
    Undone(Place),
    /// The run stops here for now, and all that happened so far stands above.
    Rested,
    /// The run is over.
    Finished {
        outcome: Outcome,
    },
    /// Another machine went on with this run: what it recorded follows and counts instead of what stands above.
    Superseded,
    /// What happened after the lines above is not known: every change may have been begun.
    Unsure,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Done,
    Undone,
    /// Stopped before the first change.
    Refused,
}
