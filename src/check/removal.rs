//! Which names cannot be taken out of certificates: those that the cluster needs, or gets by itself, or that clients use.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{
    report::{Code, Finding},
    san::{San, SanSet},
};

/// A node as far as its names go.
pub struct Named<'s> {
    pub node: &'s str,
    pub distribution: &'s str,
    /// What it is reached by.
    pub own: SanSet,
    pub served: &'s SanSet,
    /// Names that its distribution puts in by itself.
    pub derived: SanSet,
    /// Names that its distribution knows the cluster to use.
    pub needed: SanSet,
    /// Whether it is among those that are to be changed.
    pub is_changed: bool,
}

/// A host that clients are led to.
pub struct Led {
    pub host: San,
    /// By whom, as a sentence begins.
    pub who: String,
    /// What to do first.
    pub first: String,
}

/// What keeps the names of `gone` in the certificates; each name is told once.
pub fn removal(gone: &SanSet, nodes: &[Named<'_>], leads: &[Led]) -> Vec<Finding> {
    let told = |findings: &[(San, Finding)]| findings.iter().map(|(name, _)| name.clone()).collect();
    let needed = needed(gone, nodes);
    let rest = gone.missing_from(&told(&needed));
    let derived: Vec<_> = rest.iter().filter_map(|name| derived(name, nodes)).collect();
    let rest = rest.missing_from(&told(&derived));
    let mut used: Vec<(San, Finding)> = vec![];
    for (name, finding) in leads.iter().filter_map(|lead| used_by(lead, &rest, nodes)) {
        if used.iter().all(|(known, _)| *known != name) {
            used.push((name, finding));
        }
    }
    [needed, derived, used].into_iter().flatten().map(|(_, finding)| finding).collect()
}

fn needed(gone: &SanSet, nodes: &[Named<'_>]) -> Vec<(San, Finding)> {
    let needs: Vec<(&San, String)> =
        gone.iter().filter_map(|name| Some((name, need(name, nodes)?))).collect();
    let staying = needs.iter().map(|(name, _)| (*name).clone()).collect();
    let remedy = leave(&gone.missing_from(&staying));
    let finding = |name: &San, need| Finding::new(Code::NameNeeded, name.to_string(), need).remedy(&remedy);
    needs.into_iter().map(|(name, need)| (name.clone(), finding(name, need))).collect()
}

/// What the cluster needs a name for; `None` where it does not.
fn need(name: &San, nodes: &[Named<'_>]) -> Option<String> {
    let owner = nodes.iter().find(|node| node.own.contains(name));
    match owner {
        _ if is_local(name) => Some("what runs on a node reaches its API server by it".to_owned()),
        Some(owner) => Some(format!("it is the address of {}", owner.node)),
        None if is_inside(name) || nodes.iter().any(|node| node.needed.contains(name)) => {
            Some("the cluster itself reaches its API servers by it".to_owned())
        }
        None => None,
    }
}

fn leave(others: &SanSet) -> String {
    let others: Vec<_> = others.iter().map(ToString::to_string).collect();
    match others.is_empty() {
        true => "leave it in the certificate".to_owned(),
        false => format!("leave it in the certificate: `cpctl certs remove-san {}`", others.join(" ")),
    }
}

fn is_local(name: &San) -> bool {
    match name {
        San::Dns(name) => name.as_str() == "localhost",
        San::Ip(address) => [Ipv4Addr::LOCALHOST.into(), IpAddr::from(Ipv6Addr::LOCALHOST)].contains(address),
    }
}

/// The service `kubernetes`, with whatever domain the cluster has.
fn is_inside(name: &San) -> bool {
    let San::Dns(name) = name else { return false };
    name.as_str() == "kubernetes"
        || name.as_str() == "kubernetes.default"
        || name.as_str().starts_with("kubernetes.default.")
}

fn derived(name: &San, nodes: &[Named<'_>]) -> Option<(San, Finding)> {
    let by_itself = nodes.iter().filter(|node| node.is_changed && node.derived.contains(name));
    let nodes: Vec<_> = by_itself.map(|node| (node.node, node.distribution)).collect();
    let (_, distribution) = nodes.first()?;
    let names: Vec<_> = nodes.iter().map(|(node, _)| *node).collect();
    let message = format!(
        "{distribution} puts it into every certificate by itself on {}, whatever its configuration says",
        names.join(", ")
    );
    let finding = Finding::new(Code::NameDerived, name.to_string(), message).remedy(
        "an address comes in while it sits on the node: take it off first (`ip -brief address` shows it), or leave \
         the node out with `--limit`",
    );
    Some((name.clone(), finding))
}

/// Clients that would be refused, because nothing that stays answers for the host.
fn used_by(lead: &Led, gone: &SanSet, nodes: &[Named<'_>]) -> Option<(San, Finding)> {
    let is_cut_off = |node: &&Named<'_>| {
        node.is_changed
            && node.served.covers(&lead.host)
            && !node.served.missing_from(gone).covers(&lead.host)
    };
    nodes.iter().find(is_cut_off)?;
    let name = gone.iter().find(|name| name.matches(&lead.host))?;
    let all: Vec<_> = gone.iter().map(ToString::to_string).collect();
    let message = format!("{} leads clients to {}", lead.who, lead.host);
    let remedy = format!(
        "{}; where no client uses it: `cpctl certs remove-san {} --force`",
        lead.first,
        all.join(" ")
    );
    Some((name.clone(), Finding::new(Code::NameInUse, name.to_string(), message).remedy(remedy)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> SanSet {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    /// What is told of the names, on a node that serves them all and on another one that is not changed.
    fn told(gone: &[&str], leads: &[&str]) -> Vec<(&'static str, String)> {
        let served = set(&["*.example.com", "cp.example.com", "172.22.22.3", "172.22.22.11", "10.32.0.1"]);
        let node = |node, own: &str, is_changed| Named {
            node,
            distribution: "microk8s",
            own: set(&[own]),
            served: &served,
            derived: set(&[own, "172.17.0.1"]),
            needed: set(&["10.32.0.1"]),
            is_changed,
        };
        let nodes = [node("cp1", "172.22.22.11", true), node("cp2", "172.22.22.12", false)];
        let lead = |host: &&str| Led {
            host: host.parse().unwrap(),
            who: "the inventory".into(),
            first: "correct it first".into(),
        };
        let leads: Vec<_> = leads.iter().map(lead).collect();
        let found = removal(&set(gone), &nodes, &leads);
        found.into_iter().map(|finding| (finding.code.id(), finding.subject)).collect()
    }

    #[test]
    fn names_that_the_cluster_needs_stay() {
        for name in [
            "localhost",
            "127.0.0.1",
            "::1",
            "kubernetes",
            "kubernetes.default",
            "kubernetes.default.svc.cluster.local",
            "10.32.0.1",
            "172.22.22.11",
            "172.22.22.12",
        ] {
            assert_eq!(told(&[name], &[]), [("name-needed", name.to_owned())]);
        }
        for name in ["127.0.0.3", "172.22.22.3", "kubernetes.example.com", "*.example.com"] {
            assert_eq!(told(&[name], &[]), []);
        }
    }

    #[test]
    fn the_names_that_can_go_are_told_in_a_command() {
        let nodes = [];

        let found = removal(&set(&["localhost", "172.22.22.3", "127.0.0.1"]), &nodes, &[]);

        let remedies: Vec<_> = found.iter().filter_map(|finding| finding.remedy.as_deref()).collect();
        assert_eq!(remedies, ["leave it in the certificate: `cpctl certs remove-san 172.22.22.3`"; 2]);
    }

    #[test]
    fn a_name_that_comes_in_by_itself_stays() {
        assert_eq!(told(&["172.17.0.1"], &[]), [("name-derived", "172.17.0.1".to_owned())]);
    }

    #[test]
    fn a_name_that_clients_are_led_to_stays_unless_another_one_answers_for_it() {
        let in_use = |name: &str| [("name-in-use", name.to_owned())];

        assert_eq!(told(&["172.22.22.3"], &["172.22.22.3", "172.22.22.3"]), in_use("172.22.22.3"));
        assert_eq!(told(&["*.example.com"], &["api.example.com"]), in_use("*.example.com"));
        assert_eq!(told(&["cp.example.com"], &["cp.example.com"]), [], "the wildcard answers");
        assert_eq!(told(&["172.22.22.3"], &["never.example"]), []);
        assert_eq!(told(&["never.example"], &["never.example"]), [], "nobody serves it anyway");
    }
}
