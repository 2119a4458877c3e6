//! What the checks have looked at and found so far.

use std::collections::BTreeSet;

use super::Site;
use crate::{
    check::Resolved,
    endpoint::Vip,
    inventory::Inventory,
    outcome::{Filed, Standing},
    report::{Code, Finding, Looked},
};

/// What was looked at, and what was found.
#[derive(Default)]
pub(super) struct Seen {
    pub looked: Vec<Looked>,
    pub findings: Vec<Finding>,
    pub nodes: Vec<Standing>,
    pub filed: Vec<Filed>,
    /// What the nodes' own configurations give to services and to pods.
    pub ranges: Vec<(&'static str, Vip)>,
    /// Where the name of the address leads from each node.
    pub resolved: Vec<(String, Resolved)>,
    /// Machines without an API server.
    pub workers: BTreeSet<String>,
}

impl Seen {
    /// The inventory without the machines that were seen to be workers.
    pub fn servers(&self, site: &Site<'_>) -> Inventory {
        let mut inventory = site.inventory.clone();
        inventory.nodes.retain(|node| !self.workers.contains(&node.name));
        inventory
    }

    /// Adds what another look has found, without that of which the subject was told already, be it in other words.
    pub fn add(&mut self, findings: Vec<Finding>) {
        let is_told = |one: &Finding| self.findings.iter().any(|told| what(told) == what(one));
        let news: Vec<_> = findings.into_iter().filter(|one| !is_told(one)).collect();
        self.findings.extend(news);
    }
}

/// What a finding says of what, in whatever words.
fn what(finding: &Finding) -> (Code, &str, Option<&str>) {
    (finding.code, &finding.subject, finding.about.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_looks_what_is_one_thing_is_told_once_and_what_is_two_is_told_twice() {
        let mut seen = Seen::default();
        let found = |code, message: &str| Finding::new(code, "cp1", message);
        let ca = found(Code::CertExpired, "its CA has expired on 2026-01-01T00:00:00Z").about("print1");
        let again = found(Code::CertExpired, "ca.crt has expired").about("print1");
        let leaf = found(Code::CertExpired, "ca.crt has expired").about("print2");
        let silent = found(Code::EndpointUnreachable, "nobody answers");

        seen.add(vec![ca.clone(), silent.clone()]);
        seen.add(vec![again, leaf.clone(), found(Code::EndpointUnreachable, "connection refused")]);

        assert_eq!(seen.findings, [ca, silent, leaf]);
    }
}
