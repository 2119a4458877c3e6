//! `cpctl certs inspect [ENDPOINT|FILE…]`.

use std::{collections::BTreeSet, path::Path};

use super::shared::{
    cluster::Cluster,
    machines, sight,
    typed::{self, STDIN},
};
use crate::{
    cert::{self, ServingCert},
    check::Part,
    cli::{self, Common, Inspect, InspectFormat},
    endpoint::Endpoint,
    error::Error,
    operator::Operator,
    outcome::{File, Inspected, Inspection, Outcome, Server},
    probe::{self, CONCURRENCY, Presented, Trust},
    san::San,
    world::World,
};

/// From so many servers on, each is told on a line as it answers, and no matrix is drawn.
const STREAM_FROM: usize = 16;

/// Something to inspect.
enum Target {
    Server(Address),
    File(String),
}

/// A server, by the name that it is shown by.
struct Address {
    subject: String,
    endpoint: Endpoint,
    part: Part,
}

pub fn run(
    args: &Inspect,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let cluster = Cluster::if_any(common)?;
    let targets = targets(args, common, &cluster, world)?;
    let trust = cluster.as_ref().ok().and_then(|cluster| cluster.trust.as_ref());
    let streamed = args.output == InspectFormat::Text && targets.len() >= STREAM_FROM;

    let (mut rows, mut addresses) = (vec![], vec![]);
    for target in targets {
        match target {
            Target::Server(address) => addresses.push(address),
            Target::File(path) => rows.push(Inspected::File(file(&path, trust, world)?)),
        }
    }
    let mut servers = dial(&addresses, trust, world, |row| {
        if streamed {
            operator.saw(row);
        }
    });
    sight::mark_terminated(&mut servers, &[], trust, (world.now)());

    let now = (world.now)();
    let require = args.require.iter().cloned().collect();
    let findings = sight::certificates(&servers, &[], &require, now);
    rows.extend(servers.into_iter().map(Inspected::Server));
    let judged_by = trust.is_some().then(|| cluster.as_ref().ok().map(Cluster::named)).flatten();
    let fail_on = args.fail_on.severity();
    Ok(Outcome::Inspection(Inspection { rows, findings, judged_by, now, fail_on, streamed }))
}

/// Dials all servers, many at once, and tells each row as it comes; the rows end up in the order of the addresses.
fn dial(
    addresses: &[Address],
    trust: Option<&Trust>,
    world: &World,
    mut on_each: impl FnMut(&Inspected),
) -> Vec<Server> {
    let endpoints: Vec<Endpoint> = addresses.iter().map(|address| address.endpoint.clone()).collect();
    let mut rows: Vec<Option<Server>> = addresses.iter().map(|_| None).collect();
    world.wire.presented_many(&endpoints, CONCURRENCY, |index, shown| {
        let Address { subject, endpoint, part } = &addresses[index];
        let asked = &endpoint.host;
        let verdict =
            trust.zip(shown.as_ref().ok()).map(|(trust, shown)| trust.judge(shown, asked, (world.now)()));
        let row = Inspected::Server(Server {
            subject: subject.clone(),
            endpoint: endpoint.clone(),
            part: *part,
            asked: asked.clone(),
            lacking: lacking(&shown, asked),
            shown,
            verdict,
        });
        on_each(&row);
        if let Inspected::Server(server) = row {
            rows[index] = Some(server);
        }
    });
    rows.into_iter().flatten().collect()
}

/// The certificate's fingerprint, where it lacks the name.
fn lacking(shown: &Result<Presented, probe::Error>, asked: &San) -> BTreeSet<String> {
    let lacking = shown.iter().filter(|shown| !shown.leaf.covers(asked));
    lacking.map(|shown| shown.leaf.fingerprint.clone()).collect()
}

/// What was typed, or every known node and the endpoint.
fn targets(
    args: &Inspect,
    common: &Common,
    cluster: &Result<Cluster, Error>,
    world: &World,
) -> Result<Vec<Target>, Error> {
    let port = cluster.as_ref().ok().map(|cluster| cluster.server.port);
    if !args.targets.is_empty() {
        return args.targets.iter().map(|text| target(text, port, common, world)).collect();
    }
    let inventory = machines::inventory(common, cluster.as_ref(), world)?;
    let server = cluster.as_ref().ok().map(|cluster| &cluster.server);
    // A balancer may listen on a port of its own, so the kubeconfig is asked first.
    let Some(port) = server.or(inventory.endpoint.as_ref()).map(|endpoint| endpoint.port) else {
        return Err(Error::Usage {
            message: "the port of the API servers is not known".into(),
            hint:
                "name them: `cpctl certs inspect HOST:PORT…`, or set `endpoint: HOST:PORT` in the inventory"
                    .into(),
        });
    };
    let nodes = inventory.nodes.iter().filter_map(|node| {
        let endpoint = machines::api_of(node, port, world)?;
        Some(Address { subject: node.name.clone(), endpoint, part: Part::Node })
    });
    let mut addresses: Vec<Address> = nodes.collect();
    for endpoint in [inventory.endpoint.as_ref(), server].into_iter().flatten() {
        if addresses.iter().all(|known| known.endpoint != *endpoint) {
            addresses.push(Address {
                subject: endpoint.to_string(),
                endpoint: endpoint.clone(),
                part: Part::Shared,
            });
        }
    }
    Ok(addresses.into_iter().map(Target::Server).collect())
}

/// A file where there is one of that name or the text is a path, else a node of that name, else an endpoint.
fn target(text: &str, port: Option<u16>, common: &Common, world: &World) -> Result<Target, Error> {
    let is_url = text.contains("://");
    if text == STDIN || (!is_url && (text.contains('/') || Path::new(text).is_file())) {
        return Ok(Target::File(text.to_owned()));
    }
    if let Some(endpoint) = machines::api_of_named(text, port, common, world)? {
        return Ok(Target::Server(Address { subject: text.to_owned(), endpoint, part: Part::Node }));
    }
    let endpoint = cli::endpoint(text, port)?;
    Ok(Target::Server(Address { subject: endpoint.to_string(), endpoint, part: Part::Node }))
}

fn file(path: &str, trust: Option<&Trust>, world: &World) -> Result<File, Error> {
    let bytes = typed::read(Path::new(path))?;
    let invalid = |source| Error::Certificate { path: path.into(), source };
    let is_pem = bytes.windows(10).any(|window| window == b"-----BEGIN");
    let certs = if is_pem {
        ServingCert::all_from_pem(&bytes)
    } else {
        ServingCert::from_der(&bytes).map(|cert| vec![cert])
    };
    let mut chain = certs.map_err(invalid)?;
    if chain.is_empty() {
        return Err(invalid(cert::Error::Empty));
    }
    let leaf = chain.remove(0);
    // A file is nobody's address, so only its chain is judged; any of its own names stands for the host.
    let host = leaf.sans.iter().next().cloned();
    let verdict = trust.zip(host).map(|(trust, host)| trust.judge_chain(&leaf, &chain, &host, (world.now)()));
    Ok(File { path: path.to_owned(), leaf, chain, verdict })
}
