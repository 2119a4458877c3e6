//! The checks of `preflight` as the first stage of a migration: what must be put right first, and what is merely told.

use std::fs;

use super::{change, each_once};
use crate::{
    cli::Common,
    command::{endpoint_move, preflight, shared::consent::Proposal},
    endpoint::Endpoint,
    inventory::Inventory,
    outcome::Preview,
    plan::HERE,
    report::{Check, Choice, Code, Finding, Selection, Severity, worst},
    world::World,
};

/// What is to be migrated.
pub struct Site<'a> {
    pub servers: &'a change::Site,
    pub clients: &'a endpoint_move::Site,
    pub to: &'a Endpoint,
    pub common: &'a Common,
    pub world: &'a World,
}

/// What `preflight` finds that is no reason to stop.
fn its_own() -> Selection {
    let skip = vec![
        // The names are what is added, and nobody is led to the address before they are seen there.
        Choice::Code(Code::SanMissing),
        // A server takes in what else its files ask for when it takes in the name.
        Choice::Code(Code::NameUnserved),
        // A worker is led along, and has no certificate to change.
        Choice::Code(Code::NodeIsWorker),
        // Nobody is better off where clients stay, whoever takes that key.
        Choice::Code(Code::CaKeyAstray),
        // The plan knows the key that `--ca-key` names, and refuses where there is none.
        Choice::Code(Code::CaKeyMissing),
        Choice::Code(Code::KeyInside),
        Choice::Code(Code::KeyMismatch),
        // The plan leads what leads elsewhere, as `--from` and `--limit` say, and refuses what it cannot lead.
        Choice::Check(Check::of(Code::ReferenceElsewhere)),
    ];
    Selection { only: vec![], skip }
}

/// What is proposed, where the checks let it pass; else what they found, with what else stands in the way.
pub fn of(proposed: Proposal, site: &Site<'_>) -> Proposal {
    let found = findings(site);
    let is_failed = worst(&found) == Some(Severity::Fail);
    match proposed {
        Proposal::Refused(refused) => Proposal::Refused(told(found, refused)),
        Proposal::Plan(preview) if is_failed => Proposal::Refused(told(found, preview.findings.clone())),
        Proposal::Plan(preview) => {
            let found = found.into_iter().filter(|finding| !is_led(finding, &preview)).collect();
            let findings = told(found, preview.findings.clone());
            Proposal::Plan(Preview { findings, ..*preview }.into())
        }
        Proposal::Nothing(found) => Proposal::Nothing(found),
    }
}

/// What the checks find of all that the migration takes in.
fn findings(site: &Site<'_>) -> Vec<Finding> {
    let change::Site { cluster, inventory, balancers, .. } = site.servers;
    let inventory = Inventory { balancers: balancers.clone(), ..inventory.clone() };
    let (common, world) = (site.common, site.world);
    let to = Some(site.to.clone());
    let all = preflight::Site {
        cluster: Ok(cluster),
        inventory: &inventory,
        to,
        common,
        world,
        now: (world.now)(),
    };
    let mut findings = preflight::findings(&all, &its_own());
    findings.retain(|finding| !site.clients.leaves_out(&finding.subject));
    findings
}

/// Whether the plan leads this kubeconfig to the address.
fn is_led(finding: &Finding, preview: &Preview) -> bool {
    let path = fs::canonicalize(&finding.subject);
    let is_edited = |path| preview.diffs.iter().any(|diff| diff.node == HERE && diff.path == path);
    finding.code == Code::KubeconfigElsewhere && path.is_ok_and(is_edited)
}

/// The checks' findings, and the plan's own, which say more of the same subject.
fn told(found: Vec<Finding>, own: Vec<Finding>) -> Vec<Finding> {
    let is_of_both =
        |one: &Finding| own.iter().any(|other| (one.code, &one.subject) == (other.code, &other.subject));
    each_once(found.into_iter().filter(|one| !is_of_both(one)).collect(), own)
}
