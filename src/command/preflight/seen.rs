//! What the checks have looked at and found so far.

use std::collections::BTreeSet;

use jiff::Timestamp;

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

/// What may be so of one subject several times over, each time of another certificate, name or place.
const SEVERAL: &[Code] = &[
    Code::CertExpired,
    Code::CertExpiring,
    Code::SanUseless,
    Code::KeyMismatch,
    Code::ConfigurationManaged,
    Code::ConfigurationUnreadable,
    Code::SigningConfiguration,
    Code::ReferenceElsewhere,
    Code::ReferenceUneditable,
];

impl Seen {
    /// The inventory without the machines that were seen to be workers.
    pub fn servers(&self, site: &Site<'_>) -> Inventory {
        let mut inventory = site.inventory.clone();
        inventory.nodes.retain(|node| !self.workers.contains(&node.name));
        inventory
    }

    /// Adds what another look has found, without that of which the subject was told already, be it in other words.
    pub fn add(&mut self, findings: Vec<Finding>) {
        let is_one = |told: &Finding, one: &Finding| !SEVERAL.contains(&one.code) || is_same(told, one);
        let is_told = |one: &Finding| {
            let mut alike = self.findings.iter();
            alike.any(|told| (told.code, &told.subject) == (one.code, &one.subject) && is_one(told, one))
        };
        let news: Vec<_> = findings.into_iter().filter(|one| !is_told(one)).collect();
        self.findings.extend(news);
    }
}

/// Whether two looks tell of one thing: of two certificates the dates tell them apart, of anything else the words.
fn is_same(told: &Finding, one: &Finding) -> bool {
    let date = |finding: &Finding| finding.message.split(' ').find_map(|word| word.parse::<Timestamp>().ok());
    match (date(told), date(one)) {
        (Some(told), Some(one)) => told == one,
        _ => told.message == one.message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_looks_what_is_one_thing_is_told_once_and_what_is_two_is_told_twice() {
        let mut seen = Seen::default();
        let found = |code, message: &str| Finding::new(code, "cp1", message);
        let ca = found(Code::CertExpired, "its CA has expired on 2026-01-01T00:00:00Z");
        let again = found(Code::CertExpired, "ca.crt has expired on 2026-01-01T00:00:00Z");
        let leaf = found(Code::CertExpired, "its certificate has expired on 2026-02-01T00:00:00Z");
        let silent = found(Code::EndpointUnreachable, "nobody answers");

        seen.add(vec![ca.clone(), silent.clone()]);
        seen.add(vec![again, leaf.clone(), found(Code::EndpointUnreachable, "connection refused")]);

        assert_eq!(seen.findings, [ca, silent, leaf]);
    }
}
