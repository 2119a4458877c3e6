//! `cpctl certs add-san NAME…`.

use std::{collections::BTreeMap, path::PathBuf};

use super::shared::{
    cluster::{self, Cluster},
    consent,
    survey::{self, Surveyed},
};
use crate::{
    apply::OnFailure,
    cert::reissue::Serial,
    cli::{AddSan, Common},
    distro::{Given, Role, Served, Signer, hosted},
    endpoint::Endpoint,
    error::Error,
    inventory::How,
    operator::Operator,
    outcome::{FileDiff, Outcome},
    plan::{Change, Plan, SCHEMA, Step},
    report::{Finding, Severity, worst},
    san::SanSet,
    world::World,
};

mod ca_key;
mod promise;
mod unlisted;

pub fn run(
    args: &AddSan,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let cluster = Cluster::find(common)?;
    let trust = cluster.trust()?;
    let want: SanSet = args.names.iter().cloned().collect();
    let title =
        format!("certs add-san {}", args.names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
    let inventory = cluster::inventory(common, Ok(&cluster), world)?;
    if let How::Cluster { note: Some(note), .. } = &inventory.found {
        operator.note(note);
    }
    let limit = survey::Limit::new(&args.limit, &inventory.nodes)?;
    let allowed = inventory.nodes.iter().filter(|node| limit.allows(&node.name));
    let elsewhere: Vec<_> = allowed.filter_map(|node| hosted::refusal(node, &want)).collect();
    if !elsewhere.is_empty() {
        return Ok(Outcome::Refused(elsewhere));
    }
    let place =
        args.ca_key.as_ref().map(|typed| ca_key::Place::find(typed, &inventory, common)).transpose()?;

    let (nodes, mut findings) = survey::at(&inventory.nodes, &limit, world)?;
    findings.extend(survey::judge(&nodes, &limit, &cluster.access.context, trust, world));
    if worst(&findings) == Some(Severity::Fail) {
        return Ok(Outcome::Refused(findings));
    }
    let allowed = inventory.nodes.iter().filter(|node| limit.allows(&node.name));
    let signers = match ca_key::signers(place.as_ref(), allowed, world)? {
        Ok(signers) => signers,
        Err(found) => return Ok(Outcome::Refused(found)),
    };
    let (steps, diffs) = match steps(&nodes, &limit, &want, &signers, world) {
        Ok(planned) => planned,
        Err(found) => return Ok(Outcome::Refused(found)),
    };
    if steps.is_empty() {
        return Ok(Outcome::nothing_to_do(title, findings));
    }
    if place.is_some() {
        ca_key::refuse_unused(&steps)?;
    }
    findings.extend(cautions(&nodes, &steps, &want));
    let unlisted = unlisted::servers(&nodes, &cluster, world);
    let sight = promise::Sight { nodes: &nodes, unlisted: &unlisted, trust: cluster.trust()?, world };
    let (finally, found) = promise::finally(&steps, inventory.endpoint.as_ref(), &want, &sight);
    findings.extend(unlisted.iter().map(unlisted::finding));
    findings.extend(found);
    let servers = servers(&nodes);
    let targets = inventory.nodes.iter().filter(|target| servers.contains_key(&target.name));
    let targets = targets.chain(place.as_ref().and_then(ca_key::Place::target));
    let plan = Plan {
        schema: SCHEMA,
        title,
        nodes: targets.map(|target| (target.name.clone(), target.clone())).collect(),
        cluster: cluster.for_plan(servers),
        steps,
        finally,
        provides: want,
        relies_on: SanSet::default(),
    };
    let on_failure = if args.keep_failed { OnFailure::Keep } else { OnFailure::TakeBack };
    consent::carry_out(
        consent::preview(plan, diffs, findings),
        args.consent.into(),
        on_failure,
        world,
        operator,
    )
}

/// What there is to know of the names on the nodes that are changed.
fn cautions(nodes: &[Surveyed], steps: &[Step], want: &SanSet) -> Vec<Finding> {
    let is_changed = |node: &&Surveyed| steps.iter().any(|step| step.node == node.name);
    nodes.iter().filter(is_changed).flat_map(|node| node.control_plane.cautions(want)).collect()
}

/// One step for each node that lacks something, and what the steps make of the files that they edit.
fn steps(
    nodes: &[Surveyed],
    limit: &survey::Limit,
    want: &SanSet,
    signers: &BTreeMap<String, Signer>,
    world: &World,
) -> Result<(Vec<Step>, Vec<FileDiff>), Vec<Finding>> {
    let (mut steps, mut diffs, mut refusals) = (vec![], vec![], vec![]);
    for node in nodes.iter().filter(|node| limit.allows(&node.name)) {
        let Ok(presented) = &node.presented else { continue };
        let served = Served { endpoint: &node.endpoint, presented };
        let given = Given {
            now: (world.now)(),
            serial: Serial::from((world.random)()),
            signer: signers.get(&node.name),
        };
        match node.control_plane.plan_sans(want, &served, &given) {
            Ok(Some(step)) => {
                diffs.extend(node.control_plane.seen().into_iter().filter_map(|file| diff(&step, file)));
                steps.push(step);
            }
            Ok(None) => {}
            Err(found) => refusals.extend(found),
        }
    }
    if refusals.is_empty() { Ok((steps, diffs)) } else { Err(refusals) }
}

/// A file of a step's node after all edits of the step; `None` where no edit is of this file.
fn diff(step: &Step, (path, before): (PathBuf, String)) -> Option<FileDiff> {
    let mut edits = step.changes.iter().filter_map(|change| match change {
        Change::Edit { path: edited, edit } if *edited == path => Some(edit),
        _ => None,
    });
    let after = edits.try_fold(before.clone(), |text, edit| edit.make(&text)).ok()?;
    (after != before).then(|| FileDiff { node: step.node.clone(), path, before, after })
}

/// Every API server of the cluster; a worker has none.
fn servers(nodes: &[Surveyed]) -> BTreeMap<String, Endpoint> {
    let servers = nodes.iter().filter(|node| node.control_plane.role() != Role::Worker);
    servers.map(|node| (node.name.clone(), node.endpoint.clone())).collect()
}
