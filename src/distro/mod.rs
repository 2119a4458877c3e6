//! The Kubernetes distributions: where each keeps its names, and how it takes new ones.

use std::path::PathBuf;

use jiff::Timestamp;

use crate::{
    cert::reissue::Serial,
    endpoint::Endpoint,
    node::{self, Answer, Ask, Node},
    plan::{Authority, Step},
    probe::Presented,
    report::{Code, Finding},
    san::SanSet,
};
use foreign::{FOREIGN, Foreign};

pub mod byhand;
mod foreign;
mod ground;
pub mod hosted;
pub mod k3s;
pub mod microk8s;
mod serving;
#[cfg(test)]
mod tests;

/// A distribution, as it is recognised and read.
pub trait Distro: Sync {
    /// The name that an inventory gives it.
    fn name(&self) -> &'static str;

    /// What to look at to recognise it. The questions of all distributions go out in one round trip.
    fn asks(&self) -> Vec<Ask>;

    /// What the answers to `asks` show of this distribution.
    fn detect(&self, answers: &[Answer]) -> Trace;

    /// Reads the node in one round trip; `answers` are those to `asks`.
    fn observe(&self, node: &dyn Node, answers: &[Answer]) -> Result<Box<dyn ControlPlane>, node::Error>;
}

/// What a machine shows of a distribution; what runs outweighs what was left behind.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Trace {
    None,
    Installed,
    Running,
}

/// What part a node plays.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// A control plane that others may have joined.
    First,
    Joined,
    Worker,
}

/// What a node's API server presents, and where it was dialled: an inventory may know better than the node.
pub struct Served<'a> {
    pub endpoint: &'a Endpoint,
    pub presented: &'a Presented,
}

/// What a plan is made with beyond the node: planning itself looks at no clock and draws no number.
pub struct Given<'a> {
    /// Read after the look, because a look takes time.
    pub now: Timestamp,
    /// A number that nobody can guess, where a certificate is signed from here.
    pub serial: Serial,
    /// The CA's key, where the operator says where it lies.
    pub signer: Option<&'a Signer>,
}

/// A key that signs, and the SHA-256 of its public half.
#[derive(Clone, Debug, PartialEq)]
pub struct Signer {
    pub authority: Authority,
    pub public_key: String,
}

/// What a look at a node came to.
pub enum Observed {
    Known(Box<dyn ControlPlane>),
    /// A node that cpctl does not change: none of the distributions, or one that it only knows by name.
    Refused(Finding),
}

/// One node as its distribution sees it. The facts are private to the adapter.
pub trait ControlPlane: Send {
    /// The distribution's name.
    fn distribution(&self) -> &'static str;

    fn role(&self) -> Role;

    /// Where this node's API server answers.
    fn endpoint(&self) -> Endpoint;

    /// Names that the configuration asks for.
    fn configured(&self) -> SanSet;

    /// What stands in the way of any change (a lock of another run, a full disk, a clock that is off, a worker), and
    /// what an operator should know; `now` is read after the look, because a look takes time.
    fn findings(&self, now: Timestamp) -> Vec<Finding>;

    /// The step that adds `want` to what is served now; `None` where all is served and persisted already.
    ///
    /// Refuses with everything that must be put right first, that of `findings` included.
    fn plan_sans(
        &self,
        want: &SanSet,
        served: &Served<'_>,
        given: &Given<'_>,
    ) -> Result<Option<Step>, Vec<Finding>>;

    /// What an operator should know before these names are added, where nothing of it stands in the way.
    fn cautions(&self, want: &SanSet) -> Vec<Finding>;

    /// Files that the step edits, with the text that was seen, for the plan's diff.
    fn seen(&self) -> Vec<(PathBuf, String)>;
}

/// All distributions. What runs an API server of its own is tried before one that nobody else runs.
pub static DISTROS: &[&dyn Distro] = &[&microk8s::MicroK8s, &byhand::ByHand];

/// What a machine may run.
#[derive(Clone, Copy)]
enum Candidate {
    Known(&'static dyn Distro),
    Foreign(&'static Foreign),
}

/// Recognises a node in one round trip and reads it in another; `named` is what the inventory says that it runs.
pub fn observe(node: &dyn Node, named: Option<&str>) -> Result<Observed, node::Error> {
    let candidates = candidates(named);
    if let Some(name) = named.filter(|_| candidates.is_empty()) {
        return Ok(Observed::Refused(unsupported(node, name)));
    }
    let asks: Vec<Vec<Ask>> = candidates.iter().map(Candidate::asks).collect();
    let mut rest = node.look(&asks.concat())?;
    let answers = asks.iter().map(|asks| rest.drain(..asks.len().min(rest.len())).collect::<Vec<_>>());
    let traces = candidates.iter().zip(answers).map(|(candidate, answers)| {
        let trace = candidate.detect(&answers);
        (trace, *candidate, answers)
    });
    let found = traces.filter(|(trace, ..)| *trace > Trace::None);
    // Of equal traces the first counts.
    match found.reduce(|best, next| if next.0 > best.0 { next } else { best }) {
        Some((_, Candidate::Known(distro), answers)) => Ok(Observed::Known(distro.observe(node, &answers)?)),
        Some((_, Candidate::Foreign(foreign), _)) => Ok(Observed::Refused(unsupported(node, foreign.name))),
        None => Ok(Observed::Refused(absent(node, named))),
    }
}

/// The distribution that the inventory names, or all of them; the one that is nobody's comes last.
fn candidates(named: Option<&str>) -> Vec<Candidate> {
    let known = DISTROS.iter().filter(|distro| named.is_none_or(|name| distro.name() == name));
    let (last, first): (Vec<_>, Vec<_>) = known.partition(|distro| distro.name() == byhand::NAME);
    let foreign = FOREIGN.iter().filter(|_| named.is_none()).map(Candidate::Foreign);
    let known = |distro: &'static dyn Distro| Candidate::Known(distro);
    first.into_iter().copied().map(known).chain(foreign).chain(last.into_iter().copied().map(known)).collect()
}

impl Candidate {
    fn asks(&self) -> Vec<Ask> {
        match self {
            Self::Known(distro) => distro.asks(),
            Self::Foreign(foreign) => foreign.asks(),
        }
    }

    fn detect(&self, answers: &[Answer]) -> Trace {
        match self {
            Self::Known(distro) => distro.detect(answers),
            Self::Foreign(foreign) => foreign.detect(answers),
        }
    }
}

fn names() -> String {
    let names: Vec<_> = DISTROS.iter().map(|distro| format!("`{}`", distro.name())).collect();
    names.join(", ")
}

fn unsupported(node: &dyn Node, name: &str) -> Finding {
    Finding::new(
        Code::DistributionUnsupported,
        node.name(),
        format!("it runs {name}, which cpctl cannot change"),
    )
    .remedy(format!("cpctl changes {}; leave the node out of the inventory or of `--node`", names()))
}

fn absent(node: &dyn Node, named: Option<&str>) -> Finding {
    let message = match named {
        None => "none of the Kubernetes distributions that cpctl knows is there".to_owned(),
        Some(name) => format!("the inventory says `{name}`, but nothing of it is there"),
    };
    Finding::new(Code::DistributionUnknown, node.name(), message).remedy(format!(
        "check that it is the right machine; an inventory can name {} as `distribution`",
        names()
    ))
}
