//! The Kubernetes distributions: where each keeps its names, and how it takes new ones.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use crate::{
    cert::{ServingCert, reissue::Serial},
    endpoint::{Endpoint, Vip},
    node::{self, Answer, Ask, Node},
    plan::{Authority, Object, Step},
    probe::Presented,
    report::{Code, Finding},
    san::SanSet,
};

mod arguments;
pub mod byhand;
mod ground;
pub mod hosted;
pub mod k0s;
pub mod k3s;
pub mod kubeadm;
mod kubeconfigs;
pub mod microk8s;
mod moving;
mod papers;
mod recognise;
mod reference;
mod service;
mod serving;
mod store;
#[cfg(test)]
mod tests;
mod trial;
mod unit;
mod version;
mod want;

pub use moving::{Found, Moved, Text, plan_move};
pub use papers::{Beside, Paper, Papers, Reading, authority_keys};
pub use recognise::{DISTROS, Observed, observe};
pub use reference::{Form, Move, ObjectSeen, Place, Reference, Takes};
pub use store::Store;
pub use trial::Trial;
pub use want::Want;

/// A distribution, as it is recognised and read.
pub trait Distro: Sync {
    /// The name that an inventory gives it.
    fn name(&self) -> &'static str;

    /// What to look at to recognise it. The questions of all distributions go out in one round trip.
    fn asks(&self) -> Vec<Ask>;

    /// What the answers to `asks` show of this distribution.
    fn detect(&self, answers: &[Answer]) -> Trace;

    /// Reads the node, in one round trip unless an answer says that more lies elsewhere; `answers` are those to `asks`.
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
    /// What the port for joining presents, where that is another one.
    pub supervisor: Option<&'a Presented>,
}

impl<'a> Served<'a> {
    /// What the API server presents, where that is all there is to see.
    pub fn alone(endpoint: &'a Endpoint, presented: &'a Presented) -> Self {
        Self { endpoint, presented, supervisor: None }
    }

    /// What the port for joining presents, which may be the API server's own.
    pub fn shared(&self) -> &'a Presented {
        self.supervisor.unwrap_or(self.presented)
    }
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

/// One node as its distribution sees it. The facts are private to the adapter.
pub trait ControlPlane: Send {
    /// The distribution's name.
    fn distribution(&self) -> &'static str;

    fn role(&self) -> Role;

    /// Where this node's API server answers.
    fn endpoint(&self) -> Endpoint;

    /// Where servers and agents join, if that is another port than the one of its API server, which may be dialled
    /// elsewhere than it says itself.
    fn supervisor(&self, _api: &Endpoint) -> Option<Endpoint> {
        None
    }

    /// Names that the configuration asks for.
    fn configured(&self) -> SanSet;

    /// Names that come into a certificate by themselves, whatever the configuration asks for.
    fn derived(&self) -> SanSet;

    /// Names by which the cluster reaches its own API servers, beside those that every cluster uses.
    fn needed(&self) -> SanSet;

    /// What its configuration gives to services and to pods, each with what it is for.
    fn ranges(&self) -> Vec<(&'static str, Vip)> {
        vec![]
    }

    /// The certificate that lies on the disk for the API server to serve, where there is one.
    fn on_disk(&self) -> Option<&ServingCert>;

    /// Whether the certificate lies where no look reaches, and keeps every name that was ever in it.
    fn keeps_names(&self) -> bool {
        false
    }

    /// The store that it keeps together with others, where it can tell them.
    fn store(&self) -> Option<Store> {
        None
    }

    /// What stands in the way of any change (a lock of another run, a full disk, a clock that is off, a worker), and
    /// what an operator should know; `now` is read after the look, because a look takes time.
    fn findings(&self, now: Timestamp) -> Vec<Finding>;

    /// The step to what is wanted; `None` where it is so already, on the wire and in the configuration.
    ///
    /// Refuses with everything that must be put right first, that of `findings` included.
    fn plan(&self, want: &Want, served: &Served<'_>, given: &Given<'_>)
    -> Result<Option<Step>, Vec<Finding>>;

    /// What an operator should know of the wanted names, whether anything is left to do for them or not; what stands in
    /// the way of a change is told by `plan` as well.
    fn cautions(&self, want: &Want) -> Vec<Finding>;

    /// Files that the step edits, with the text that was seen, for the plan's diff.
    fn seen(&self) -> Vec<(PathBuf, String)>;

    /// The text in the cluster's API from which the distribution takes the names of later certificates; `None` where
    /// there is none.
    fn register(&self) -> Option<Object> {
        None
    }

    /// The secret in the cluster's API from which its servers have their certificate, namespace and name; `None` where
    /// they share none.
    fn secret(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    /// What the annotations of that secret say against any change; what is in it is never read.
    fn bound_by(&self, _annotations: &BTreeMap<String, String>) -> Option<Finding> {
        None
    }

    /// The step that lists the wanted names in that text; `None` where all is as it should be.
    ///
    /// `seen` is the text or why it cannot be read, and what cannot be edited is told with what to do instead.
    fn plan_register(&self, _want: &Want, _seen: Result<&str, String>) -> Result<Option<Step>, Finding> {
        Ok(None)
    }

    /// Places on the node that lead to the control plane's address, where they are not its own.
    fn references(&self) -> Vec<Reference> {
        vec![]
    }

    /// Texts in the cluster's API that lead to it, in the order in which they are to be moved.
    fn shared(&self) -> Vec<Object> {
        vec![]
    }

    /// The places in such a text.
    fn references_in(&self, _object: &Object, _seen: &ObjectSeen) -> Result<Vec<Reference>, Finding> {
        Ok(vec![])
    }

    /// How its clients see an address, where it has any that are to be led there.
    fn trial(&self) -> Option<Trial> {
        None
    }

    /// Kubeconfigs of administrators that lie on the node. They hold keys, so nobody reads them unasked.
    fn admin_confs(&self) -> Vec<PathBuf> {
        vec![]
    }

    /// The places in one of them.
    fn references_in_admin_conf(&self, _path: &Path, _text: &str) -> Result<Vec<Reference>, Finding> {
        Ok(vec![])
    }

    /// What stands in the way of a move of this node's references, and what an operator should know of it.
    fn findings_of_move(&self, _wanted: &Move, _now: Timestamp) -> Vec<Finding> {
        let message = "cpctl does not know what leads to its control plane";
        vec![Finding::new(Code::ChangeUnsupported, self.distribution(), message).remedy(
            "point what names the old address at the new one by hand; for a kubeconfig, `cpctl kubeconfig repoint`",
        )]
    }
}
