//! The nodes: how they are reached, what they run, and where their names stand.

use super::{Seen, Site};
use crate::{
    check,
    command::{
        drift,
        shared::survey::{self, Limit},
    },
    distro::Role,
    report::{Looked, Scope},
};

/// Looks at all nodes side by side; one that cannot be looked at keeps no other from it.
pub(super) fn look(site: &Site<'_>, seen: &mut Seen) {
    let survey = survey::each(&site.inventory.nodes, site.world);
    for (node, error) in &survey.errors {
        seen.looked.push(looked(node, Scope::Node, Some("nobody could look at the machine")));
        seen.findings.push(check::unreached(node, error));
    }
    for finding in &survey.refused {
        seen.looked.push(looked(&finding.subject, Scope::Node, Some("nobody knows what it runs")));
    }
    seen.findings.extend(survey.twice());
    seen.findings.extend(survey.refused);
    seen.looked.extend(survey.nodes.iter().map(|node| looked(&node.name, Scope::Node, None)));
    let servers = survey.nodes.iter().filter(|node| node.control_plane.role() != Role::Worker);
    seen.looked.extend(servers.map(|node| {
        let unseen = node.presented.is_err().then_some("nobody answers there");
        looked(&node.name, Scope::Server, unseen)
    }));
    if let Some((context, trust)) = site.trust() {
        seen.findings.extend(survey::judge(&survey.nodes, &Limit::default(), context, trust, site.world));
    }
    let (standings, findings) = drift::judge(survey.nodes, site.now);
    seen.nodes = standings;
    seen.findings.extend(findings);
}

fn looked(subject: &str, scope: Scope, unseen: Option<&str>) -> Looked {
    Looked { subject: subject.to_owned(), scope, unseen: unseen.map(str::to_owned) }
}
