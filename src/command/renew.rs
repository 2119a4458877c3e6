//! `cpctl certs renew`.

use std::time::Duration;

use super::{change::Site, shared::survey::Limit};
use crate::{
    cert::ServingCert,
    cli::{Common, Renew},
    distro::Want,
    error::Error,
    operator::Operator,
    outcome::Outcome,
    report::{Severity, worst},
    world::World,
};

const TITLE: &str = "certs renew";

pub fn run(
    args: &Renew,
    common: &Common,
    world: &World,
    operator: &mut dyn Operator,
) -> Result<Outcome, Error> {
    let mut site = Site::survey(&Want::Renew, &args.change, common, world, operator)?;
    if let Some(within) = args.if_expires_within {
        let (due, later) = by_term(&site, within, world);
        site.limit = Limit::of(due.into_iter().map(|(node, _)| node).collect());
        if site.allowed().next().is_none() {
            let findings = site.judge(world)?;
            let is_refused = worst(&findings) == Some(Severity::Fail);
            return Ok(if is_refused { Outcome::Refused(findings) } else { Outcome::not_due(TITLE.into()) });
        }
        let later: Vec<_> = later.iter().map(|(node, end)| format!("{node} (until {end})")).collect();
        if !later.is_empty() {
            operator.note(&format!("not due: {}", later.join(", ")));
        }
    }
    site.change(TITLE.into(), &Want::Renew, &args.change, world, operator)
}

/// A node, and the end of its certificate.
type Ends = Vec<(String, jiff::Timestamp)>;

/// The nodes whose certificates end within the time, and the others.
fn by_term(site: &Site, within: Duration, world: &World) -> (Ends, Ends) {
    let now = (world.now)();
    let is_due =
        |leaf: &ServingCert| Duration::try_from(leaf.remaining(now)).map_or(true, |left| left < within);
    let leaves = site.allowed().filter_map(|node| Some((&node.name, &node.presented.as_ref().ok()?.leaf)));
    let (due, later): (Vec<_>, Vec<_>) = leaves.partition(|(_, leaf)| is_due(leaf));
    let ends = |found: Vec<(&String, &ServingCert)>| -> Ends {
        found.into_iter().map(|(name, leaf)| (name.clone(), leaf.not_after)).collect()
    };
    (ends(due), ends(later))
}
