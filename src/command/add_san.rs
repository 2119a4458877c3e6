//! `cpctl certs add-san NAME…`.

use std::path::PathBuf;

use super::{
    cluster::{self, Cluster},
    consent,
    survey::{self, Surveyed},
};
use crate::{
    apply::OnFailure,
    cert::ServingCert,
    check,
    cli::{AddSan, Common},
    distro::Served,
    endpoint::Endpoint,
    error::Error,
    inventory::How,
    operator::Operator,
    outcome::{FileDiff, Outcome},
    plan::{Change, Plan, Proof, SCHEMA, Step},
    report::{Finding, Severity, worst},
    san::SanSet,
    world::World,
};

pub fn run(
    args: &AddSan,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let cluster = Cluster::find(common)?;
    let want: SanSet = args.names.iter().cloned().collect();
    let title =
        format!("certs add-san {}", args.names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
    let inventory = cluster::inventory(common, Ok(&cluster), world)?;
    if let How::Cluster { note: Some(note), .. } = &inventory.found {
        operator.note(note);
    }
    let limit = survey::Limit::new(&args.limit, &inventory.nodes)?;

    let (nodes, mut findings) = survey::at(&inventory.nodes, world)?;
    findings.extend(survey::judge(&nodes, &limit, &cluster, cluster.trust()?, world));
    if worst(&findings) == Some(Severity::Fail) {
        return Ok(Outcome::Refused(findings));
    }
    let (steps, diffs) = match steps(&nodes, &limit, &want, world) {
        Ok(planned) => planned,
        Err(found) => return Ok(Outcome::Refused(found)),
    };
    if steps.is_empty() {
        return Ok(consent::nothing_to_do(title, findings));
    }
    // The endpoint leads to any node, so it proves nothing while one of them is left out.
    let endpoint = inventory.endpoint.as_ref().filter(|_| all_will_serve(&nodes, &steps, &want));
    let (finally, found) = finally(&steps, endpoint, &want, world);
    findings.extend(found);
    let plan = Plan {
        schema: SCHEMA,
        title,
        cluster: cluster.for_plan(servers(&nodes)),
        nodes: inventory.nodes.iter().map(|target| (target.name.clone(), target.clone())).collect(),
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

/// One step for each node that lacks something, and what the steps make of the files that they edit.
fn steps(
    nodes: &[Surveyed],
    limit: &survey::Limit,
    want: &SanSet,
    world: &World,
) -> Result<(Vec<Step>, Vec<FileDiff>), Vec<Finding>> {
    let (mut steps, mut diffs, mut refusals) = (vec![], vec![], vec![]);
    for node in nodes.iter().filter(|node| limit.allows(&node.name)) {
        let Ok(presented) = &node.presented else { continue };
        match node.control_plane.plan_sans(
            want,
            &Served { endpoint: &node.endpoint, presented },
            (world.now)(),
        ) {
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

/// Whether every node serves the names once the steps are done.
fn all_will_serve(nodes: &[Surveyed], steps: &[Step], want: &SanSet) -> bool {
    nodes.iter().all(|node| {
        let serves = |leaf: &ServingCert| want.missing_from(&leaf.sans).is_empty();
        steps.iter().any(|step| step.node == node.name)
            || node.presented.as_ref().is_ok_and(|presented| serves(&presented.leaf))
    })
}

/// What must be seen once all nodes had their turn: each of them again, and the endpoint that clients use.
fn finally(
    steps: &[Step],
    endpoint: Option<&Endpoint>,
    want: &SanSet,
    world: &World,
) -> (Vec<Proof>, Option<Finding>) {
    let mut proofs: Vec<Proof> = steps.iter().filter_map(|step| step.proof.clone()).collect();
    let Some(endpoint) = endpoint.filter(|endpoint| want.covers(&endpoint.host)) else {
        return (proofs, None);
    };
    if let Err(error) = world.wire.presented(endpoint) {
        let finding = check::silent_endpoint(endpoint, &error);
        return (proofs, Some(finding));
    }
    proofs.push(Proof {
        endpoint: endpoint.clone(),
        covers: want.clone(),
        not_serial: None,
        issuer: None,
        connections: 2 * u32::try_from(steps.len()).unwrap_or(u32::MAX / 2),
        within: proofs.first().map_or(std::time::Duration::from_secs(30), |proof| proof.within),
    });
    (proofs, None)
}

fn servers(nodes: &[Surveyed]) -> std::collections::BTreeMap<String, Endpoint> {
    nodes.iter().map(|node| (node.name.clone(), node.endpoint.clone())).collect()
}
