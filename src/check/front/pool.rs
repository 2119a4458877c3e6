//! What is wrong among the servers behind a balancer that passes TLS through.

use std::collections::BTreeSet;

use super::{Chain, Evidence, Met, Ready, Way, fault::remedy};
use crate::{
    check::{reach::add, some},
    report::{Code, Finding},
};

pub(super) fn findings(seen: &Evidence) -> Vec<Finding> {
    let unlike = if is_pinned(seen) { pinned(seen) } else { unseen(seen) };
    let found = [failing(seen), strays(seen), lacking(seen), unlisted(seen)].into_iter().flatten();
    found.chain(unready(seen)).chain(unlike).collect()
}

/// Nodes that do not answer at their own addresses.
pub(super) fn silent(seen: &Evidence) -> Vec<Finding> {
    let silent = seen.nodes.iter().filter_map(|node| Some((node, node.face.tls.as_ref().err()?)));
    let finding = |(node, error): (&super::Node, &crate::probe::Error)| {
        Finding::new(Code::BackendSilent, node.name.clone(), error.to_string()).remedy(format!(
            "if it should answer, look at its API server: `cpctl certs inspect {}`",
            node.face.at
        ))
    };
    silent.map(finding).collect()
}

/// What could not be told, and why.
pub(super) fn untold(seen: &Evidence, way: &Way) -> Vec<String> {
    let mut untold = vec![];
    if !way.is_through() {
        return untold;
    }
    if seen.shares_certificates() {
        untold.push(
            "which server answers a connection: nodes share a certificate, so it cannot be told whether the address is pinned to one of them"
                .to_owned(),
        );
    }
    if is_pinned(seen) {
        untold.push(
            "whether it chooses by the client's address: all connections came from one; what another machine meets tells"
                .to_owned(),
        );
    }
    let unsure = seen.nodes.iter().filter(|node| node.face.tls.is_ok() && node.face.ready == Ready::Untold);
    let unsure: Vec<&str> = unsure.map(|node| node.name.as_str()).collect();
    if !unsure.is_empty() {
        untold.push(format!("whether {} can serve: they tell nobody without a login", some(&unsure)));
    }
    if seen.shown().is_some_and(|shown| shown.chain == Chain::Unjudged) {
        untold.push("whether it is the right cluster: there is no CA to judge by".to_owned());
    }
    untold
}

fn answered(seen: &Evidence) -> impl Iterator<Item = &Met> {
    seen.samples.iter().flatten()
}

fn failing(seen: &Evidence) -> Option<Finding> {
    let reasons: BTreeSet<&str> =
        seen.samples.iter().filter_map(|one| one.as_ref().err()).map(String::as_str).collect();
    let failed = seen.samples.iter().filter(|one| one.is_err()).count();
    if failed == 0 {
        return None;
    }
    let reasons: Vec<&str> = reasons.into_iter().collect();
    let message =
        format!("{failed} of {} fresh connections fail: {}", seen.samples.len(), reasons.join("; "));
    Some(Finding::new(Code::BackendFailing, seen.endpoint.to_string(), message).remedy(
        "let the balancer ask every server for `GET /readyz` over TLS, so that it leaves out those that do not answer",
    ))
}

/// Servers behind it whose certificates are of no use to the cluster's clients, or are another cluster's.
fn strays(seen: &Evidence) -> Option<Finding> {
    let strays = answered(seen).filter_map(|met| match &met.chain {
        Chain::Strays(reason) => Some((reason.as_str(), met)),
        Chain::Leads | Chain::Unjudged => None,
    });
    let strays: Vec<_> = strays.collect();
    let (reason, _) = strays.first()?;
    let nodes: BTreeSet<&str> = strays.iter().filter_map(|(_, met)| seen.node_of(&met.fingerprint)).collect();
    let whose = match nodes.is_empty() {
        true => String::new(),
        false => format!(", such as that of {}", some(&nodes.into_iter().collect::<Vec<_>>())),
    };
    let message = format!(
        "{} of {} fresh connections met a certificate that does not lead to the cluster's CA ({reason}){whose}",
        strays.len(),
        seen.samples.len()
    );
    let remedy = remedy(&Way::AnotherCluster);
    Some(Finding::new(Code::WrongCluster, seen.endpoint.to_string(), message).remedy(remedy))
}

/// The nodes that lack the name, by what they present themselves; else how many connections met one. Another cluster's
/// certificate is no use with the name in it either.
fn lacking(seen: &Evidence) -> Option<Finding> {
    let nodes = seen.nodes_shown().filter(|(_, shown)| !shown.names_host && !shown.chain.strays());
    let nodes: Vec<&str> = nodes.map(|(name, _)| name).collect();
    let met = answered(seen).filter(|met| !met.names_host && !met.chain.strays()).count();
    if nodes.is_empty() && met == 0 {
        return None;
    }
    let whose = if nodes.is_empty() { "the certificates".to_owned() } else { some(&nodes) };
    let message = format!(
        "{} is not among the names of {whose} behind it: {met} of {} fresh connections met such a certificate",
        seen.asked,
        seen.samples.len()
    );
    let remedy = add(&[seen.asked.to_string()], &seen.endpoint, &seen.asked);
    Some(Finding::new(Code::SanMissing, seen.endpoint.to_string(), message).remedy(remedy))
}

