//! The machines in front: whether they can be asked, what they know of the nodes, and what their files say.

use std::{panic::resume_unwind, thread};

use jiff::tz::TimeZone;

use super::{Seen, Site, looked};
use crate::{
    balancer::lint::{self, Facts, Source},
    command::shared::{
        configuration,
        drains::{self, Runs, Unread},
        remote,
    },
    error::Error,
    inventory::{Balancer, Inventory},
    report::{Code, Finding, Scope},
};

/// Looks at all balancers of the inventory side by side.
pub(super) fn look(site: &Site<'_>, seen: &mut Seen) {
    let balancers = &site.inventory.balancers;
    if balancers.is_empty() {
        return;
    }
    let servers = seen.servers(site);
    let files = files(site, balancers);
    let fronts = drains::look(balancers, site.world);
    let mut all = vec![];
    for ((balancer, files), front) in balancers.iter().zip(files).zip(fronts) {
        let name = &balancer.target.name;
        let (files, unread) = match files {
            Ok(files) => (files, None),
            Err(error) => (vec![], Some(unread(&error))),
        };
        match front {
            Ok(front) => {
                seen.looked.push(looked(name, Scope::Balancer, None));
                seen.add(site.apis(&servers).flat_map(|(node, api)| front.findings(&node, &api)).collect());
            }
            Err(Unread { runs: Runs::Nginx, .. }) => {
                let unseen = "NGINX runs there and no unit haproxy, so no node can be drained there";
                seen.looked.push(looked(name, Scope::Balancer, Some(unseen)));
            }
            Err(Unread { finding, runs: Runs::Haproxy }) => {
                seen.looked.push(looked(name, Scope::Balancer, Some("it does not tell its servers")));
                seen.findings.push(finding);
            }
        }
        if let Some(reason) = unread {
            seen.looked.push(looked(name, Scope::Configuration, Some(&reason)));
        }
        all.extend(files);
    }
    seen.looked.extend(all.iter().map(|file| looked(&file.name, Scope::Configuration, None)));
    seen.findings.extend(judged(site, &servers, &all));
}

fn files(site: &Site<'_>, balancers: &[Balancer]) -> Vec<Result<Vec<Source>, Error>> {
    thread::scope(|scope| {
        let looks = balancers.iter().map(|one| scope.spawn(|| remote::of_machine(&one.target, site.world)));
        let looks: Vec<_> = looks.collect();
        looks.into_iter().map(|look| look.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

/// Why no file of a machine is judged.
fn unread(error: &Error) -> String {
    match error {
        Error::Node(_) => "nobody could look at the machine".into(),
        error => error.to_string(),
    }
}

/// What `lb lint --remote` says of the files; what it does not judge is no fault of theirs.
fn judged(site: &Site<'_>, servers: &Inventory, files: &[Source]) -> Vec<Finding> {
    let plane = configuration::control_plane(servers, |node| site.world.reach.host(node));
    let facts = Facts { plane: Some(&plane), today: site.now.to_zoned(TimeZone::UTC).date() };
    let mut findings = lint::lint(files, &facts).findings;
    findings.retain(|finding| finding.code != Code::NotJudged);
    findings
}
