//! What leads clients to the API: kubeconfigs here, and on the nodes and in the cluster what its own clients go by.

use std::{env, path::Path};

use super::{Seen, Site, endpoint::ALL, kubeconfigs, looked};
use crate::{
    api::{Api, VerifyAs},
    balancer::lint::{self, Source},
    check,
    command::{
        endpoint_move::{self, objects, site},
        shared::{
            cluster::{self, Cluster},
            kubeconfigs as beside, machines,
            survey::{self, Depth, Surveyed},
        },
    },
    distro::{Found, Move, Role, plan_move},
    endpoint::Endpoint,
    error::Error,
    kubeconfig::{self, Held, Kubeconfig},
    plan::HERE,
    report::{Code, Finding, Scope},
};

/// What is said where no file can be named.
const NONE: &str = "kubeconfig";

/// Looks at the kubeconfigs that are in use, and at those beside them that lead to the same cluster.
pub(super) fn look(site: &Site<'_>, seen: &mut Seen) {
    let used = match cluster::kubeconfigs(site.common) {
        Ok(used) => used,
        Err(error) => return unread(error, seen),
    };
    let sources: Vec<Source> = used.iter().map(source).collect();
    seen.looked.extend(sources.iter().map(|source| looked(&source.name, Scope::Kubeconfig, None)));
    let slips = match site.cluster {
        Ok(cluster) => cluster.findings.clone(),
        Err(Error::Refused(findings)) => findings.clone(),
        Err(error) => {
            let subject = sources.first().map_or(NONE, |source| &source.name);
            vec![Finding::new(Code::KubeconfigUnreadable, subject, error.to_string())]
        }
    };
    let placed = |slip: Finding| sources.iter().fold(slip, |slip, source| lint::placed(source, slip));
    seen.findings.extend(slips.into_iter().map(placed));
    if let Ok(kubeconfig) = Kubeconfig::read(&used) {
        in_use(site, &kubeconfig, seen);
    }
    if let Some(home) = env::home_dir() {
        at_home(site, &home.join(".kube"), &used, seen);
    }
}

/// That there is none is no fault; one that is named and cannot be read is.
fn unread(error: Error, seen: &mut Seen) {
    let variable = env::var("KUBECONFIG").ok().filter(|variable| !variable.is_empty());
    let reason = error.to_string();
    let unreadable = |message: String| Finding::new(Code::KubeconfigUnreadable, NONE, message);
    let findings = match (error, variable) {
        (Error::Usage { .. }, None) => vec![],
        (Error::Usage { .. }, Some(variable)) => {
            vec![
                unreadable(format!("`$KUBECONFIG` names no file that is there: `{variable}`"))
                    .remedy("correct it, or `unset KUBECONFIG` where nobody is to be asked"),
            ]
        }
        (Error::Refused(findings), _) => findings,
        _ => vec![unreadable(reason.clone())],
    };
    seen.looked.push(looked(NONE, Scope::Kubeconfig, Some(&reason)));
    seen.findings.extend(findings);
}

fn source(seen: &kubeconfig::Seen) -> Source {
    let name = seen.path.display().to_string();
    Source { name, text: seen.text.clone(), mode: seen.mode, kind: Some(lint::Kind::Kubeconfig) }
}

/// The certificates of the context that is meant, and where its cluster's entries lead.
fn in_use(site: &Site<'_>, kubeconfig: &Kubeconfig<'_>, seen: &mut Seen) {
    let Ok(resolved) = kubeconfig.resolve(&cluster::selection(site.common)) else { return };
    let user = resolved.user.map(|(user, _)| user.value.as_ref());
    let cluster = resolved.cluster.name.value.as_ref();
    let is_meant = |held: &Held| match held.key.starts_with("client") {
        true => Some(held.name.as_str()) == user,
        false => held.name == cluster,
    };
    for file in &kubeconfig.files {
        let subject = file.seen.path.display().to_string();
        seen.add(kubeconfigs::certificates(&subject, file, is_meant, site.now));
    }
    elsewhere(site, kubeconfig, "", seen);
}

/// Files that nobody has named, where an entry is of this cluster.
fn at_home(site: &Site<'_>, directory: &Path, used: &[kubeconfig::Seen], seen: &mut Seen) {
    let is_used = |one: &kubeconfig::Seen| used.iter().any(|used| used.real == one.real);
    for (path, one) in beside::of(directory).unwrap_or_default() {
        let one = match one {
            Ok(one) => one,
            Err(error) => {
                let (name, reason) = (path.display().to_string(), error.to_string());
                seen.looked.push(looked(&name, Scope::Kubeconfig, Some(&reason)));
                continue;
            }
        };
        if is_used(&one) {
            continue;
        }
        let named = format!("--kubeconfig {} ", one.path.display());
        let files = [one];
        if let Ok(kubeconfig) = Kubeconfig::read(&files) {
            elsewhere(site, &kubeconfig, &named, seen);
        }
    }
}

