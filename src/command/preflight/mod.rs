//! `cpctl preflight`.

use jiff::Timestamp;

use super::shared::{
    cluster::{self, Cluster},
    front,
};
use crate::{
    cli::{self, Common},
    endpoint::Endpoint,
    error::Error,
    inventory::Inventory,
    outcome::{Outcome, Preflight, Standing},
    probe::Trust,
    report::{Finding, Group, Looked, Scope, checked},
    san::San,
    world::World,
};

mod balancers;
mod clients;
mod endpoint;
mod kubeconfigs;
mod nodes;
mod offline;
mod papers;
mod runs;

/// All that the checks are made from.
struct Site<'a> {
    cluster: Result<&'a Cluster, &'a Error>,
    inventory: &'a Inventory,
    /// The address that clients are to use, where one is known.
    to: Option<Endpoint>,
    common: &'a Common,
    world: &'a World,
    now: Timestamp,
}

impl Site<'_> {
    /// The CA that everything is judged by, and the context that names it.
    fn trust(&self) -> Option<(&str, &Trust)> {
        let cluster = self.cluster.ok()?;
        Some((&cluster.access.context, cluster.trust.as_ref()?))
    }

    /// Whether the kubeconfig leads to an address already.
    fn is_in_use(&self, to: &Endpoint) -> bool {
        self.cluster.is_ok_and(|cluster| cluster.server == *to)
    }

    /// The name that clients look for at the address that they are to use.
    fn name(&self) -> Option<San> {
        let to = self.to.as_ref()?;
        Some(self.cluster.map_or_else(|_| to.host.clone(), |cluster| cluster.asks_for(to)))
    }
}

/// What was looked at, and what was found.
#[derive(Default)]
struct Seen {
    looked: Vec<Looked>,
    findings: Vec<Finding>,
    nodes: Vec<Standing>,
}

impl Seen {
    /// Adds what another look has found, without that of which the subject was told already.
    fn add(&mut self, findings: Vec<Finding>) {
        let is_told = |one: &Finding| {
            self.findings.iter().any(|told| (told.code, &told.subject) == (one.code, &one.subject))
        };
        let news: Vec<_> = findings.into_iter().filter(|one| !is_told(one)).collect();
        self.findings.extend(news);
    }
}

pub fn run(args: &cli::Preflight, common: &Common, world: &World) -> Result<Outcome, Error> {
    if !args.offline.is_empty() {
        return offline::run(args, common, world);
    }
    let cluster = Cluster::if_any(common)?;
    let inventory = cluster::inventory(common, cluster.as_ref(), world)?;
    let to = front::endpoint(args.to.as_deref(), cluster.as_ref().ok(), Some(&inventory));
    let to = if args.to.is_some() { Some(to?) } else { to.ok() };
    let selection = args.selection();
    let site =
        Site { cluster: cluster.as_ref(), inventory: &inventory, to, common, world, now: (world.now)() };

    let mut seen = Seen::default();
    if [Group::Reach, Group::Distribution, Group::Certificates, Group::Clients]
        .into_iter()
        .any(|group| selection.wants(group))
    {
        nodes::look(&site, &mut seen);
    }
    if [Group::Certificates, Group::Endpoint].into_iter().any(|group| selection.wants(group)) {
        endpoint::look(&site, &mut seen);
    }
    if selection.wants(Group::Endpoint) {
        balancers::look(&site, &mut seen);
    }
    if selection.wants(Group::Clients) {
        clients::look(&site, &mut seen);
    }

    let rows = selection.of(checked(&seen.looked, &seen.findings));
    let (to, now) = (site.to, site.now);
    Ok(Outcome::Preflight(Preflight { to, rows, nodes: seen.nodes, now, fail_on: args.fail_on.severity() }))
}

fn looked(subject: &str, scope: Scope, unseen: Option<&str>) -> Looked {
    Looked { subject: subject.to_owned(), scope, unseen: unseen.map(str::to_owned) }
}
