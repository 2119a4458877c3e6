//! What will be done, as data: printed by `--dry-run`, stored by the journal, carried out by `apply`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{
    edit::Edit,
    endpoint::Endpoint,
    node::{Command, Target},
    san::SanSet,
};

mod chain;
mod dependence;
mod drained;
mod object;
mod places;
mod proof;
mod reissue;
mod replace;
mod saved;
mod settled;
mod told;

pub use dependence::Dependence;
pub use drained::{Drained, Restarts};
pub use object::Object;
pub use places::Places;
pub use proof::{Listener, Passage, Proof};
pub use reissue::{Authority, Reissue};
pub use replace::{Judge, Replace};
pub use saved::ReadError;
pub use settled::{DaemonSet, Signed};

/// The version of the shape below; a newer one is refused, an older one still read.
pub const SCHEMA: u32 = 1;

/// The name of the operator's own machine in a plan.
pub const HERE: &str = crate::node::local::NAME;

/// A whole run. It holds no secret: credentials stay in the kubeconfig that it names.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Plan {
    pub schema: u32,
    /// The command that made it, for people: `certs add-san 172.22.22.3`.
    pub title: String,
    pub cluster: Cluster,
    /// How to reach the machines of the cluster, by name; each is locked while the run is at work.
    pub nodes: BTreeMap<String, Target>,
    pub steps: Vec<Step>,
    /// The endpoints that clients use, seen to serve once all steps are settled.
    pub finally: Vec<Proof>,
    /// Names and addresses that this run makes available; a run that leads away from one of them depends on it.
    #[serde(default)]
    pub provides: SanSet,
    /// Names that this run makes clients rely on.
    #[serde(default)]
    pub relies_on: SanSet,
}

/// Which cluster a plan is for, and what it takes to prove a step.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Cluster {
    /// The kubeconfig's context, for people.
    pub context: String,
    /// The CA certificates that every API server must chain to, PEM.
    pub trust: String,
    /// The kubeconfig files whose credentials the API calls use, where there are any; the first to define a name wins.
    #[serde(default, deserialize_with = "saved::one_or_several")]
    pub kubeconfig: Vec<PathBuf>,
    /// Every API server of the cluster, by node, whether a step touches it or not.
    pub servers: BTreeMap<String, Endpoint>,
}

/// One machine's turn.
///
/// Holds are entered first and left last, in either direction. Undoing takes the changes back in reverse and
/// then settles again, so that no server ever runs on a file that is no longer there.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Step {
    pub node: String,
    pub why: String,
    pub holds: Vec<Hold>,
    pub changes: Vec<Change>,
    pub settle: Vec<Settle>,
    /// One for each port that a certificate is served at; written as none, one or several.
    #[serde(default, rename = "proof", with = "saved::proofs")]
    pub proofs: Vec<Proof>,
    /// What an operator should know before agreeing: what is restarted, what a client may notice.
    #[serde(default)]
    pub notes: Vec<String>,
}

/// Something kept still while the step's changes are made.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "hold", rename_all = "kebab-case")]
pub enum Hold {
    /// A unit stopped while it sleeps, and started again when all is in place.
    ///
    /// Before it starts, `reconcile` is run and the two files of `same` must agree: the unit acts on their difference.
    Unit {
        unit: String,
        idle: String,
        within: Duration,
        reconcile: Vec<Command>,
        same: Option<(PathBuf, PathBuf)>,
    },
    /// A lock file that other programs honour, such as kubectl's `config.lock`.
    LockFile { path: PathBuf, within: Duration },
    /// The node out of a load balancer in front of it, where its server is restarted; see `Drained`.
    Drained(Drained),
}

/// A change that can be taken back.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    /// An edit of a text file; undone by the inverse edit, so that what others changed since stays.
    Edit { path: PathBuf, edit: Edit },
    /// An edit of a text in the cluster's API; refused where somebody else writes there meanwhile, undone by the inverse
    /// edit. Its step is one of the machine that makes the call.
    EditObject { object: Object, edit: Edit },
    /// A text file that was not there; undone by removing it, while it holds this text still. One missing directory
    /// above it is made too, and goes again with it.
    Create {
        path: PathBuf,
        text: String,
        #[serde(with = "saved::octal")]
        mode: u32,
        /// What has to approve the text before it is there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        judge: Option<Judge>,
    },
    /// Commands that rewrite files; undone by putting the files back as they were, and then by `undo`. All are safe to
    /// run again. What `reconcile` of a hold brings back by itself does not belong into `rewrites`.
    Run {
        commands: Vec<Command>,
        rewrites: Vec<PathBuf>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        undo: Vec<Command>,
    },
    /// A certificate signed anew; undone by putting the file back as it was.
    Reissue(Reissue),
    /// A text file replaced as a whole; undone by putting the file back as it was.
    Replace(Replace),
}

