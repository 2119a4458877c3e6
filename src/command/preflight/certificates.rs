//! Certificates that lie on the nodes or in the kubeconfig, and keys of the CA where none belongs.

use std::{panic::resume_unwind, path::PathBuf, thread};

use super::Site;
use crate::{
    cert::Use,
    check,
    command::shared::survey::Surveyed,
    distro::{Paper, Role, authority_keys},
    node::{Answer, Ask, Target},
    outcome::Filed,
    report::{Code, Finding},
};

/// What is wrong with a node's files. A CA of which the node's own checks have told that it has expired is passed over.
pub(super) fn of_node(node: &Surveyed, told: &[Finding], site: &Site<'_>) -> Vec<Finding> {
    let is_told = |paper: &Paper| {
        let expired = |one: &&Finding| one.code == Code::CertExpired && one.subject == node.name;
        told.iter().filter(expired).any(|one| one.about.as_ref() == Some(&paper.cert.fingerprint))
    };
    let mut findings = vec![];
    for paper in &node.papers.certs {
        let place = paper.path.display().to_string();
        let judged = check::Filed {
            subject: &node.name,
            place: &place,
            cert: &paper.cert,
            of: paper.of,
            at: None,
            renew: None,
        };
        if paper.of != Use::Authority || !is_told(paper) {
            let term = judged.validity(site.now);
            let is_soon = |finding: &Finding| finding.code == Code::CertExpiring;
            findings.extend(term.filter(|term| !(is_soon(term) && paper.is_renewed_in_time(site.now))));
        }
        findings.extend(judged.form());
        // A worker of MicroK8s has a CA of its own, from before it joined.
        if node.control_plane.role() != Role::Worker {
            findings.extend(site.trust().and_then(|(context, trust)| judged.differs(context, trust)));
        }
    }
    findings
}

/// What lies on a node beside what its API server serves, each certificate once.
pub(super) fn filed(node: &Surveyed) -> Vec<Filed> {
    let mut filed: Vec<Filed> = vec![];
    for Paper { path, cert, .. } in &node.papers.certs {
        if filed.iter().all(|other| other.cert.fingerprint != cert.fingerprint) {
            filed.push(Filed { node: node.name.clone(), path: path.clone(), cert: cert.clone() });
        }
    }
    filed
}

/// Keys of the cluster's CA on machines that sign nothing: workers, and the machines of balancers.
pub(super) fn astray(nodes: &[Surveyed], site: &Site<'_>) -> Vec<Finding> {
    let Some((_, trust)) = site.trust() else { return vec![] };
    let workers = nodes.iter().filter(|node| node.control_plane.role() == Role::Worker);
    let on_workers =
        workers.flat_map(|node| node.papers.keys.iter().map(|key| (node.name.clone(), key.clone())));
    let on_balancers = thread::scope(|scope| {
        let balancers = site.inventory.balancers.iter();
        let looks: Vec<_> = balancers.map(|balancer| scope.spawn(|| keys(&balancer.target, site))).collect();
        looks
            .into_iter()
            .flat_map(|look| look.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect::<Vec<_>>()
    });
    let all = on_workers.chain(on_balancers);
    all.filter_map(|(machine, (path, public))| {
        check::astray(&machine, &path.display().to_string(), &public, trust)
    })
    .collect()
}

/// Keys that lie on a machine; none where nobody can look at it, which other checks tell.
fn keys(target: &Target, site: &Site<'_>) -> Vec<(String, (PathBuf, String))> {
    let paths = authority_keys();
    let asks: Vec<_> = paths.iter().cloned().map(Ask::PublicKeyOf).collect();
    let answers =
        site.world.reach.look_at(target).and_then(|machine| machine.look(&asks)).unwrap_or_default();
    let found = paths.into_iter().zip(answers).filter_map(|(path, answer)| match answer {
        Answer::KeyDigest(public) => Some((target.name.clone(), (path, public))),
        _ => None,
    });
    found.collect()
}
