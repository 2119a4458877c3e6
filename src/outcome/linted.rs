//! What was found in the files of load balancers.

use crate::report::{Finding, Severity};

/// What is wrong in the files of a load balancer.
#[derive(Debug)]
pub struct Linted {
    pub files: Vec<LintedFile>,
    pub findings: Vec<Finding>,
    pub fail_on: Severity,
}

/// A file that was read.
#[derive(Debug)]
pub struct LintedFile {
    pub name: String,
    /// What it configures; `None` where nobody can tell.
    pub kind: Option<&'static str>,
    /// The pools of API servers in it, which alone are judged.
    pub pools: Vec<String>,
}
