//! `cpctl verify [ENDPOINT]`.

use std::collections::BTreeSet;

use super::shared::{
    cluster::{self, Cluster},
    sight::{self, CONNECTIONS, Witness},
};
use jiff::Timestamp;

use crate::{
    api::{Api, VerifyAs},
    check::{self, Part},
    cli::{self, Common, Verify},
    endpoint::Endpoint,
    error::Error,
    inventory,
    outcome::{Outcome, Server, Verification, Verified},
    probe::{self, CONCURRENCY, Presented, Verdict},
    report::{Finding, Severity},
    san::SanSet,
    world::World,
};

pub fn run(args: &Verify, common: &Common, world: &World) -> Result<Outcome, Error> {
    let cluster = Cluster::find(common)?;
    let trust = cluster.trust()?;
    let addresses = addresses(args, common, &cluster, world)?;

    let nodes = addresses.iter().filter(|(_, _, part)| *part == Part::Node).count();
    let behind = CONNECTIONS.saturating_mul(u32::try_from(nodes).unwrap_or(u32::MAX).max(1));

    let (mut rows, mut servers, mut findings) = (vec![], vec![], vec![]);
    for (subject, endpoint, part) in addresses {
        let connections = if part == Part::Node { CONNECTIONS } else { behind };
        let (handshakes, server) = shake_hands(connections, (subject, endpoint, part), &cluster, world)?;
        if handshakes < connections {
            findings.extend(unaccepted(&server, (world.now)()));
        }
        let (version, user) = if handshakes == connections {
            ask(&server, &cluster, world, &mut findings)
        } else {
            (None, None)
        };
        let (subject, endpoint) = (server.subject.clone(), server.endpoint.clone());
        rows.push(Verified { subject, endpoint, connections, handshakes, version, user });
        servers.push(server);
    }
    let now = (world.now)();
    let witnesses = if args.endpoint.is_some() { witnesses(common, &cluster, world) } else { vec![] };
    sight::mark_terminated(&mut servers, &witnesses, Some(trust), now);
    let mut all = cluster.findings.clone();
    all.extend(sight::certificates(&servers, &witnesses, &SanSet::default(), now));
    for finding in findings {
        if !is_told(&all, &finding) {
            all.push(finding);
        }
    }
    Ok(Outcome::Verification(Verification { rows, findings: all, fail_on: args.fail_on.severity() }))
}

/// What is proved: the name that it is shown by, where it is, and what it is to the cluster.
type Address = (String, Endpoint, Part);

/// The address that was typed; else the kubeconfig's server, the inventory's endpoint and every known node.
fn addresses(
    args: &Verify,
    common: &Common,
    cluster: &Cluster,
    world: &World,
) -> Result<Vec<Address>, Error> {
    if let Some(text) = &args.endpoint {
        if let Some(endpoint) = cluster::api_of_named(text, Some(cluster.server.port), common, world)? {
            return Ok(vec![(text.clone(), endpoint, Part::Node)]);
        }
        let endpoint = cli::endpoint(text, Some(cluster.server.port))?;
        return Ok(vec![(endpoint.to_string(), endpoint, Part::Shared)]);
    }
    let mut addresses = vec![("kubeconfig".to_owned(), cluster.server.clone(), Part::Shared)];
    let inventory = match cluster::inventory(common, Ok(cluster), world) {
        Ok(inventory) => inventory,
        // A cluster that does not answer is what this verb is there to tell.
        Err(Error::Inventory(inventory::Error::Api(_))) => return Ok(addresses),
        Err(error) => return Err(error),
    };
    if let Some(endpoint) = inventory.endpoint.clone().filter(|endpoint| *endpoint != cluster.server) {
        addresses.push(("endpoint".to_owned(), endpoint, Part::Shared));
    }
    for node in &inventory.nodes {
        if let Some(endpoint) = cluster::api_of(node, cluster.server.port, world) {
            addresses.push((node.name.clone(), endpoint, Part::Node));
        }
    }
    Ok(addresses)
}

/// Why a client does not take what this server presents; what nobody answers and what nobody can judge is told elsewhere.
fn unaccepted(server: &Server, now: Timestamp) -> Option<Finding> {
    let (shown, verdict) = (server.shown.as_ref().ok()?, server.verdict.as_ref()?);
    let words = probe::refusal(shown, verdict, &server.asked, now)?;
    Some(check::refused(&server.subject, &server.endpoint, &server.asked, verdict, words))
}

/// Whether a fault of the same subject is among the findings already, seen more closely.
fn is_told(told: &[Finding], finding: &Finding) -> bool {
    let is_same = |other: &&Finding| other.subject == finding.subject;
    finding.code.severity() == Severity::Fail
        && told.iter().filter(is_same).any(|other| other.code.severity() == Severity::Fail)
}

/// What the API servers show elsewhere, for an address that was typed: beside them a balancer that ends TLS is told, and
/// the node behind it that lacks a name.
fn witnesses(common: &Common, cluster: &Cluster, world: &World) -> Vec<Witness> {
    let nodes =
        cluster::inventory(common, Ok(cluster), world).map_or_else(|_| vec![], |inventory| inventory.nodes);
    let nodes = nodes
        .into_iter()
        .filter_map(|node| Some((cluster::api_of(&node, cluster.server.port, world)?, Some(node.name))));
    let (known, mut names): (Vec<Endpoint>, Vec<_>) = nodes.chain([(cluster.server.clone(), None)]).unzip();
    let mut witnesses = vec![];
    world.wire.presented_many(&known, CONCURRENCY, |index, presented| {
        witnesses.extend(presented.ok().map(|shown| Witness { node: names[index].take(), shown }));
    });
    witnesses
}

/// How many of several handshakes a client accepts, each on a connection of its own; shows one that was not, if any.
fn shake_hands(
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
fn ask(
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
