//! The nodes: how they are reached, what they run, and where their names stand.

use super::{Seen, Site, certificates, clients, looked, runs};
use crate::{
    check,
    command::{
        change::steps,
        drift,
        shared::survey::{self, Depth, Limit, Survey, Surveyed},
    },
    distro::{Role, Want},
    report::{Code, Finding, Group, Looked, Scope, Selection},
    san::{San, SanSet},
};

/// Looks at all nodes side by side; one that cannot be looked at keeps no other from it.
pub(super) fn look(site: &Site<'_>, selection: &Selection, seen: &mut Seen) {
    let name = site.to.as_ref().map(|to| &to.host).filter(|host| matches!(host, San::Dns(_)));
    let depth = name.map_or(Depth::WithPapers, Depth::Resolving);
    let mut survey = survey::each(&site.inventory.nodes, depth, site.world);
    seen.looked.extend(subjects(&survey));
    seen.findings.extend(survey.errors.iter().map(|(node, error)| check::unreached(node, error)));
    let twice = survey.twice();
    survey.nodes.retain(|node| twice.iter().all(|finding| finding.subject != node.name));
    seen.findings.extend(twice);
    seen.findings.extend(survey.refused);
    seen.findings.extend(survey::judge(&survey.nodes, &Limit::default(), site.trust(), site.world));
    if selection.keeps(Code::RunUnfinished) || selection.keeps(Code::NodeLocked) {
        seen.findings.extend(runs::unfinished(site, &survey.nodes, &seen.findings));
    }
    seen.findings.extend(apart(&survey.nodes, &seen.findings));
    seen.ranges = survey.nodes.iter().flat_map(|node| node.control_plane.ranges()).collect();
    let resolved = |node: &Surveyed| Some((node.name.clone(), node.papers.resolved.clone()?));
    seen.resolved = survey.nodes.iter().filter_map(resolved).collect();
    let name: SanSet = site.name().into_iter().collect();
    let hindrances: Vec<_> = servers(&survey.nodes).flat_map(|node| hindering(node, &name, site)).collect();
    let filed: Vec<_> =
        survey.nodes.iter().flat_map(|node| certificates::of_node(node, &seen.findings, site)).collect();
    let astray = certificates::astray(&survey.nodes, site);
    if selection.wants(Group::Clients) && selection.keeps(Code::ReferenceElsewhere) {
        clients::references(site, &survey.nodes, seen);
    }
    seen.filed = survey.nodes.iter().flat_map(certificates::filed).collect();
    let workers = survey.nodes.iter().filter(|node| node.control_plane.role() == Role::Worker);
    seen.workers = workers.map(|node| node.name.clone()).collect();
    // Read after the look, because a look takes time.
    let now = (site.world.now)();
    let (standings, findings) = drift::judge(survey.nodes, &name, now);
    seen.nodes = standings;
    seen.add(findings);
    seen.add(hindrances);
    seen.findings.extend(filed.into_iter().chain(astray));
}

/// What keeps a node from taking the name in, and what there is to know of that.
fn hindering(node: &Surveyed, name: &SanSet, site: &Site<'_>) -> Vec<Finding> {
    let want = Want::Add(name.clone());
    match steps::step(node, &want, None, site.world) {
        Ok(_) => node.control_plane.cautions(&want),
        Err(findings) => findings,
    }
}

/// The clocks against each other. One that was told to be off says nothing of the others; where all are off it may be this
/// machine's.
fn apart(nodes: &[Surveyed], told: &[Finding]) -> Option<Finding> {
    let is_off = |node: &&Surveyed| {
        told.iter().any(|finding| finding.code == Code::ClockOff && finding.subject == node.name)
    };
    let (off, right): (Vec<_>, Vec<_>) = nodes.iter().partition(is_off);
    let judged = if right.is_empty() { off } else { right };
    let clocks = judged.iter().filter_map(|node| Some((node.name.as_str(), node.papers.ahead.as_ref()?)));
    check::clocks(&clocks.collect::<Vec<_>>())
}

fn servers(nodes: &[Surveyed]) -> impl Iterator<Item = &Surveyed> {
    nodes.iter().filter(|node| node.control_plane.role() != Role::Worker)
}

/// All that could be looked at, and why something of it could not.
fn subjects(survey: &Survey) -> impl Iterator<Item = Looked> + '_ {
    let unreached = survey
        .errors
        .iter()
        .map(|(node, _)| looked(node, Scope::Node, Some("nobody could look at the machine")));
    let unknown = survey
        .refused
        .iter()
        .map(|finding| looked(&finding.subject, Scope::Node, Some("nobody knows what it runs")));
    let nodes = survey.nodes.iter().map(|node| looked(&node.name, Scope::Node, None));
    let servers = servers(&survey.nodes).map(|node| {
        let unseen = node.presented.is_err().then_some("nobody answers there");
        looked(&node.name, Scope::Server, unseen)
    });
    let unseen = survey
        .errors
        .iter()
        .map(|(node, _)| looked(node, Scope::Server, Some("nobody could look at the machine")));
    unreached.chain(unseen).chain(unknown).chain(nodes).chain(servers)
}
