//! What is wrong with the API servers at their own addresses, and what differs between them.

use std::collections::BTreeMap;

use super::{Chain, Evidence, Node, Ready, Shown, User};
use crate::{
    check::{silent_node, some, unnamed},
    report::{Code, Finding},
};

/// What the versions of all servers are told about.
const ALL: &str = "cluster";

/// Findings on each node, and on all together; `usual` says what a node of its distribution answers to a check of a
/// balancer's that logs in as nobody, where that is known.
pub fn servers(seen: &Evidence, usual: impl Fn(&str) -> Option<&'static [u16]>) -> Vec<Finding> {
    let each = seen.nodes.iter().flat_map(|node| match &node.face.tls {
        Err(error) => vec![silent_node(&node.name, &node.face.at, error)],
        Ok(shown) => {
            let lacking = (!shown.names_host).then(|| unnamed(&node.name, &node.face.at, &seen.asked));
            let single = [lacking, unready(node), stranger(node, shown)];
            let odd = usual(&node.name).and_then(|usual| odd(node, shown, usual));
            single.into_iter().flatten().chain(odd).collect()
        }
    });
    each.chain(skew(seen)).collect()
}

fn unready(node: &Node) -> Option<Finding> {
    let Ready::No(why) = &node.face.ready else { return None };
    let message = format!("{} is not ready: {why}", node.face.at);
    Some(
        Finding::new(Code::ApiNotReady, &node.name, message)
            .remedy("look at the API server's log on the node"),
    )
}

/// A server of the cluster that does not know us.
fn stranger(node: &Node, shown: &Shown) -> Option<Finding> {
    let User::Refused(status) = node.face.user else { return None };
    if shown.chain != Chain::Leads {
        return None;
    }
    let message = format!("{} answers {status} to the kubeconfig's credentials", node.face.at);
    Some(
        Finding::new(Code::ApiRefused, &node.name, message)
            .remedy("check them: `kubectl auth whoami` with the same kubeconfig and context"),
    )
}

/// A server that answers a check otherwise than those of its distribution do; one that is not ready answers no check.
fn odd(node: &Node, shown: &Shown, usual: &[u16]) -> Option<Finding> {
    let status = shown.said.as_ref()?.status;
    if usual.contains(&status) || status >= 500 {
        return None;
    }
    let answer = if status == 200 { "allowed" } else { "refused" };
    let usual: Vec<_> = usual.iter().map(ToString::to_string).collect();
    let message = format!(
        "without a login `/readyz` answers {status}, where its distribution answers {}: a balancer's check that \
         expects that takes the server for dead",
        usual.join(" or ")
    );
    Some(
        Finding::new(Code::AnonymousAnswer, &node.name, message)
            .remedy(format!("have the check expect it: `cpctl lb render haproxy --anonymous {answer}`")),
    )
}

/// Servers of several minor versions: an upgrade is on its way, or was left in the middle.
fn skew(seen: &Evidence) -> Option<Finding> {
    let mut minors: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for node in &seen.nodes {
        if let Some(minor) = node.face.version.as_deref().and_then(minor) {
            minors.entry(minor).or_default().push(&node.name);
        }
    }
    if minors.len() < 2 {
        return None;
    }
    let told: Vec<_> = minors.iter().map(|(minor, nodes)| format!("{minor} on {}", some(nodes))).collect();
    let message = format!("the API servers run several versions: {}", told.join(", "));
    Some(
        Finding::new(Code::VersionSkew, ALL, message)
            .remedy("finish the upgrade first; `cpctl verify` shows the version of each"),
    )
}

/// `v1.34` of `v1.34.4+k3s1`.
fn minor(version: &str) -> Option<&str> {
    let (at, _) = version.match_indices('.').nth(1)?;
    version.get(..at)
}
