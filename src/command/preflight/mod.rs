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
    report::{Finding, Group, Looked, checked},
    world::World,
};

mod nodes;

/// All that the checks are made from.
struct Site<'a> {
    cluster: Result<&'a Cluster, &'a Error>,
    inventory: &'a Inventory,
    /// The address that clients are to use, where one is known.
    to: Option<Endpoint>,
    world: &'a World,
    now: Timestamp,
}

impl Site<'_> {
    /// The CA that everything is judged by, and the context that names it.
    fn trust(&self) -> Option<(&str, &Trust)> {
        let cluster = self.cluster.ok()?;
        Some((&cluster.access.context, cluster.trust.as_ref()?))
    }
}

/// What was looked at, and what was found.
#[derive(Default)]
struct Seen {
    looked: Vec<Looked>,
    findings: Vec<Finding>,
    nodes: Vec<Standing>,
}

pub fn run(args: &cli::Preflight, common: &Common, world: &World) -> Result<Outcome, Error> {
    let cluster = Cluster::if_any(common)?;
    let inventory = cluster::inventory(common, cluster.as_ref(), world)?;
    let to = front::endpoint(args.to.as_deref(), cluster.as_ref().ok(), Some(&inventory));
    let to = if args.to.is_some() { Some(to?) } else { to.ok() };
    let selection = args.selection();
    let site = Site { cluster: cluster.as_ref(), inventory: &inventory, to, world, now: (world.now)() };

    let mut seen = Seen::default();
    if [Group::Reach, Group::Distribution, Group::Certificates]
        .into_iter()
        .any(|group| selection.wants(group))
    {
        nodes::look(&site, &mut seen);
    }

    let rows = selection.of(checked(&seen.looked, &seen.findings));
    let (to, now) = (site.to, site.now);
    Ok(Outcome::Preflight(Preflight { to, rows, nodes: seen.nodes, now, fail_on: args.fail_on.severity() }))
}
