//! What the wire showed instead of what was promised.

use jiff::Timestamp;

use crate::{cert, node, probe, report::Finding, rollout};

/// What the wire showed instead.
#[derive(Debug, thiserror::Error)]
pub enum Unlike {
    #[error(transparent)]
    Wire(#[from] probe::Error),
    #[error("it serves the certificate with serial {serial}")]
    Other { serial: String },
    #[error("it still serves the certificate with serial {serial}")]
    OldSerial { serial: String },
    #[error("these names are missing: {names}")]
    Missing { names: String },
    #[error("these names are still there: {names}")]
    Left { names: String },
    #[error("it ends on {end}, no later than the old one")]
    NoLonger { end: Timestamp },
    #[error("the issuer is `{found}` instead of `{expected}`")]
    Issuer { found: String, expected: String },
    #[error("the chain is not trusted: {reason}")]
    Untrusted { reason: String },
    #[error("it is not ready")]
    NotReady(#[source] rollout::NotReady),
    #[error("{} [{}]", .0.message, .0.code.id())]
    Front(Box<Finding>),
    #[error("the CA of the plan cannot be read")]
    Trust(#[source] cert::Error),
    #[error("seen from {node}")]
    From {
        node: String,
        #[source]
        source: Box<Unseen>,
    },
}

impl Unlike {
    /// What to type next, where there is something.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Front(finding) => finding.remedy.clone(),
            Self::From { source, .. } => match &**source {
                Unseen::Front(finding) => finding.remedy.clone(),
                Unseen::Node(_) | Unseen::Said(_) => None,
            },
            _ => None,
        }
    }
}

/// Why another machine does not see what must be seen.
#[derive(Debug, thiserror::Error)]
pub enum Unseen {
    #[error(transparent)]
    Node(#[from] node::Error),
    #[error("{0}")]
    Said(String),
    #[error("{} [{}]", .0.message, .0.code.id())]
    Front(Box<Finding>),
}
