//! `cpctl certs remove-san NAME…`.

use std::collections::BTreeMap;

use super::{
    change::{Site, titled},
    shared::survey::Surveyed,
};
use crate::{
    check::{self, Led, Named},
    cli::{Common, RemoveSan},
    distro::Want,
    error::Error,
    inventory::How,
    journal::{Account, Journal},
    operator::Operator,
    outcome::Outcome,
    san::SanSet,
    world::World,
};

pub fn run(
    args: &RemoveSan,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let gone: SanSet = args.names.iter().cloned().collect();
    let want = Want::Remove(gone.clone());
    let site = Site::survey(&want, &args.change, common, world, operator)?;
    let leads = if args.force { vec![] } else { leads(&site, &gone, world)? };
    let nodes: Vec<_> = site.nodes.iter().filter_map(|node| named(node, &site, world)).collect();
    let kept = check::removal(&gone, &nodes, &leads);
    if !kept.is_empty() {
        return Ok(Outcome::Refused(kept));
    }
    let title = titled("certs remove-san", &args.names);
    site.change(title, &want, &args.change, world, operator)
}

fn named<'s>(node: &'s Surveyed, site: &Site, world: &World) -> Option<Named<'s>> {
    let target = site.inventory.nodes.iter().find(|target| target.name == node.name);
    let hosts = target.into_iter().flat_map(|target| [target.host.clone(), world.reach.host(target)]);
    let mut own: SanSet = hosts.filter_map(|host| host.parse().ok()).collect();
    own.insert(node.endpoint.host.clone());
    Some(Named {
        node: &node.name,
        distribution: node.control_plane.distribution(),
        own,
        served: &node.presented.as_ref().ok()?.leaf.sans,
        derived: node.control_plane.derived(),
        needed: node.control_plane.needed(),
        is_changed: site.limit.allows(&node.name),
    })
}

/// Who leads clients where: the kubeconfig, the inventory, and the runs of this machine.
fn leads(site: &Site, gone: &SanSet, world: &World) -> Result<Vec<Led>, Error> {
    let cluster = &site.cluster;
    let context = &cluster.access.context;
    let mut leads = vec![Led {
        host: cluster.asks_for(&cluster.server),
        who: format!("context {context} of {}", cluster.access.files()),
        first: "lead it elsewhere first: `cpctl kubeconfig repoint --to ADDRESS`".into(),
    }];
    let endpoint = site.inventory.endpoint.as_ref();
    if let (Some(endpoint), How::File(path)) = (endpoint, &site.inventory.found) {
        leads.push(Led {
            host: endpoint.host.clone(),
            who: format!("the `endpoint:` of {}", path.display()),
            first: format!("correct {} first", path.display()),
        });
    }
    // A journal that cannot be read is told by the verb that needs it.
    let runs = Journal::list(&world.state)?.into_iter().filter_map(|listed| listed.account.ok());
    let here = cluster.for_plan(BTreeMap::new());
    let is_of_here = |account: &Account| account.has_changes() && account.plan.cluster.may_be(&here);
    for account in runs.filter(is_of_here) {
        let led = account.plan.relies_on.iter().filter(|host| gone.covers(host));
        leads.extend(led.map(|host| Led {
            host: host.clone(),
            who: format!("run {} {}", account.run, account.plan.places()),
            first: format!("take it back first: `cpctl undo {}`", account.run),
        }));
    }
    Ok(leads)
}
