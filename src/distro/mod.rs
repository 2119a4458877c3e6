//! The Kubernetes distributions: where each keeps its names, and how it takes new ones.

use crate::{
    endpoint::Endpoint,
    node::{self, Answer, Ask, Node},
    plan::Step,
    probe::Presented,
    report::Finding,
    san::SanSet,
};

pub mod microk8s;

/// A distribution, as it is recognised and read.
pub trait Distro: Sync {
    fn name(&self) -> &'static str;

    /// What to look at to recognise it. The questions of all distributions go out in one round trip.
    fn asks(&self) -> Vec<Ask>;

    /// Whether the answers to `asks` are those of this distribution.
    fn detect(&self, answers: &[Answer]) -> bool;

    /// Reads the node in one round trip.
    fn observe(&self, node: &dyn Node) -> Result<Box<dyn ControlPlane>, node::Error>;
}

/// What part a node plays.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// A control plane that others may have joined.
    First,
    Joined,
    Worker,
}

/// One node as its distribution sees it. The facts are private to the adapter.
pub trait ControlPlane: Send {
    fn role(&self) -> Role;

    /// Where this node's API server answers.
    fn endpoint(&self) -> Endpoint;

    /// Names that the configuration asks for.
    fn configured(&self) -> SanSet;

    /// Names of the certificate on the disk.
    fn on_disk(&self) -> SanSet;

    /// What stands in the way of any change: a lock of another run, a full disk, a clock that is off, a worker.
    fn findings(&self, now: jiff::Timestamp) -> Vec<Finding>;

    /// The step that adds `want` to what is served now; `None` where all is served and persisted already.
    fn plan_sans(
        &self,
        want: &SanSet,
        served: &Presented,
        now: jiff::Timestamp,
    ) -> Result<Option<Step>, Vec<Finding>>;

    /// Files that the step edits, with the bytes that were seen, for the plan's diff.
    fn seen(&self) -> Vec<(std::path::PathBuf, String)>;
}

/// All distributions, in the order in which they are tried.
pub static DISTROS: &[&dyn Distro] = &[&microk8s::MicroK8s];

/// Recognises a node in one round trip and reads it in another.
pub fn observe(_node: &dyn Node) -> Result<Option<Box<dyn ControlPlane>>, node::Error> {
    unimplemented!()
}
