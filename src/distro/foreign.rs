//! Distributions that are known by their traces, so that a refusal can name them.

use super::Trace;
use crate::node::{Answer, Ask, UnitSeen};

/// A distribution that cpctl does not change.
pub(super) struct Foreign {
    pub name: &'static str,
    /// Paths of which one is there wherever it is installed.
    files: &'static [&'static str],
    /// Units of which one runs wherever it runs.
    units: &'static [&'static str],
}

pub(super) static FOREIGN: &[Foreign] = &[Foreign {
    name: "RKE2",
    files: &["/var/lib/rancher/rke2", "/etc/rancher/rke2"],
    units: &["rke2-server", "rke2-agent"],
}];

/// Whether a unit is one that runs a distribution, and with it an API server of its own.
pub(super) fn is_foreign(unit: &str) -> bool {
    unit == "kubelet" || FOREIGN.iter().any(|foreign| foreign.units.contains(&unit))
}

impl Foreign {
    pub fn asks(&self) -> Vec<Ask> {
        let files = self.files.iter().map(|path| Ask::Exists(path.into()));
        files.chain(self.units.iter().map(|unit| Ask::Unit((*unit).to_owned()))).collect()
    }

    pub fn detect(&self, answers: &[Answer]) -> Trace {
        let (files, units) = answers.split_at(self.files.len().min(answers.len()));
        let is_installed = files.iter().any(Answer::is_present);
        let is_running = units.iter().any(|unit| matches!(unit, Answer::Unit(UnitSeen::Active { .. })));
        match (is_installed, is_running) {
            (true, true) => Trace::Running,
            (true, false) => Trace::Installed,
            (false, _) => Trace::None,
        }
    }
}
