//! What servers and files present.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::{
    cert::ServingCert,
    check::Part,
    endpoint::Endpoint,
    probe::{self, Presented, Verdict},
    report::{Finding, Severity},
    san::San,
};

/// What several servers or files present.
#[derive(Debug)]
pub struct Inspection {
    pub rows: Vec<Inspected>,
    pub findings: Vec<Finding>,
    /// The CA that judged the chains, by a name that people know; `None` where none was at hand.
    pub judged_by: Option<String>,
    pub now: Timestamp,
    pub fail_on: Severity,
    /// The rows were told one by one as they came.
    pub streamed: bool,
}

/// What one server or file presents.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly every row is a server")]
pub enum Inspected {
    Server(Server),
    File(File),
}

#[derive(Clone, Debug)]
pub struct Server {
    /// A node's name, or the endpoint itself where it is nobody's.
    pub subject: String,
    pub endpoint: Endpoint,
    pub part: Part,
    /// The name that clients look for there: the host, or the kubeconfig's `tls-server-name`.
    pub asked: San,
    /// Fingerprints of the certificates seen there that lack that name.
    pub lacking: BTreeSet<String>,
    pub shown: Result<Presented, probe::Error>,
    /// `None` where there is no CA to judge by.
    pub verdict: Option<Verdict>,
}

/// The certificates of a file, leaf first.
#[derive(Clone, Debug)]
pub struct File {
    pub path: String,
    pub leaf: ServingCert,
    pub chain: Vec<ServingCert>,
    pub verdict: Option<Verdict>,
}

impl Inspected {
    pub fn subject(&self) -> &str {
        match self {
            Self::Server(server) => &server.subject,
            Self::File(file) => &file.path,
        }
    }

    /// The leaf and the rest of the chain, where anything was seen.
    pub fn certs(&self) -> Option<(&ServingCert, &[ServingCert])> {
        match self {
            Self::Server(server) => {
                server.shown.as_ref().ok().map(|shown| (&shown.leaf, shown.chain.as_slice()))
            }
            Self::File(file) => Some((&file.leaf, &file.chain)),
        }
    }

    pub fn server(&self) -> Option<&Server> {
        match self {
            Self::Server(server) => Some(server),
            Self::File(_) => None,
        }
    }

    pub fn verdict(&self) -> Option<&Verdict> {
        match self {
            Self::Server(server) => server.verdict.as_ref(),
            Self::File(file) => file.verdict.as_ref(),
        }
    }
}
