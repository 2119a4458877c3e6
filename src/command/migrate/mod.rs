//! `cpctl migrate`.

use std::collections::BTreeSet;

use super::{
    change,
    endpoint_move::{self, Promised, Site},
    shared::{
        cluster::Cluster,
        consent::{self, Proposal},
        machines,
        survey::Limit,
    },
};
use crate::{
    cli::{Common, Migrate},
    distro::Want,
    error::Error,
    operator::Operator,
    outcome::{Outcome, Preview},
    report::{Code, Finding},
    world::World,
};

mod ahead;

pub fn run(
    args: &Migrate,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let (cluster, inventory) = machines::known(common, world, operator)?;
    let to = endpoint_move::target(&args.lead, &cluster, &inventory)?;
    let title = format!("migrate --to {to}");
    let want = Want::Add([to.host.clone()].into_iter().collect());

    let limit = Limit::unjudged(&args.change.limit);
    let asked = change::Asked { want: &want, flags: &args.change, common, world };
    let mut servers = change::Site::of(Cluster::find(common)?, inventory.clone(), limit, &asked)?;
    servers.leave_workers_out();
    let mut site = Site::survey(cluster, inventory, &args.change.limit, common, world)?;
    let names = servers.propose(title.clone(), &want, world)?;
    site.promised = Promised { names: want.adds().clone(), nodes: promising(&names, &servers) };
    let clients = endpoint_move::propose(title.clone(), &site, to.clone(), &args.lead, common, world)?;

    let proposal = match both(names, clients) {
        Proposal::Nothing(found) => Proposal::Nothing(found),
        planned => {
            ahead::of(planned, &ahead::Site { servers: &servers, clients: &site, to: &to, common, world })
        }
    };
    match proposal {
        Proposal::Refused(found) => Ok(Outcome::Refused(found)),
        Proposal::Nothing(found) => Ok(Outcome::nothing_to_do(title, found)),
        Proposal::Plan(preview) => servers.carry_out(*preview, Some(&to), &args.change, world, operator),
    }
}

/// The nodes that will serve the name; where something keeps them from it, that is told and not what follows from it.
fn promising(names: &Proposal, servers: &change::Site) -> BTreeSet<String> {
    match names {
        Proposal::Plan(preview) => preview.plan.steps.iter().map(|step| step.node.clone()).collect(),
        Proposal::Refused(_) => servers.allowed().map(|node| node.name.clone()).collect(),
        Proposal::Nothing(_) => BTreeSet::new(),
    }
}

/// API servers that no step reaches: behind the address each of them would turn clients away.
fn out_of_reach(findings: &[Finding]) -> Vec<Finding> {
    let codes = [Code::ServerUnlisted, Code::ServerWithoutName];
    findings.iter().filter(|finding| codes.contains(&finding.code)).cloned().collect()
}

/// The names first, and then the clients; what stands in the way of one stands in the way of all.
fn both(names: Proposal, clients: Proposal) -> Proposal {
    use Proposal::{Nothing, Plan, Refused};

    match (names, clients) {
        (Refused(names), Refused(clients)) => Refused(each_once(names, clients)),
        (Refused(found), _) | (_, Refused(found)) => Refused(found),
        (Plan(preview), _) if !out_of_reach(&preview.findings).is_empty() => {
            Refused(out_of_reach(&preview.findings))
        }
        (Nothing(names), Nothing(clients)) => Nothing(each_once(names, clients)),
        (Plan(preview), Nothing(found)) => {
            let findings = each_once(preview.findings, found);
            Plan(Preview { findings, ..*preview }.into())
        }
        (Nothing(found), Plan(preview)) => {
            let findings = each_once(found, preview.findings);
            Plan(Preview { findings, ..*preview }.into())
        }
        (Plan(names), Plan(clients)) => {
            let findings = each_once(names.findings, clients.findings);
            let diffs = names.diffs.into_iter().chain(clients.diffs).collect();
            Plan(consent::preview(names.plan.then(clients.plan), diffs, findings).into())
        }
    }
}

/// What both say is told once.
fn each_once(mut first: Vec<Finding>, second: Vec<Finding>) -> Vec<Finding> {
    for finding in second {
        if !first.contains(&finding) {
            first.push(finding);
        }
    }
    first
}