/// What makes a machine serve what is on its disk; right in either direction.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "settle", rename_all = "kebab-case")]
pub enum Settle {
    /// The endpoint presents the certificate in `file`. Where it does not follow by itself in time, `otherwise` is restarted.
    ServesFile { endpoint: Endpoint, file: PathBuf, within: Duration, otherwise: Option<Restart> },
    /// A unit that takes its files in only when it starts: restarted after the last change, and after the last one that
    /// is taken back. What that costs stands in the step's notes.
    Restart { unit: String },
    /// A unit that takes its files in without ending a connection; one that does not run is left alone. What shows that it
    /// does what it is for is asked afterwards, on the way forward only.
    Reload {
        unit: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        shown_by: Vec<Command>,
    },
    /// The API server says that it is ready.
    AwaitReady { endpoint: Endpoint, within: Duration },
    /// The API says that the node is ready, and its kubelet has renewed its lease since this began.
    AwaitNode { name: String, within: Duration },
    /// Pods that take a text in only when they start: replaced in the order that their daemon set has for it, after the last
    /// change and after the last one that is taken back.
    RollOut { daemon_set: DaemonSet, within: Duration },
    /// A controller has signed a text anew: what was signed before has its old signatures, anything else has others.
    Resigned { object: Object, was: Signed, within: Duration },
}

/// The next rung: a unit whose restart makes the wire follow the disk.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Restart {
    pub unit: String,
    pub within: Duration,
    /// What restarts it, where it is no unit of systemd's and something else starts it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Command>,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether it changes nothing but this machine.
    pub fn is_local(&self) -> bool {
        let mut changes = self.steps.iter().flat_map(|step| &step.changes);
        self.steps.iter().all(|step| step.node == HERE)
            && !changes.any(|change| matches!(change, Change::EditObject { .. }))
    }
}

impl Step {
    /// The machines that it takes: its own, those that sign for it, and the balancers that it is taken out of.
    pub fn machines(&self) -> impl Iterator<Item = &str> {
        let signers = self.changes.iter().filter_map(|change| match change {
            Change::Reissue(reissue) => reissue.authority.node.as_deref(),
            Change::Edit { .. }
            | Change::EditObject { .. }
            | Change::Create { .. }
            | Change::Run { .. }
            | Change::Replace(_) => None,
        });
        let balancers = self.drained().map(|drained| drained.balancer.as_str());
        std::iter::once(self.node.as_str()).chain(signers).chain(balancers)
    }

    /// Files whose bytes the step works on: those that it edits, creates, replaces or signs anew and those that must be
    /// served.
    pub fn watched(&self) -> BTreeSet<PathBuf> {
        let edited = self.changes.iter().filter_map(|change| match change {
            Change::Edit { path, .. } | Change::Create { path, .. } => Some(path),
            Change::Reissue(Reissue { file, .. }) | Change::Replace(Replace { file, .. }) => Some(file),
            Change::EditObject { .. } | Change::Run { .. } => None,
        });
        let served = self.settle.iter().filter_map(|settle| match settle {
            Settle::ServesFile { file, .. } => Some(file),
            Settle::Restart { .. }
            | Settle::Reload { .. }
            | Settle::AwaitReady { .. }
            | Settle::AwaitNode { .. }
            | Settle::RollOut { .. }
            | Settle::Resigned { .. } => None,
        });
        edited.chain(served).cloned().collect()
    }
}

impl Change {
    /// An edit and where its text lies: a path, or what an object is called.
    pub fn edit(&self) -> Option<(PathBuf, &Edit)> {
        match self {
            Self::Edit { path, edit } => Some((path.clone(), edit)),
            Self::EditObject { object, edit } => Some((object.to_string().into(), edit)),
            Self::Create { .. } | Self::Run { .. } | Self::Reissue(_) | Self::Replace(_) => None,
        }
    }

    /// What is run where the change is taken back, once its files are back.
    pub fn undo(&self) -> &[Command] {
        if let Self::Run { undo, .. } = self { undo } else { &[] }
    }

    /// Files that are put back as they were where the change is taken back; an edit or a creation has none.
    pub fn rewrites(&self) -> &[PathBuf] {
        match self {
            Self::Edit { .. } | Self::EditObject { .. } | Self::Create { .. } => &[],
            Self::Run { rewrites, .. } => rewrites,
            Self::Reissue(Reissue { file, .. }) | Self::Replace(Replace { file, .. }) => {
                std::slice::from_ref(file)
            }
        }
    }
}