/// Tells the entries of this cluster that lead to another address; a file that somebody writes anew is nobody's to change.
fn elsewhere(site: &Site<'_>, kubeconfig: &Kubeconfig<'_>, flags: &str, seen: &mut Seen) {
    let Some((to, (_, trust))) = site.to.as_ref().zip(site.trust()) else { return };
    let remedy = format!("`cpctl kubeconfig repoint {flags}--to {to}`");
    let files = kubeconfig.files.iter().filter(|file| kubeconfig::regenerated(file).is_none());
    for cluster in files.flat_map(|file| &file.clusters).filter(|cluster| beside::is_of(cluster, trust)) {
        let subject = cluster.seen.path.display().to_string();
        seen.findings.extend(kubeconfigs::elsewhere(&subject, cluster, to, &remedy));
    }
}

/// What leads the cluster's own clients elsewhere: on the nodes that were looked at, on workers beside them, and in the API.
pub(super) fn references(site: &Site<'_>, nodes: &[Surveyed], seen: &mut Seen) {
    let Some((to, cluster)) = site.to.as_ref().zip(site.cluster.ok()) else {
        return seen.looked.push(looked(
            ALL,
            Scope::Cluster,
            Some("no address is named, or there is no kubeconfig"),
        ));
    };
    let api = || api(site, nodes, cluster);
    let further = beside(site, &api, seen);
    let servers: Vec<_> = nodes.iter().filter(|node| node.control_plane.role() != Role::Worker).collect();
    let mut found = match objects::found(&servers, api) {
        Ok((found, findings)) => {
            seen.findings.extend(findings);
            found
        }
        Err(refusals) => {
            seen.findings.extend(refusals);
            vec![]
        }
    };
    found.extend(nodes.iter().chain(&further).map(|node| Found {
        node: node.name.clone(),
        known_as: None,
        references: node.control_plane.references(),
    }));
    let known = endpoint_move::addresses(servers.into_iter(), cluster);
    seen.findings.extend(leading(&found, known, to));
}

/// A client of an API server that answers at its own address.
fn api(site: &Site<'_>, nodes: &[Surveyed], cluster: &Cluster) -> Result<Api, crate::api::Error> {
    let at = nodes.iter().find(|node| node.presented.is_ok() && node.control_plane.role() != Role::Worker);
    Api::new(&site.world.wire, &cluster.access, at.map(|node| &node.endpoint), VerifyAs::Kubernetes)
}

/// The workers that the cluster knows and nobody named, each looked at.
fn beside(
    site: &Site<'_>,
    api: &impl Fn() -> Result<Api, crate::api::Error>,
    seen: &mut Seen,
) -> Vec<Surveyed> {
    let known = api().and_then(|api| api.nodes()).unwrap_or_default();
    let mut targets = site::workers_beside(&known, &site.inventory.nodes, site.world);
    targets.retain_mut(|target| machines::flagged(target, &site.common.ssh).is_ok());
    let survey = survey::each(&targets, Depth::Needed, site.world);
    for target in &targets {
        let is_unread = survey.errors.iter().any(|(name, _)| *name == target.name);
        let reason = is_unread.then_some("nobody could look at the machine");
        seen.looked.push(looked(&target.name, Scope::Node, reason));
    }
    seen.findings.extend(survey.errors.iter().map(|(node, error)| check::unreached(node, error)));
    seen.findings.extend(survey.refused);
    survey.nodes
}

/// What would be moved to the address, and what could not be; `known` are the addresses that `endpoint move` leaves where
/// nobody says.
fn leading(found: &[Found], known: Vec<Endpoint>, to: &Endpoint) -> Vec<Finding> {
    let named = found.iter().flat_map(|found| &found.references).filter_map(|one| one.names.clone());
    let foreign = named.filter(|at| at.host != to.host && !endpoint_move::is_local(&at.host));
    let mut foreign: Vec<Endpoint> =
        foreign.filter(|at| known.iter().all(|known| known.host != at.host)).collect();
    foreign.sort();
    foreign.dedup();
    let flags = match foreign.as_slice() {
        [] => String::new(),
        // What is named stands in place of what is known.
        some => known.iter().chain(some).map(|at| format!(" --from {at}")).collect(),
    };
    let wanted = Move { from: known.into_iter().chain(foreign).collect(), to: to.clone() };
    match plan_move(found, &wanted) {
        Err(refusals) => refusals,
        Ok(moved) => {
            let steps = moved.steps.into_iter().map(|step| told(&step.node, step.why, to, &flags));
            steps.chain(moved.findings).collect()
        }
    }
}

fn told(node: &str, why: String, to: &Endpoint, flags: &str) -> Finding {
    let subject = if node == HERE { ALL } else { node };
    Finding::new(Code::ReferenceElsewhere, subject, why)
        .remedy(format!("once every API server serves the name: `cpctl endpoint move --to {to}{flags}`"))
}
