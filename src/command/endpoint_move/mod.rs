//! `cpctl endpoint move`.

use std::collections::BTreeSet;

use super::shared::{
    cluster::Cluster,
    consent::Proposal,
    machines,
    survey::Surveyed,
    watched::{self, Meanwhile, Terms},
};
use crate::{
    apply::OnFailure,
    cli::{self, Common, Lead},
    distro::{Found, Move, plan_move},
    endpoint::Endpoint,
    error::Error,
    inventory::Inventory,
    node::Target,
    operator::Operator,
    outcome::{FileDiff, Outcome},
    plan::Step,
    report::{Code, Finding, Severity, worst},
    san::{San, SanSet},
    world::World,
};

mod admin_confs;
mod awaited;
mod kubeconfigs;
pub mod objects;
mod proofs;
pub mod site;
mod trials;

pub use site::{Promised, Site};

pub fn run(
    args: &cli::Move,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let (cluster, inventory) = machines::known(common, world, operator)?;
    let to = target(&args.lead, &cluster, &inventory)?;
    let title = format!("endpoint move --to {to}");
    let site = Site::survey(cluster, inventory, &args.limit, common, world)?;
    match propose(title.clone(), &site, to.clone(), &args.lead, common, world)? {
        Proposal::Refused(found) => Ok(Outcome::Refused(found)),
        Proposal::Nothing(found) => Ok(Outcome::nothing_to_do(title, found)),
        Proposal::Plan(preview) => {
            let on_failure = if args.keep_failed { OnFailure::Keep } else { OnFailure::TakeBack };
            let asked = args.watch.then_some(Meanwhile { cluster: &site.cluster, shared: Some(&to) });
            let terms = Terms { consent: args.consent.into(), on_failure, asked };
            watched::carry_out(*preview, terms, world, operator)
        }
    }
}

/// Refuses an address that is another machine on each node: what is led there is led to itself.
fn refuse_itself(to: &Endpoint, site: &Site, world: &World) -> Result<(), Error> {
    let is_away = |node: &Target| !world.reach.host(node).parse().is_ok_and(|host| is_local(&host));
    match is_local(&to.host) && site.targets.iter().any(is_away) {
        true => Err(Error::Usage {
            message: format!("{} is each machine itself, and no address that clients share", to.host),
            hint: "name the load balancer's own address with `--to HOST:PORT`".into(),
        }),
        false => Ok(()),
    }
}

/// Plans the move of all that leads to the old addresses.
pub fn propose(
    title: String,
    site: &Site,
    to: Endpoint,
    lead: &Lead,
    common: &Common,
    world: &World,
) -> Result<Proposal, Error> {
    refuse_itself(&to, site, world)?;
    let wanted = Move { from: left(lead, site)?, to };
    let mut findings = site.findings(&wanted, world)?;
    if worst(&findings) == Some(Severity::Fail) {
        return Ok(Proposal::Refused(findings));
    }
    let work = match work(lead, common, site, &wanted, world)? {
        Ok(work) => work,
        Err(found) => return Ok(Proposal::Refused(found)),
    };
    findings.extend(work.findings);
    if work.steps.is_empty() {
        return Ok(Proposal::Nothing(findings));
    }
    findings.extend(awaited::findings(site, &work.steps, world));
    if worst(&findings) == Some(Severity::Fail) {
        return Ok(Proposal::Refused(findings));
    }
    if let Err(found) = site.prove(&wanted.to, world) {
        return Ok(Proposal::Refused(found));
    }
    let trials = trials::of(site, &wanted, &work.everywhere);
    findings.extend(trials::faults(site, &trials, &work.everywhere, world)?);
    if worst(&findings) == Some(Severity::Fail) {
        return Ok(Proposal::Refused(findings));
    }
    findings.push(unsought(&wanted.to, site, lead));
    let steps = site.shown_first(&wanted.to, &trials).into_iter().chain(work.steps).collect();
    let plan = site.plan(title, steps, work.relies_on, &wanted.to);
    Ok(Proposal::new(plan, work.diffs, findings))
}

/// What there is to do, and what it makes of the texts.
struct Work {
    steps: Vec<Step>,
    diffs: Vec<FileDiff>,
    findings: Vec<Finding>,
    relies_on: SanSet,
    /// Where clients on every node are led.
    everywhere: BTreeSet<Endpoint>,
}

