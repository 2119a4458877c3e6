//! Fresh handshakes with one address as a client makes them, and who its API says we are.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::cluster::Cluster;
use crate::{
    api::{Api, VerifyAs},
    check::{self, Part},
    endpoint::Endpoint,
    error::Error,
    outcome::Server,
    probe::{self, Presented, Verdict},
    report::{Finding, Severity},
    world::World,
};

/// What is proved: the name that it is shown by, where it is, and what it is to the cluster.
pub type Address = (String, Endpoint, Part);

/// How many of several handshakes a client accepts, each on a connection of its own; shows one that was not, if any.
pub fn shake_hands(
    connections: u32,
    (subject, endpoint, part): Address,
    cluster: &Cluster,
    world: &World,
) -> Result<(u32, Server), Error> {
    let (trust, asked) = (cluster.trust()?, cluster.asks_for(&endpoint));
    let (mut accepted, mut kept, mut lacking) = (0, None, BTreeSet::new());
    for _ in 0..connections {
        let shown = world.wire.presented(&endpoint);
        let verdict = shown.as_ref().ok().map(|shown| trust.judge(shown, &asked, (world.now)()));
        let is_accepted = verdict.as_ref().is_some_and(|verdict| is_accepted(verdict, part));
        accepted += u32::from(is_accepted);
        lacking.extend(fingerprint_without(&shown, verdict.as_ref()));
        // Another try would only cost the same time again.
        let is_silent = matches!(shown, Err(probe::Error::Timeout { .. }));
        if kept.is_none() || !is_accepted {
            kept = Some((shown, verdict));
        }
        if is_silent {
            break;
        }
    }
    let (shown, verdict) = kept.expect("at least one connection was tried");
    Ok((accepted, Server { subject, endpoint, part, asked, lacking, shown, verdict }))
}

/// The certificate's fingerprint, where it lacks the name.
fn fingerprint_without(shown: &Result<Presented, probe::Error>, verdict: Option<&Verdict>) -> Option<String> {
    let shown = shown.as_ref().ok().filter(|_| verdict.is_some_and(|verdict| !verdict.names_host))?;
    Some(shown.leaf.fingerprint.clone())
}

/// A node may be reached at an address that is none of its names: clients go through the endpoint.
fn is_accepted(verdict: &Verdict, part: Part) -> bool {
    match part {
        Part::Node => Verdict { names_host: true, ..verdict.clone() }.is_accepted(),
        Part::Shared | Part::Terminated => verdict.is_accepted(),
    }
}

/// The API's version and who it says we are.
pub fn ask(
    server: &Server,
    cluster: &Cluster,
    world: &World,
    findings: &mut Vec<Finding>,
) -> (Option<String>, Option<String>) {
    let name = if server.part == Part::Node { VerifyAs::Kubernetes } else { VerifyAs::Host };
    let answers = Api::new(&world.wire, &cluster.access, Some(&server.endpoint), name)
        .and_then(|api| api.readyz().and_then(|()| Ok((api.version()?, api.whoami()?))));
    match answers {
        Ok((version, user)) => (Some(version), Some(user)),
        Err(error) => {
            findings.push(check::api(&server.subject, &error));
            (None, None)
        }
    }
}

/// Why a client does not take what this server presents; what nobody answers and what nobody can judge is told elsewhere.
pub fn unaccepted(server: &Server, now: Timestamp) -> Option<Finding> {
    let (shown, verdict) = (server.shown.as_ref().ok()?, server.verdict.as_ref()?);
    let words = probe::refusal(shown, verdict, &server.asked, now)?;
    Some(check::refused(&server.subject, &server.endpoint, &server.asked, verdict, words))
}

/// Whether a fault of the same subject is among the findings already, seen more closely.
pub fn is_told(told: &[Finding], finding: &Finding) -> bool {
    let is_same = |other: &&Finding| other.subject == finding.subject;
    finding.code.severity() == Severity::Fail
        && told.iter().filter(is_same).any(|other| other.code.severity() == Severity::Fail)
}