/// Servers that no node is, where all nodes have shown what they present.
fn unlisted(seen: &Evidence) -> Option<Finding> {
    let known: BTreeSet<&str> = seen.nodes_shown().map(|(_, shown)| shown.fingerprint.as_str()).collect();
    let is_complete = !seen.nodes.is_empty() && seen.nodes.iter().all(|node| node.face.tls.is_ok());
    let met = answered(seen).filter(|met| !known.contains(met.fingerprint.as_str())).count();
    if met == 0 || !is_complete {
        return None;
    }
    let message = format!(
        "{met} of {} fresh connections met a certificate that none of {} presents",
        seen.samples.len(),
        some(&seen.nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>())
    );
    Some(Finding::new(Code::ServerUnlisted, seen.endpoint.to_string(), message).remedy(
        "name every API server with `--node` or in the inventory, or take it out of the balancer's pool",
    ))
}

/// Servers that say that they are not ready, and that clients are sent to all the same.
fn unready(seen: &Evidence) -> Vec<Finding> {
    let by_node = seen.nodes.iter().filter_map(|node| {
        let (Ready::No(why), Ok(shown)) = (&node.face.ready, &node.face.tls) else { return None };
        seen.node_of(&shown.fingerprint)?;
        let met = answered(seen).filter(|met| met.fingerprint == shown.fingerprint).count();
        (met > 0).then(|| finding(seen, &node.name, why, met))
    });
    let found: Vec<Finding> = by_node.collect();
    let met = answered(seen).filter(|met| met.status.is_some_and(|status| status >= 500)).count();
    match found.is_empty() && met > 0 {
        true => vec![finding(seen, "a server behind it", "/readyz answers an error", met)],
        false => found,
    }
}

fn finding(seen: &Evidence, who: &str, why: &str, met: usize) -> Finding {
    let message = format!(
        "{who} is not ready ({why}), and {met} of {} fresh connections are sent there",
        seen.samples.len()
    );
    Finding::new(Code::UnreadyInRotation, seen.endpoint.to_string(), message).remedy(
        "let the balancer ask for `GET /readyz`, not merely connect: a server that drains says so there first",
    )
}

/// The nodes that a balancer should send clients to and that can be told apart.
fn fit(seen: &Evidence) -> Vec<(&str, &str)> {
    let fit = seen.nodes.iter().filter_map(|node| {
        let shown = node.face.tls.as_ref().ok()?;
        let is_fit = !matches!(node.face.ready, Ready::No(_)) && seen.node_of(&shown.fingerprint).is_some();
        is_fit.then_some((node.name.as_str(), shown.fingerprint.as_str()))
    });
    fit.collect()
}

fn is_pinned(seen: &Evidence) -> bool {
    let enough = super::sample_size(seen.nodes.len());
    fit(seen).len() > 1 && answered(seen).count() >= enough && seen.met().len() == 1
}

fn pinned(seen: &Evidence) -> Option<Finding> {
    let met = seen.met();
    let fingerprint = met.keys().next()?;
    let fit = fit(seen);
    let others: Vec<&str> =
        fit.iter().filter(|(_, other)| other != fingerprint).map(|(name, _)| *name).collect();
    let message = format!(
        "all {} fresh connections reached {}, though {} {} too",
        answered(seen).count(),
        seen.node_of(fingerprint).unwrap_or("one server"),
        some(&others),
        answer(&others)
    );
    if let Some(node) = seen.holder() {
        let message = format!("{message}; {node} has the address itself, as its hardware address shows");
        return Some(Finding::new(Code::BalancerPinned, seen.endpoint.to_string(), message).remedy(
            "kube-vip and keepalived alone move an address and balance nothing: put a balancer behind it, such as HAProxy on the same machines with another port; or see what the balancer there makes of the others",
        ));
    }
    Some(Finding::new(Code::BalancerPinned, seen.endpoint.to_string(), message).remedy(
        "either the address sits on that node (kube-vip or keepalived alone move it, and balance nothing), or the balancer chooses by the client's address, or it counts the others as down: look at its `balance` line and its statistics",
    ))
}

/// Single nodes that no connection reached, where several were reached.
fn unseen(seen: &Evidence) -> Option<Finding> {
    let (met, enough) = (seen.met(), super::sample_size(seen.nodes.len()));
    let fit = fit(seen);
    let unseen: Vec<&str> =
        fit.iter().filter(|(_, fingerprint)| !met.contains_key(fingerprint)).map(|(name, _)| *name).collect();
    if unseen.is_empty() || answered(seen).count() < enough || fit.len() < 2 {
        return None;
    }
    let message = format!(
        "none of {} fresh connections reached {}, which {}",
        answered(seen).count(),
        some(&unseen),
        answer(&unseen)
    );
    Some(Finding::new(Code::BackendUnseen, seen.endpoint.to_string(), message).remedy(
        "look at the balancer's statistics: whether the node is in its pool, and why it marks it down",
    ))
}

/// What some nodes do.
pub(super) fn answer(nodes: &[&str]) -> &'static str {
    if nodes.len() == 1 { "answers at its own address" } else { "answer at their own addresses" }
}
