//! `cpctl endpoint move`.

use std::collections::BTreeSet;

use super::shared::{
    cluster::{self, Cluster},
    consent,
    proof::Client,
    survey::Surveyed,
    watched::{self, Meanwhile, Terms},
};
use crate::{
    apply::OnFailure,
    cli::{self, Common},
    distro::{Found, Move, plan_move},
    endpoint::Endpoint,
    error::Error,
    inventory::{How, Inventory},
    operator::Operator,
    outcome::{FileDiff, Outcome},
    plan::{Listener, Plan, Proof, SCHEMA, Step},
    report::{Code, Finding, Severity, worst},
    san::{San, SanSet},
    world::World,
};
use site::Site;

mod admin_confs;
mod awaited;
mod kubeconfigs;
mod objects;
mod site;
mod trials;

const PROVEN_WITHIN: std::time::Duration = std::time::Duration::from_secs(30);

pub fn run(
    args: &cli::Move,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let cluster = Cluster::find(common)?;
    cluster.trust()?;
    let inventory = cluster::inventory(common, Ok(&cluster), world)?;
    if let How::Cluster { note: Some(note), .. } = &inventory.found {
        operator.note(note);
    }
    let to = target(args, &cluster, &inventory)?;
    let site = Site::survey(cluster, inventory, &args.limit, common, world)?;
    let wanted = Move { from: left(args, &site)?, to };
    let mut findings = site.findings(&wanted, world)?;
    if worst(&findings) == Some(Severity::Fail) {
        return Ok(Outcome::Refused(findings));
    }
    let title = format!("endpoint move --to {}", wanted.to);
    let work = match work(args, common, &site, &wanted, world)? {
        Ok(work) => work,
        Err(found) => return Ok(Outcome::Refused(found)),
    };
    findings.extend(work.findings);
    if work.steps.is_empty() {
        return Ok(Outcome::nothing_to_do(title, findings));
    }
    findings.extend(awaited::findings(&site, &work.steps, world));
    if worst(&findings) == Some(Severity::Fail) {
        return Ok(Outcome::Refused(findings));
    }
    if let Err(found) = site.prove(&wanted.to, world) {
        return Ok(Outcome::Refused(found));
    }
    findings.extend(trials::faults(&site, &wanted, &work.everywhere, world)?);
    if worst(&findings) == Some(Severity::Fail) {
        return Ok(Outcome::Refused(findings));
    }
    findings.push(unsought(&wanted.to, &site, args));
    let plan = site.plan(title, work.steps, work.relies_on, &wanted.to);
    let on_failure = if args.keep_failed { OnFailure::Keep } else { OnFailure::TakeBack };
    let preview = consent::preview(plan, work.diffs, findings);
    let asked = args.watch.then_some(Meanwhile { cluster: &site.cluster, shared: Some(&wanted.to) });
    let terms = Terms { consent: args.consent.into(), on_failure, asked };
    watched::carry_out(preview, terms, world, operator)
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
    args: &cli::Move,
    common: &Common,
    site: &Site,
    wanted: &Move,
    world: &World,
) -> Result<Result<Work, Vec<Finding>>, Error> {
    let (mut found, mut findings) = match objects::found(site, world) {
        Ok(found) => found,
        Err(refusals) => return Ok(Err(refusals)),
    };
    found.extend(site.changed().map(|node| Found {
        node: node.name.clone(),
        known_as: site.known_as(&node.name, world).map(ToOwned::to_owned),
        references: node.control_plane.references(),
    }));
    if args.admin_confs {
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
    let kubeconfigs = match kubeconfigs::plan(args.kubeconfigs.as_deref(), common, site, wanted)? {
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
fn target(args: &cli::Move, cluster: &Cluster, inventory: &Inventory) -> Result<Endpoint, Error> {
    if let Some(to) = &args.to {
        return Ok(cli::endpoint(to, Some(cluster.server.port))?);
    }
    inventory.endpoint.clone().ok_or_else(|| Error::Usage {
        message: "no address is named, and there is no inventory with an `endpoint`".into(),
        hint: "name it: `cpctl endpoint move --to HOST:PORT`, or set `endpoint: HOST:PORT` in cpctl.yaml"
            .into(),
    })
}

/// The addresses that are left: those that were named, or the API servers' own and the kubeconfig's.
fn left(args: &cli::Move, site: &Site) -> Result<Vec<Endpoint>, Error> {
    let port = site.cluster.server.port;
    if !args.from.is_empty() {
        let named = args.from.iter().map(|from| cli::endpoint(from, Some(port)));
        return Ok(named.collect::<Result<_, _>>()?);
    }
    let servers = site.servers().map(|node| node.endpoint.clone());
    let known = servers.chain([site.cluster.server.clone()]);
    // On another machine these are something else: a proxy of its own, as some set it up on each worker.
    Ok(known.filter(|endpoint| !is_local(&endpoint.host)).collect())
}

fn is_local(host: &San) -> bool {
    match host {
        San::Ip(ip) => ip.is_loopback(),
        San::Dns(name) => name.as_str() == "localhost",
    }
}

fn unsought(to: &Endpoint, site: &Site, args: &cli::Move) -> Finding {
    let has_confs = site.servers().any(|node| !node.control_plane.admin_confs().is_empty());
    let unread = match (has_confs, args.admin_confs) {
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
    if has_confs && !args.admin_confs {
        remedy += ", and `--admin-confs` moves the administrators' along";
    }
    Finding::new(Code::ReferencesUnsought, to.to_string(), message).remedy(remedy)
}

impl Site {
    /// Tries the new address from here as the kubeconfig's clients would.
    fn prove(&self, to: &Endpoint, world: &World) -> Result<(), Vec<Finding>> {
        let subject = format!("context {}", self.cluster.access.context);
        let (trust, access) = (self.cluster.trust.as_ref(), &self.cluster.access);
        Client { subject: &subject, trust, asks_for: to.host.clone(), access }.reaches(to, world)
    }

    fn plan(&self, title: String, steps: Vec<Step>, relies_on: SanSet, to: &Endpoint) -> Plan {
        let is_stepped = |name: &str| steps.iter().any(|step| step.node == name);
        let is_server = |name: &str| self.servers().any(|node| node.name == name);
        let targets = self.targets.iter().filter(|node| is_server(&node.name) || is_stepped(&node.name));
        let servers = self.servers().map(|node: &Surveyed| (node.name.clone(), node.endpoint.clone()));
        let proof = Proof {
            listener: Listener::ApiServer,
            endpoint: to.clone(),
            covers: [to.host.clone()].into_iter().collect(),
            lacks: SanSet::default(),
            outlasts: None,
            not_serial: None,
            issuer: None,
            connections: 5,
            within: PROVEN_WITHIN,
        };
        Plan {
            schema: SCHEMA,
            title,
            cluster: self.cluster.for_plan(servers.collect()),
            nodes: targets.map(|target| (target.name.clone(), target.clone())).collect(),
            steps,
            finally: vec![proof],
            provides: SanSet::default(),
            relies_on,
        }
    }
}
