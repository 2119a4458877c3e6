//! What is wrong with the certificates of a cluster, as seen on the wire: each check once, for every verb.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::{
    cert::Use,
    endpoint::Endpoint,
    probe::{self, Presented, Verdict},
    report::{Code, Finding},
    san::{San, SanSet},
};

mod address;
mod clocks;
mod drift;
mod filed;
pub mod front;
mod reach;
mod removal;
mod rollout;
#[cfg(test)]
mod tests;

pub use address::{Resolved, inside, lasting, records, split};
pub use clocks::clocks;
pub use drift::{Standing, drift, strays, unshared};
pub use filed::{Filed, astray};
use reach::{add, stated};
pub use reach::{api, belongs, refused, silent_endpoint, silent_node, unnamed, unreached};
pub use removal::{Led, Named, removal};
pub use rollout::rollout;

/// A certificate is renewed within this time, or clients will be refused.
const EXPIRING: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An endpoint and what it showed.
pub struct Seen<'s> {
    /// The node's name, or the endpoint itself where it is nobody's.
    pub subject: &'s str,
    pub endpoint: &'s Endpoint,
    pub shown: Result<(&'s Presented, Option<&'s Verdict>), &'s probe::Error>,
    pub part: Part,
    /// The name that clients look for there: the host, or the kubeconfig's `tls-server-name`.
    pub asked: &'s San,
    /// Nodes that were met behind a shared address and that lack the name.
    pub behind: Vec<&'s str>,
}

/// What an endpoint is to the cluster.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Part {
    /// A node's own address: a client that goes there reads the name of the node.
    Node,
    /// The address that clients share, in front of the nodes.
    Shared,
    /// A shared address where the load balancer ends TLS itself, as `probe::is_terminated` tells.
    Terminated,
}

/// Findings over all endpoints; `require` are names that each of them must serve.
pub fn certificates(seen: &[Seen<'_>], require: &SanSet, now: Timestamp) -> Vec<Finding> {
    let mut findings: Vec<_> = seen.iter().flat_map(|one| endpoint(one, require, now)).collect();
    findings.extend(differing(seen, require));
    findings
}

fn endpoint(seen: &Seen<'_>, require: &SanSet, now: Timestamp) -> Vec<Finding> {
    let (presented, verdict) = match &seen.shown {
        Ok(shown) => *shown,
        Err(error) => return vec![unreachable(seen.subject, seen.endpoint, error)],
    };
    let untrusted = verdict.and_then(|verdict| verdict.chain.as_deref());
    if seen.part == Part::Terminated {
        return vec![terminated(seen, presented, untrusted)];
    }
    let untrusted = untrusted.map(|reason| {
        let message =
            format!("{}: its certificate does not lead to the cluster's CA: {reason}", seen.endpoint);
        Finding::new(Code::CertUntrusted, seen.subject, message).remedy(
            "check that it belongs to this cluster: `cpctl certs inspect` shows the issuer of each endpoint",
        )
    });
    let missing = missing(seen, presented, verdict, require);
    let place = format!("the certificate at {}", seen.endpoint);
    let filed = Filed {
        subject: seen.subject,
        place: &place,
        cert: &presented.leaf,
        of: Use::Server,
        at: None,
        renew: Some("`cpctl certs renew`"),
    };
    [untrusted, missing, filed.validity(now), filed.useless()]
        .into_iter()
        .flatten()
        .chain(filed.form())
        .collect()
}

/// An address that nobody answers at, or where somebody speaks something else.
pub fn unreachable(subject: &str, endpoint: &Endpoint, error: &probe::Error) -> Finding {
    let finding = |code| Finding::new(code, subject, error.to_string());
    match error {
        probe::Error::NotTls { .. } => finding(Code::EndpointNotTls)
            .remedy("check the port, and that a load balancer passes TCP through as it is"),
        probe::Error::Resolve { .. } => finding(Code::EndpointUnreachable)
            .remedy(format!("check the name: `getent hosts {}`", endpoint.host)),
        _ => finding(Code::EndpointUnreachable).remedy(format!(
            "check that something listens there: `nc -vz {} {}`",
            endpoint.host, endpoint.port
        )),
    }
}

fn terminated(seen: &Seen<'_>, presented: &Presented, untrusted: Option<&str>) -> Finding {
    let sign = match untrusted {
        Some(reason) => format!(
            "its certificate comes from {}, not from the CA of the nodes behind it ({reason})",
            presented.leaf.issuer
        ),
        None => "it asks for no client certificate, as the nodes behind it do".to_owned(),
    };
    let message = format!("{} ends TLS itself: {sign}", seen.endpoint);
    Finding::new(Code::TlsTerminated, seen.subject, message).remedy(
        "pass TCP through instead (HAProxy: `mode tcp`, no `ssl` on the `bind` line); no name in a certificate helps",
    )
}

/// Names that a client asks for and that are not there: those required, and for a shared address its own host.
fn missing(
    seen: &Seen<'_>,
    presented: &Presented,
    verdict: Option<&Verdict>,
    require: &SanSet,
) -> Option<Finding> {
    let mut missing: SanSet = require.iter().filter(|san| !presented.leaf.covers(san)).cloned().collect();
    if seen.part == Part::Shared && verdict.is_some_and(|verdict| !verdict.names_host) {
        missing.insert(seen.asked.clone());
    }
    if missing.is_empty() {
        return None;
    }
    let names: Vec<_> = missing.iter().map(ToString::to_string).collect();
    let be = if names.len() == 1 { "is" } else { "are" };
    let message = format!(
        "{missing} {be} not among the names of {}{}{}",
        whose(seen),
        stated(seen.endpoint, seen.asked).unwrap_or_default(),
        served(seen, presented, &missing)
    );
    Some(Finding::new(Code::SanMissing, seen.subject, message).remedy(add(&names, seen.endpoint, seen.asked)))
}

/// The nodes that were met, or the certificate where no node is known to have shown it.
fn whose(seen: &Seen<'_>) -> String {
    if seen.behind.is_empty() {
        return format!("the certificate at {}", seen.endpoint);
    }
    format!("{} behind {}", some(&seen.behind), seen.endpoint)
}

/// The names that are there instead; those of several nodes are not one list.
fn served(seen: &Seen<'_>, presented: &Presented, missing: &SanSet) -> String {
    if seen.behind.len() > 1 { String::new() } else { alike(&presented.leaf.sans, missing) }
}

/// The names of the kinds that are missing, as Go's clients tell them: a missing address is not told all DNS names.
fn alike(served: &SanSet, missing: &SanSet) -> String {
    let is_address = |san: &San| matches!(san, San::Ip(_));
    let is_alike = |san: &&San| missing.iter().any(|missing| is_address(missing) == is_address(san));
    let names: Vec<_> = served.iter().filter(is_alike).map(ToString::to_string).collect();
    if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) }
}

