//! `cpctl certs drift`.

use jiff::Timestamp;

use super::shared::{
    cluster::Cluster,
    machines,
    survey::{self, Heard, Limit, Surveyed},
};
use crate::{
    check::{self, Part},
    cli::{self, Common},
    distro::Role,
    error::Error,
    outcome::{Drift, Outcome, Standing},
    report::Finding,
    san::{San, SanSet},
    world::World,
};

pub fn run(args: &cli::Drift, common: &Common, world: &World) -> Result<Outcome, Error> {
    let cluster = Cluster::if_any(common)?;
    let inventory = machines::inventory(common, cluster.as_ref(), world)?;
    let (nodes, findings) = survey::at(&inventory.nodes, &Limit::default(), world)?;
    let now = (world.now)();
    let (nodes, drift) = judge(nodes, SanSet::none(), now);
    let findings = findings.into_iter().chain(drift).collect();
    Ok(Outcome::Drift(Drift { nodes, findings, now, fail_on: args.fail_on.severity() }))
}

/// Where the names of each API server stand, and what is wrong with that or lacking of what is required.
pub fn judge(nodes: Vec<Surveyed>, require: &SanSet, now: Timestamp) -> (Vec<Standing>, Vec<Finding>) {
    let mut findings: Vec<Finding> = nodes.iter().flat_map(joining).collect();
    // A worker runs no API server, and its port leads to those of others.
    let servers = nodes.into_iter().filter(|node| node.control_plane.role() != Role::Worker);
    let nodes: Vec<Standing> = servers.map(standing).collect();
    findings.extend(nodes.iter().flat_map(|standing| differing(standing, &nodes)));
    findings.extend(strays(&nodes));
    let seen: Vec<_> = nodes.iter().map(seen).collect();
    findings.extend(check::certificates(&seen, require, now));
    (nodes, findings)
}

fn standing(node: Surveyed) -> Standing {
    let plane = &node.control_plane;
    Standing {
        distribution: plane.distribution(),
        configured: plane.configured(),
        derived: plane.derived(),
        needed: plane.needed(),
        on_disk: plane.on_disk().cloned(),
        keeps_names: plane.keeps_names(),
        node: node.name,
        endpoint: node.endpoint,
        served: node.presented,
    }
}

/// What the port at which servers and agents join lacks of that which the API server has.
fn joining(node: &Surveyed) -> Option<Finding> {
    let Heard { endpoint, presented } = node.supervisor.as_ref()?;
    let shared = match presented {
        Ok(presented) => &presented.leaf.sans,
        Err(error) => return Some(check::unreachable(&node.name, endpoint, error)),
    };
    let served = &node.presented.as_ref().ok()?.leaf.sans;
    let names = node.control_plane.configured().shared_with(served).missing_from(shared);
    check::unshared(&node.name, endpoint, &names)
}

/// What differs between the places of one node, and where its servers share a certificate, between them.
fn differing(standing: &Standing, all: &[Standing]) -> Vec<Finding> {
    let Some(served) = standing.leaf() else { return vec![] };
    let shares = |other: &&Standing| {
        other.node != standing.node && other.keeps_names && other.distribution == standing.distribution
    };
    let asked_by_others =
        all.iter().filter(shares).flat_map(|other| other.configured.iter().cloned()).collect();
    check::drift(&check::Standing {
        node: &standing.node,
        endpoint: &standing.endpoint,
        configured: &standing.configured,
        derived: &standing.derived,
        on_disk: standing.on_disk.as_ref(),
        served,
        asked_by_others: &asked_by_others,
        keeps_names: standing.keeps_names,
    })
}

/// Names that servers with one certificate serve, though nothing that is known of any of them brings them in.
fn strays(nodes: &[Standing]) -> Option<Finding> {
    let keeping: Vec<&Standing> = nodes.iter().filter(|standing| standing.keeps_names).collect();
    let known: SanSet = keeping.iter().flat_map(|standing| own(standing)).collect();
    let served = keeping.iter().filter_map(|standing| standing.leaf()).flat_map(|leaf| leaf.sans.iter());
    let strays: SanSet = served.filter(|name| !known.covers(name)).cloned().collect();
    let subjects: Vec<_> = keeping.iter().map(|standing| standing.node.as_str()).collect();
    (!strays.is_empty()).then(|| check::strays(&subjects.join(", "), &strays))
}

/// What a server asks for, what it is called, and what every one is called.
fn own(standing: &Standing) -> Vec<San> {
    const EVERYONES: [&str; 7] = [
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
        "localhost",
        "127.0.0.1",
        "::1",
    ];
    let Standing { configured, derived, needed, endpoint, node, .. } = standing;
    let names = EVERYONES.into_iter().chain([node.as_str()]).filter_map(|name| name.parse().ok());
    let sets = [configured, derived, needed].into_iter().flat_map(SanSet::iter).cloned();
    names.chain(sets).chain([endpoint.host.clone()]).collect()
}

/// The same node for the checks that look at the wire alone.
fn seen(standing: &Standing) -> check::Seen<'_> {
    check::Seen {
        subject: &standing.node,
        endpoint: &standing.endpoint,
        shown: standing.served.as_ref().map(|presented| (presented, None)),
        part: Part::Node,
        asked: &standing.endpoint.host,
        behind: vec![],
    }
}
