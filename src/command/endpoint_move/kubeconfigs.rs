//! Kubeconfigs of the operator's that lead to the cluster.

use std::{collections::BTreeMap, path::Path};

use super::site::Site;
use crate::{
    cli::Common,
    command::shared::{cluster, kubeconfigs},
    distro::Move,
    error::Error,
    kubeconfig::{self, Kubeconfig, Seen},
    outcome::FileDiff,
    plan::{HERE, Step},
    probe::Trust,
    report::Finding,
    san::SanSet,
};

/// What the move of kubeconfigs takes.
#[derive(Default)]
pub struct Planned {
    pub steps: Vec<Step>,
    pub diffs: Vec<FileDiff>,
    pub relies_on: SanSet,
}

/// Moves the entries of this cluster that lead to what is left, in the kubeconfig that is used and in those of a directory.
pub fn plan(
    directory: Option<&Path>,
    common: &Common,
    site: &Site,
    wanted: &Move,
) -> Result<Result<Planned, Vec<Finding>>, Error> {
    let mut groups = vec![cluster::kubeconfigs(common)?];
    let beside = directory.map(kubeconfigs::of).transpose()?.unwrap_or_default();
    let beside = beside.into_iter().map(|(_, seen)| seen).collect::<Result<Vec<_>, _>>()?;
    let is_used = |seen: &Seen| groups[0].iter().any(|used| used.real == seen.real);
    let beside: Vec<_> = beside.into_iter().filter(|seen| !is_used(seen)).collect();
    groups.extend(beside.into_iter().map(|seen| vec![seen]));
    let mut planned = Planned::default();
    for group in groups {
        match one(group, site.cluster.trust()?, wanted) {
            Ok(one) => {
                planned.steps.extend(one.steps);
                planned.diffs.extend(one.diffs);
                planned.relies_on = planned.relies_on.union(&one.relies_on);
            }
            Err(findings) => return Ok(Err(findings)),
        }
    }
    Ok(Ok(planned))
}

fn one(seen: Vec<Seen>, trust: &Trust, wanted: &Move) -> Result<Planned, Vec<Finding>> {
    let kubeconfig = Kubeconfig::read(&seen)?;
    let files = kubeconfig.files.iter().filter(|file| kubeconfig::regenerated(file).is_none());
    let clusters = files.flat_map(|file| &file.clusters);
    let moving: Vec<_> = clusters.filter(|cluster| leads_there(cluster, trust, wanted)).collect();
    let repoint = kubeconfig::plan_repoint(&kubeconfig, &moving, &wanted.to)?;
    let (steps, relies_on) = (repoint.steps, repoint.relies_on);
    let after = repoint.previews.into_iter().map(|preview| (preview.seen.real.clone(), preview.after));
    let mut after: BTreeMap<_, _> = after.collect();
    let diffs = seen.iter().filter_map(|seen| {
        let after = after.remove(&seen.real)?;
        Some(FileDiff { node: HERE.into(), path: seen.real.clone(), before: seen.text.clone(), after })
    });
    Ok(Planned { diffs: diffs.collect(), steps, relies_on })
}

/// Whether an entry is of this cluster, and names an address that is left.
fn leads_there(cluster: &kubeconfig::Cluster<'_>, trust: &Trust, wanted: &Move) -> bool {
    let is_left = matches!(cluster.endpoint(), Some(Ok(endpoint)) if wanted.leaves(&endpoint));
    is_left && kubeconfigs::is_of(cluster, trust)
}