/// Names that some nodes serve and others do not; a node's own addresses are no difference, and what is required has been
/// told of each node.
fn differing(seen: &[Seen<'_>], require: &SanSet) -> Option<Finding> {
    let (nodes, others): (Vec<_>, Vec<_>) = seen.iter().partition(|one| one.part == Part::Node);
    let shown = nodes.iter().filter_map(|one| Some((one.subject, one.shown.as_ref().ok()?.0)));
    let shown: Vec<_> = shown.collect();
    let hosts = |seen: &[&Seen<'_>]| seen.iter().map(|one| one.endpoint.host.clone()).collect::<SanSet>();
    // A kubeconfig may lead to one of the nodes: its address is no less the node's own.
    let shared = hosts(&others).missing_from(&hosts(&nodes));
    // A thousand nodes carry mostly the same few names, so each name is looked for once.
    let mut carriers = BTreeMap::<_, usize>::new();
    for san in shown.iter().flat_map(|(_, presented)| presented.leaf.sans.iter()) {
        *carriers.entry(san).or_default() += 1;
    }
    let mut without = BTreeMap::new();
    for (san, count) in carriers {
        // A name that a single node serves is its own, such as its address, unless clients share it.
        if count == shown.len() || (count == 1 && !shared.contains(san)) || require.contains(san) {
            continue;
        }
        let lacking = shown.iter().filter(|(_, presented)| !presented.leaf.covers(san));
        let lacking: Vec<_> = lacking.map(|(subject, _)| *subject).collect();
        if !lacking.is_empty() {
            without.insert(san, lacking);
        }
    }
    if without.is_empty() {
        return None;
    }
    let told: Vec<_> = without.iter().map(|(san, nodes)| format!("{san} (not on {})", some(nodes))).collect();
    let names: Vec<_> = without.keys().map(ToString::to_string).collect();
    let message = format!("they do not all serve the same names: {}", told.join(", "));
    Some(
        Finding::new(Code::SansDiffer, "nodes", message)
            .remedy(format!("`cpctl certs add-san {}`", names.join(" "))),
    )
}

/// The first few of many, and how many more there are.
fn some(subjects: &[&str]) -> String {
    const SHOWN: usize = 8;
    match subjects.split_at_checked(SHOWN) {
        Some((first, rest)) if !rest.is_empty() => format!("{} and {} more", first.join(", "), rest.len()),
        _ => subjects.join(", "),
    }
}
