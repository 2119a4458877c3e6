//! What a verb came to, as values: rendering them is somebody else's work.

use std::{fmt, path::PathBuf};

use jiff::Timestamp;

use crate::{
    endpoint::Endpoint,
    node::Target,
    plan::{Places, Plan},
    report::{Code, Finding, Severity, worst},
    san::SanSet,
};

mod completed;
mod drift;
pub mod front;
mod inspection;
mod linted;
mod paper;
mod preflight;
mod rendered;
mod watched;

pub use self::{
    completed::{Candidate, Completed},
    drift::{Drift, Standing},
    front::Front,
    inspection::{File, Inspected, Inspection, Server},
    linted::{Linted, LintedFile},
    paper::{Paper, Sheet, beside},
    preflight::{Filed, Preflight, Shape},
    rendered::{LaidFile, Rendered, RenderedFile},
    watched::{Form, Requests, Watched},
};

/// The result of a verb that did its work.
#[derive(Debug)]
pub enum Outcome {
    Inspection(Inspection),
    Verification(Verification),
    Drift(Drift),
    Linted(Linted),
    Front(Box<Front>),
    Preflight(Preflight),
    Preview(Preview),
    Applied(Applied),
    Nodes(NodesFound),
    Runs(RunsFound),
    Rehearsed(Rehearsed),
    Rendered(Rendered),
    /// Findings whose meaning was asked for.
    Explained(Vec<Code>),
    Watched(Watched),
    /// All was told while it happened.
    Told,
    /// A script for a shell.
    Script(String),
    /// What may come next on a line that is being typed.
    Completed(Completed),
    /// Nothing was changed because something stands in the way.
    Refused(Vec<Finding>),
    /// The operator said no.
    Declined,
}

/// Whether clients get through.
#[derive(Debug)]
pub struct Verification {
    pub rows: Vec<Verified>,
    pub findings: Vec<Finding>,
    pub fail_on: Severity,
}

/// One address, tried several times on fresh connections.
#[derive(Debug)]
pub struct Verified {
    pub subject: String,
    pub endpoint: Endpoint,
    pub connections: u32,
    pub handshakes: u32,
    pub version: Option<String>,
    pub user: Option<String>,
}

/// A plan before anybody agreed to it.
#[derive(Debug)]
pub struct Preview {
    pub plan: Plan,
    pub diffs: Vec<FileDiff>,
    /// What an operator should know and that does not stand in the way.
    pub findings: Vec<Finding>,
    /// SHA-256 of the cluster's CA certificate, to tell clusters apart by.
    pub ca: Option<String>,
}

/// A file before and after the edits of a plan. Its texts may hold a token, so they are kept out of `Debug`.
pub struct FileDiff {
    pub node: String,
    pub path: PathBuf,
    pub before: String,
    pub after: String,
}

impl fmt::Debug for FileDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileDiff({}, {})", self.node, self.path.display())
    }
}

