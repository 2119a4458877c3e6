//! Whether a control plane may be moved, check by check.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{Paper, Standing};
use crate::{
    cert::ServingCert,
    endpoint::Endpoint,
    report::{Accepted, Checked, Finding, Severity},
};

/// What all checks came to.
#[derive(Debug)]
pub struct Preflight {
    /// The address that clients are to use.
    pub to: Option<Endpoint>,
    pub rows: Vec<Checked>,
    /// Where the names of each API server stand.
    pub nodes: Vec<Standing>,
    /// Certificates that lie on the nodes beside those that their API servers serve.
    pub filed: Vec<Filed>,
    pub now: Timestamp,
    /// How bad a finding must be for exit code 1; `None` where none is bad enough.
    pub fail_on: Option<Severity>,
    pub papers: Vec<Paper<Shape>>,
}

/// A certificate in a file of a node.
#[derive(Debug)]
pub struct Filed {
    pub node: String,
    pub path: PathBuf,
    pub cert: ServingCert,
}

/// How it is shown, on standard output or in a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shape {
    Text,
    Json,
    Junit,
    Sarif,
    /// Annotations of GitHub's workflows.
    Github,
    Tap,
    /// Metrics, for a file that node_exporter collects.
    Prometheus,
    Html,
}

impl Preflight {
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.rows.iter().flat_map(Checked::findings)
    }

    /// Those that somebody agreed to, which do not count.
    pub fn accepted(&self) -> impl Iterator<Item = &Accepted> {
        self.rows.iter().flat_map(|row| &row.accepted)
    }

    /// The worst of all findings.
    pub fn worst(&self) -> Option<Severity> {
        self.findings().map(|finding| finding.code.severity()).max()
    }

    pub fn is_failed(&self) -> bool {
        self.worst().is_some_and(|worst| self.counts(worst))
    }

    /// Whether findings that are so bad make the whole fail.
    pub fn counts(&self, severity: Severity) -> bool {
        self.fail_on.is_some_and(|bar| severity >= bar)
    }
}