fn work(
    lead: &Lead,
    common: &Common,
    site: &Site,
    wanted: &Move,
    world: &World,
) -> Result<Result<Work, Vec<Finding>>, Error> {
    let (mut found, mut findings) =
        match objects::found(&site.servers().collect::<Vec<_>>(), || site.api(world)) {
            Ok(found) => found,
            Err(refusals) => return Ok(Err(refusals)),
        };
    found.extend(site.changed().map(|node| Found {
        node: node.name.clone(),
        known_as: site.known_as(&node.name, world).map(ToOwned::to_owned),
        references: node.control_plane.references(),
    }));
    if lead.admin_confs {
        match admin_confs::found(site, world)? {
            Ok(further) => found.extend(further),
            Err(refusals) => return Ok(Err(refusals)),
        }
    }
    let references = found.iter().flat_map(|found| &found.references);
    let everywhere = trials::everywhere(references, wanted);
    let moved = match plan_move(&found, wanted) {
        Ok(moved) => moved,
        Err(refusals) => return Ok(Err(refusals)),
    };
    findings.extend(moved.findings);
    let kubeconfigs = match kubeconfigs::plan(lead.kubeconfigs.as_deref(), common, site, wanted)? {
        Ok(kubeconfigs) => kubeconfigs,
        Err(refusals) => return Ok(Err(refusals)),
    };
    let texts = moved.texts.into_iter().map(|text| FileDiff {
        path: text.path(),
        node: text.node,
        before: text.before,
        after: text.after,
    });
    let host: SanSet = [wanted.to.host.clone()].into_iter().collect();
    Ok(Ok(Work {
        steps: moved.steps.into_iter().chain(kubeconfigs.steps).collect(),
        diffs: texts.chain(kubeconfigs.diffs).collect(),
        findings,
        relies_on: host.union(&kubeconfigs.relies_on),
        everywhere,
    }))
}

/// The address that was named, or the inventory's endpoint; without a port, that of the kubeconfig's server.
pub fn target(lead: &Lead, cluster: &Cluster, inventory: &Inventory) -> Result<Endpoint, Error> {
    if let Some(to) = &lead.to {
        return Ok(cli::endpoint(to, Some(cluster.server.port))?);
    }
    inventory.endpoint.clone().ok_or_else(|| Error::Usage {
        message: "no address is named, and there is no inventory with an `endpoint`".into(),
        hint: "name it with `--to HOST:PORT`, or set `endpoint: HOST:PORT` in cpctl.yaml".into(),
    })
}

/// The addresses that are left: those that were named, or the API servers' own and the kubeconfig's.
fn left(lead: &Lead, site: &Site) -> Result<Vec<Endpoint>, Error> {
    let port = site.cluster.server.port;
    if !lead.from.is_empty() {
        let named = lead.from.iter().map(|from| cli::endpoint(from, Some(port)));
        return Ok(named.collect::<Result<_, _>>()?);
    }
    Ok(addresses(site.servers(), &site.cluster))
}

/// The API servers' own addresses and the kubeconfig's: what nothing is to depend on.
pub fn addresses<'s>(servers: impl Iterator<Item = &'s Surveyed>, cluster: &Cluster) -> Vec<Endpoint> {
    let known = servers.map(|node| node.endpoint.clone()).chain([cluster.server.clone()]);
    // On another machine these are something else: a proxy of its own, as some set it up on each worker.
    known.filter(|endpoint| !is_local(&endpoint.host)).collect()
}

/// Whether a host is another one on each machine.
pub fn is_local(host: &San) -> bool {
    match host {
        San::Ip(ip) => ip.is_loopback(),
        San::Dns(name) => name.as_str() == "localhost",
    }
}

fn unsought(to: &Endpoint, site: &Site, lead: &Lead) -> Finding {
    let has_confs = site.servers().any(|node| !node.control_plane.admin_confs().is_empty());
    let unread = match (has_confs, lead.admin_confs) {
        (false, _) => "",
        (true, true) => ", nor into what controllers and schedulers log in with on control planes",
        (true, false) => ", nor into the kubeconfigs on control planes that hold keys",
    };
    let message = format!(
        "cpctl does not look into the settings of network plugins and other add-ons, nor for other people's \
         kubeconfigs{unread}"
    );
    let mut remedy =
        String::from("search them for the old address; keep it reachable until nothing leads there");
    if has_confs {
        remedy += "; on control planes `sudo grep server: /etc/kubernetes/*.conf` shows it";
    }
    if has_confs && !lead.admin_confs {
        remedy += ", and `--admin-confs` moves the administrators' along";
    }
    Finding::new(Code::ReferencesUnsought, to.to_string(), message).remedy(remedy)
}