/// A run that came to its end.
#[derive(Debug)]
pub struct Applied {
    pub deed: Deed,
    /// `None` where there was nothing to do.
    pub run: Option<String>,
    pub title: String,
    pub places: Places,
    pub findings: Vec<Finding>,
    /// Whether its record stays, so that `undo` finds it; that of a rehearsal is gone in a second.
    pub lasts: bool,
    /// What became of the requests that were sent meanwhile, where somebody asked.
    pub requests: Option<Requests>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Deed {
    Done,
    Undone,
    NothingToDo,
    /// Nothing to do yet, which a timer need not tell anybody.
    NotDue,
}

#[derive(Debug)]
pub struct NodesFound {
    pub endpoint: Option<Endpoint>,
    /// How the nodes were found, for people.
    pub how: String,
    pub nodes: Vec<NodeSeen>,
    pub balancers: Vec<BalancerNamed>,
    pub findings: Vec<Finding>,
    /// The same as an inventory file.
    pub inventory: String,
}

/// A load balancer, as the inventory names it.
#[derive(Debug)]
pub struct BalancerNamed {
    pub target: Target,
    pub socket: PathBuf,
}

#[derive(Debug)]
pub struct NodeSeen {
    pub target: Target,
    pub distribution: Option<String>,
    pub role: Option<String>,
    pub api: Option<Endpoint>,
    pub configured: SanSet,
}

/// The runs that are known, and what kept others from being read.
#[derive(Debug)]
pub struct RunsFound {
    pub runs: Vec<RunSeen>,
    pub findings: Vec<Finding>,
}

/// A run as a journal tells it.
#[derive(Debug)]
pub struct RunSeen {
    pub run: String,
    pub started: Timestamp,
    pub title: String,
    pub state: String,
    pub places: Places,
    /// Where its record lies: the journal here, or the nodes that keep it.
    pub kept: String,
}

/// The table at the end of a rehearsal.
#[derive(Clone, Debug)]
pub struct Rehearsed {
    pub nodes: Vec<RehearsedNode>,
    pub sent: u64,
    pub failed: u64,
    pub pods_killed: u64,
    pub restarts: u64,
    pub name: String,
    /// The cluster that still runs, with `--keep`.
    pub kept: Option<Kept>,
}

#[derive(Clone, Debug)]
pub struct Kept {
    pub directory: PathBuf,
    /// The text of its `cpctl.yaml`.
    pub inventory: String,
    /// Where this program lies, if a shell does not find it by its name.
    pub program: Option<PathBuf>,
}

#[derive(Clone, Debug)]
pub struct RehearsedNode {
    pub name: String,
    pub before: SanSet,
    pub after: SanSet,
}

/// What becomes of the process.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Exit {
    Ok = 0,
    No = 1,
    CouldNot = 2,
    PartWay = 3,
}

impl Outcome {
    /// What a plan came to that a run carried out or took back.
    pub fn applied(deed: Deed, run: String, plan: &Plan, findings: Vec<Finding>) -> Self {
        let (title, places) = (plan.title.clone(), plan.places());
        Self::Applied(Applied { deed, run: Some(run), title, places, findings, lasts: true, requests: None })
    }

    /// What a verb says that found everything as it was asked for.
    pub fn nothing_to_do(title: String, findings: Vec<Finding>) -> Self {
        Self::idle(Deed::NothingToDo, title, findings)
    }

    /// What a verb says whose time has not come.
    pub fn not_due(title: String) -> Self {
        Self::idle(Deed::NotDue, title, vec![])
    }

    fn idle(deed: Deed, title: String, findings: Vec<Finding>) -> Self {
        let places = Places::default();
        Self::Applied(Applied { deed, run: None, title, places, findings, lasts: true, requests: None })
    }

    pub fn exit(&self) -> Exit {
        match self {
            Self::Inspection(inspection) => judged(&inspection.findings, inspection.fail_on),
            Self::Verification(verification) => judged(&verification.findings, verification.fail_on),
            Self::Front(front) => judged(&front.findings, front.fail_on),
            Self::Drift(drift) => judged(&drift.findings, drift.fail_on),
            Self::Linted(linted) => judged(&linted.findings, linted.fail_on),
            Self::Preflight(preflight) if preflight.is_failed() => Exit::No,
            Self::Watched(watched) => watched.exit(),
            Self::Nodes(found) => judged(&found.findings, Severity::Fail),
            Self::Refused(_) | Self::Declined => Exit::CouldNot,
            Self::Rehearsed(rehearsed) if rehearsed.failed > 0 || rehearsed.pods_killed > 0 => Exit::No,
            Self::Rehearsed(_)
            | Self::Preflight(_)
            | Self::Preview(_)
            | Self::Applied(_)
            | Self::Runs(_)
            | Self::Rendered(_)
            | Self::Explained(_)
            | Self::Told
            | Self::Script(_)
            | Self::Completed(_) => Exit::Ok,
        }
    }
}

fn judged(findings: &[Finding], fail_on: Severity) -> Exit {
    if worst(findings).is_some_and(|worst| worst >= fail_on) { Exit::No } else { Exit::Ok }
}
