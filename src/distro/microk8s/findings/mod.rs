//! What stands in the way of a change on a MicroK8s node, each with the next thing to do.

use jiff::Timestamp;

use super::{facts::Facts, template::Template};
use crate::{
    cert::ServingCert,
    distro::{Role, Want, serving},
    report::{Code, Finding},
};

mod machine;
mod signing;
mod wanted;

/// Everything that does not depend on the names that are wanted.
pub(super) fn of_node(facts: &Facts, now: Timestamp) -> Vec<Finding> {
    if facts.role() == Role::Worker {
        return vec![worker(facts)];
    }
    let mut findings = machine::findings(facts, now);
    findings.extend(signing::findings(facts, now));
    match Template::read(facts) {
        Err(unreadable) => findings.push(unreadable),
        Ok(template) => findings.extend(signing::without_mark(facts, &template)),
    }
    findings
}

/// What depends on the names that are wanted and on the certificate that is served.
pub(super) fn of_names(facts: &Facts, want: &Want, leaf: &ServingCert, now: Timestamp) -> Vec<Finding> {
    let mut findings = wanted::findings(facts, want);
    let other_authority = signing::other_authority(facts, leaf);
    if other_authority.is_none() {
        findings.extend(signing::served_elsewhere(facts, leaf));
    }
    findings.extend(other_authority);
    let renewed = facts.authority.as_ref().filter(|_| *want == Want::Renew);
    findings.extend(renewed.and_then(|ca| serving::outlived(&facts.node, leaf, ca)));
    findings.extend(serving::not_yet_valid(&facts.node, leaf, now));
    findings
}

/// What the wanted names alone run into.
pub(super) fn of_wanted(facts: &Facts, want: &Want) -> Vec<Finding> {
    if facts.role() == Role::Worker { vec![] } else { wanted::findings(facts, want) }
}

pub(super) fn worker(facts: &Facts) -> Finding {
    finding(
        facts,
        Code::NodeIsWorker,
        "it is a worker: it runs no API server and has no certificate of one",
        "leave it out of the inventory or of `--node`; its kubelet reaches the API servers through a proxy on \
         127.0.0.1 and needs no new name; `cpctl endpoint move` leads it elsewhere",
    )
}

fn finding(facts: &Facts, code: Code, message: impl Into<String>, remedy: impl Into<String>) -> Finding {
    Finding::new(code, &facts.node, message).remedy(remedy)
}
