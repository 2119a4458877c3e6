//! Where the names of each node stand.

use jiff::Timestamp;

use crate::{
    cert::ServingCert,
    endpoint::Endpoint,
    probe::{self, Presented},
    report::{Finding, Severity},
    san::SanSet,
};

/// The nodes with an API server, and what differs on them.
#[derive(Debug)]
pub struct Drift {
    pub nodes: Vec<Standing>,
    pub findings: Vec<Finding>,
    pub now: Timestamp,
    pub fail_on: Severity,
}

/// One node: what is configured, what lies on its disk, what it serves.
#[derive(Debug)]
pub struct Standing {
    pub node: String,
    pub distribution: &'static str,
    pub endpoint: Endpoint,
    pub configured: SanSet,
    /// Names that come in by themselves.
    pub derived: SanSet,
    /// Names by which the cluster reaches its own API servers, beside those of every cluster.
    pub needed: SanSet,
    pub on_disk: Option<ServingCert>,
    /// Whether the certificate lies where no look reaches, and keeps every name that was ever in it.
    pub keeps_names: bool,
    pub served: Result<Presented, probe::Error>,
}

impl Standing {
    pub fn leaf(&self) -> Option<&ServingCert> {
        self.served.as_ref().ok().map(|presented| &presented.leaf)
    }
}
