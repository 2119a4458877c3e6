//! `cpctl verify [ENDPOINT]`.

use super::{
    cluster::{self, Cluster},
    sight,
};
use jiff::Timestamp;

use crate::{
    api::{Api, VerifyAs},
    check::{self, Part},
    cli::{self, Common, Verify},
    endpoint::Endpoint,
    error::Error,
    outcome::{Outcome, Server, Verification, Verified},
    probe::{self, Verdict},
    report::{Code, Finding, Severity},
    san::SanSet,
    world::World,
};

/// Fresh connections to each address: behind a balancer one good handshake proves one backend.
const CONNECTIONS: u32 = 3;

pub fn run(args: &Verify, common: &Common, world: &World) -> Result<Outcome, Error> {
    let cluster = Cluster::find(common)?;
    let addresses = addresses(args, common, &cluster, world)?;

    let (mut rows, mut servers, mut findings) = (vec![], vec![], vec![]);
    for (subject, endpoint, part) in addresses {
        let (handshakes, server) = shake_hands(subject, endpoint, part, &cluster, world);
        if handshakes < CONNECTIONS {
            findings.extend(unaccepted(&server, (world.now)()));
        }
        let (version, user) = if handshakes == CONNECTIONS {
            ask(&server, &cluster, world, &mut findings)
        } else {
            (None, None)
        };
        let (subject, endpoint) = (server.subject.clone(), server.endpoint.clone());
        rows.push(Verified { subject, endpoint, connections: CONNECTIONS, handshakes, version, user });
        servers.push(server);
    }
    let now = (world.now)();
    sight::mark_terminated(&mut servers, cluster.trust.as_ref(), now);
    let mut all = cluster.findings.clone();
    all.extend(without_ca(&cluster));
    all.extend(sight::certificates(&servers, &SanSet::default(), now));
    for finding in findings {
        if !is_told(&all, &finding) {
            all.push(finding);
        }
    }
    Ok(Outcome::Verification(Verification { rows, findings: all, fail_on: args.fail_on.severity() }))
}

/// The address that was typed; else the kubeconfig's server, the inventory's endpoint and every known node.
fn addresses(
    args: &Verify,
    common: &Common,
    cluster: &Cluster,
    world: &World,
) -> Result<Vec<(String, Endpoint, Part)>, Error> {
    if let Some(text) = &args.endpoint {
        let endpoint = cli::endpoint(text, Some(cluster.server.port))?;
        return Ok(vec![(endpoint.to_string(), endpoint, Part::Shared)]);
    }
    let mut addresses = vec![("kubeconfig".to_owned(), cluster.server.clone(), Part::Shared)];
    let inventory = match cluster::inventory(common, Ok(cluster), world) {
        Ok(inventory) => inventory,
        Err(error) if cluster::names_nodes(common) => return Err(error),
        // A cluster that does not answer is what this verb is there to tell.
        Err(_) => return Ok(addresses),
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

/// Nobody can be recognised without a CA, whatever else the entry says.
fn without_ca(cluster: &Cluster) -> Option<Finding> {
    let is_told = cluster.findings.iter().any(|finding| finding.code == Code::KubeconfigNoCa);
    (cluster.trust.is_none() && !is_told).then(|| {
        let message = format!("context {} names no CA, so no server can be proved", cluster.access.context);
        Finding::new(Code::KubeconfigNoCa, cluster.access.files(), message).remedy(
            "write `certificate-authority-data:` below `cluster:`, as the cluster's own kubeconfig has it",
        )
    })
}

/// Why a client does not take what this server presents; what nobody answers and what nobody can judge is told elsewhere.
fn unaccepted(server: &Server, now: Timestamp) -> Option<Finding> {
    let (shown, verdict) = (server.shown.as_ref().ok()?, server.verdict.as_ref()?);
    let host = &server.endpoint.host;
    let words = probe::refusal(shown, verdict, host, now)?;
    Some(check::refused(&server.subject, &server.endpoint, host, verdict, words))
}

/// Whether a fault of the same subject is among the findings already, seen more closely.
fn is_told(told: &[Finding], finding: &Finding) -> bool {
    let is_same = |other: &&Finding| other.subject == finding.subject;
    finding.code.severity() == Severity::Fail
        && told.iter().filter(is_same).any(|other| other.code.severity() == Severity::Fail)
}

/// How many of several handshakes a client accepts, each on a connection of its own; shows one that was not, if any.
fn shake_hands(
    subject: String,
    endpoint: Endpoint,
    part: Part,
    cluster: &Cluster,
    world: &World,
) -> (u32, Server) {
    let look = || {
        let shown = world.wire.presented(&endpoint);
        let verdict = cluster.trust.as_ref().zip(shown.as_ref().ok());
        let verdict = verdict.map(|(trust, shown)| trust.judge(shown, &endpoint.host, (world.now)()));
        (shown, verdict)
    };
    let (mut accepted, mut kept) = (0, None);
    for _ in 0..CONNECTIONS {
        let (shown, verdict) = look();
        let is_accepted = verdict.as_ref().is_some_and(Verdict::is_accepted);
        accepted += u32::from(is_accepted);
        if kept.is_none() || !is_accepted {
            kept = Some((shown, verdict));
        }
    }
    let (shown, verdict) = kept.unwrap_or_else(look);
    (accepted, Server { subject, endpoint, part, shown, verdict })
}

/// The API's version and who it says we are.
fn ask(
    server: &Server,
    cluster: &Cluster,
    world: &World,
    findings: &mut Vec<Finding>,
) -> (Option<String>, Option<String>) {
    let answers = Api::new(&world.wire, &cluster.access, Some(&server.endpoint), VerifyAs::Host)
        .and_then(|api| api.readyz().and_then(|()| Ok((api.version()?, api.whoami()?))));
    match answers {
        Ok((version, user)) => (Some(version), Some(user)),
        Err(error) => {
            findings.push(check::api(&server.subject, &error));
            (None, None)
        }
    }
}
