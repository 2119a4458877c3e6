//! Whether a control plane may be moved, check by check.

use jiff::Timestamp;

use super::Standing;
use crate::{
    endpoint::Endpoint,
    report::{Checked, Finding, Severity},
};

/// What all checks came to.
#[derive(Debug)]
pub struct Preflight {
    /// The address that clients are to use.
    pub to: Option<Endpoint>,
    pub rows: Vec<Checked>,
    /// Where the names of each API server stand.
    pub nodes: Vec<Standing>,
    pub now: Timestamp,
    /// How bad a finding must be for exit code 1; `None` where none is bad enough.
    pub fail_on: Option<Severity>,
}

impl Preflight {
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.rows.iter().flat_map(Checked::findings)
    }

    /// The worst of all findings.
    pub fn worst(&self) -> Option<Severity> {
        self.findings().map(|finding| finding.code.severity()).max()
    }

    pub(super) fn is_failed(&self) -> bool {
        self.fail_on.is_some_and(|bar| self.worst().is_some_and(|worst| worst >= bar))
    }
}
