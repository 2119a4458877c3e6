//! Why a run stopped, what it leaves behind, and what to type next.

use std::{error::Error, fmt, path::PathBuf};

use crate::{
    cert,
    edit::EditError,
    endpoint::Endpoint,
    journal::{self, State},
    node,
    plan::{Change, DaemonSet, Dependence, Object},
    rollout,
};

use super::{InPlace, Unlike, Unsettled, Unwritten};

/// A run that stopped before its end. It reads as its cause does.
#[derive(Debug)]
pub struct Stopped {
    pub cause: Box<Cause>,
    pub run: String,
    pub state: State,
    pub journal: PathBuf,
    /// Nodes on which every step is complete.
    pub completed: Vec<String>,
    /// Whether nothing was changed, not even for a moment.
    pub is_clean: bool,
    /// Nodes with a step that no change of this run was made for.
    pub untouched: Vec<String>,
    /// The node whose step failed and was taken back.
    pub taken_back: Option<String>,
    /// Why that step could not be taken back in full.
    pub not_taken_back: Option<Box<Cause>>,
    /// Nodes where a lock or a hold may still be in place.
    pub held: Vec<String>,
    /// Nodes and their units that were restarted.
    pub restarted: Vec<(String, String)>,
    /// Changes of steps that are not complete.
    pub in_place: Vec<InPlace>,
    /// Whether a change of this run may still be in place.
    pub is_changed: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum Cause {
    #[error(transparent)]
    Node(#[from] node::Error),
    #[error(transparent)]
    Journal(#[from] journal::Error),
    #[error(transparent)]
    Refused(#[from] rollout::Refused),
    #[error("{node}: cannot lock it against other runs")]
    Unlocked {
        node: String,
        #[source]
        source: node::Error,
    },
    #[error("{node}: the plan does not say how to reach it")]
    NoTarget { node: String },
    #[error("{node}: cannot edit {path} ({edit})", path = path.display())]
    Unedited {
        node: String,
        path: PathBuf,
        edit: String,
        #[source]
        source: EditError,
    },
    #[error("{object}: cannot edit it ({edit})")]
    Unwritten {
        object: Object,
        edit: String,
        #[source]
        source: Unwritten,
    },
    #[error("{node}: there is no {path} to edit", path = path.display())]
    NothingToEdit { node: String, path: PathBuf },
    #[error("{node}: cannot sign {path} anew", path = path.display())]
    Unsigned {
        node: String,
        path: PathBuf,
        #[source]
        source: cert::reissue::Error,
    },
    #[error("{node}: {path} is there already, and it is not what the plan would create", path = path.display())]
    Taken { node: String, path: PathBuf },
    #[error("{node}: {path} was changed since this run created it", path = path.display())]
    Altered { node: String, path: PathBuf, run: String },
    #[error("{node}: {path} holds no certificate to serve", path = path.display())]
    NothingToServe { node: String, path: PathBuf },
    #[error("{node}: {path} is no certificate of this cluster, so {unit} stays stopped", path = path.display())]
    KeptHeld {
        node: String,
        path: PathBuf,
        unit: String,
        #[source]
        source: Option<Box<Cause>>,
    },
    #[error("{node}: {endpoint} does not serve {file}", file = file.display())]
    NotServed {
        node: String,
        endpoint: Endpoint,
        file: PathBuf,
        #[source]
        source: Unlike,
    },
    #[error("{node}: {endpoint} does not get ready")]
    NotReady {
        node: String,
        endpoint: Endpoint,
        #[source]
        source: rollout::NotReady,
    },
    #[error("{node}: node {name} does not get ready again")]
    NodeAway {
        node: String,
        name: String,
        /// What was restarted there.
        units: Vec<String>,
        #[source]
        source: Unsettled,
    },
    #[error("{node}: somebody wrote {path} meanwhile, and what was edited there is lost ({edit})", path = path.display())]
    Overwritten { node: String, path: PathBuf, edit: String },
    #[error("{daemon_set}: it is not rolled out")]
    NotRolledOut {
        daemon_set: DaemonSet,
        #[source]
        source: Unsettled,
    },
    #[error("{object}: it is not signed anew")]
    NotResigned {
        object: Object,
        #[source]
        source: Unsettled,
    },
    #[error("{endpoint}: what was promised is not served")]
    Unproven {
        endpoint: Endpoint,
        #[source]
        source: Unlike,
    },
    #[error("run {run} is being taken back")]
    BeingUndone { run: String },
    #[error("run {later} depends on run {run}: {dependence}")]
    DependedOn { run: String, later: String, dependence: Dependence },
    #[error("stopped as asked")]
    Interrupted,
}

impl Stopped {
    /// Whether the run stopped part-way: a change, a lock or a hold is left that resuming or undoing deals with.
    pub fn is_part_way(&self) -> bool {
        !self.held.is_empty() || (self.is_changed && self.state == State::Unfinished)
    }

    /// What to type next, where there is something beyond resuming and undoing.
    pub fn hint(&self) -> Option<String> {
        self.cause.hint()
    }

    /// What to see to first, where the step that failed could not be taken back either.
    pub fn hint_of_the_way_back(&self) -> Option<String> {
        self.not_taken_back.as_ref()?.hint().filter(|hint| Some(hint) != self.hint().as_ref())
    }

    /// The commands that go on from here; none where the run did not stop part-way.
    pub fn ways_on(&self) -> Vec<String> {
        if !self.is_part_way() {
            return vec![];
        }
        ["resume", "undo"].iter().map(|verb| format!("cpctl {verb} {}", self.run)).collect()
    }
}

impl Cause {
    /// Whether the machine did not even answer, so that asking again at once is of no use.
    pub(super) fn is_out_of_reach(&self) -> bool {
        matches!(self, Self::Node(node::Error::Connect { .. }))
    }

    /// Whether another process goes on with the run, so that nothing more may be done here.
    pub(super) fn is_taken_over(&self) -> bool {
        matches!(self, Self::Node(node::Error::TakenOver { .. }))
    }

    /// Whether a change that ended so was surely not made: a file is replaced as a whole or not at all.
    pub(super) fn left_as_it_was(&self, change: &Change) -> bool {
        let is_refusal = matches!(
            self,
            Self::Node(node::Error::Deed { .. } | node::Error::OwnFile { .. } | node::Error::Drifted { .. })
        );
        // A text that is not approved of never takes the file's place.
        let is_judged = matches!(self, Self::Node(node::Error::Failed { .. }));
        match change {
            Change::Edit { .. } | Change::Reissue(_) => is_refusal,
            Change::Replace(_) => is_refusal || is_judged,
            Change::Create { judge, .. } => judge.is_some() && is_judged,
            Change::EditObject { .. } | Change::Run { .. } => false,
        }
    }

    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Node(error) => return error.hint(),
            Self::Unlocked { node, source } => {
                let why = format!(
                    "nothing is changed on {node}, but no other run may be at work on the cluster meanwhile"
                );
                source.hint().map_or(why.clone(), |hint| format!("{why}; {hint}"))
            }
            Self::Journal(error) => return error.hint(),
            Self::Refused(error) => return error.hint(),
            Self::Unedited { source: EditError::Neither, path, .. } => format!(
                "somebody else changed {}; look at it, then run the command again to plan from what is there now",
                path.display()
            ),
            Self::Unwritten { object, source, .. } => return source.hint(object),
            Self::Unsigned { source, .. } => return source.hint().map(Into::into),
            Self::Taken { .. } => {
                "somebody else created it; look at it, then run the command again to plan from what is there now".into()
            }
            Self::Altered { run, path, .. } => format!(
                "what others wrote stays; keep what is needed of {} elsewhere, remove it, then `cpctl undo {run}`",
                path.display()
            ),
            Self::KeptHeld { .. } => {
                "started now, it would sign a new one and kill every pod; see to the cause, then take the run back"
                    .into()
            }
            Self::NodeAway { name, units, .. } if units.is_empty() => {
                format!("`kubectl describe node {name}` tells why")
            }
            Self::NodeAway { name, node, units, .. } => {
                let units = units.join(" -u ");
                format!("`kubectl describe node {name}`, and on {node} `journalctl -u {units}`, tell why")
            }
            Self::Overwritten { node, path, .. } => format!(
                "`stat {}` on {node} tells when it was written; the next attempt makes the edit again",
                path.display()
            ),
            Self::NotRolledOut { daemon_set: DaemonSet { namespace, name }, .. } => {
                format!("`kubectl -n {namespace} rollout status daemonset {name}` tells which pods do not come")
            }
            Self::NotResigned { .. } => {
                "the controller `bootstrapsigner` signs it: see that kube-controller-manager runs".into()
            }
            Self::Unproven { source, .. } => return source.hint(),
            Self::BeingUndone { run } => format!("`cpctl undo {run}` goes on with that"),
            Self::DependedOn { later, .. } => format!("take that back first: `cpctl undo {later}`"),
            _ => return None,
        })
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl Error for Stopped {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.source()
    }
}
