//! Earlier runs that stopped part-way.

use super::Site;
use crate::{
    command::shared::{records, survey::Surveyed},
    journal::{Account, State},
    report::{Code, Finding},
};

/// The runs on these nodes that this machine knows, and those that only a node does; one whose journal cannot be read is
/// told by the verb that needs it.
pub(super) fn unfinished(site: &Site<'_>, nodes: &[Surveyed], told: &[Finding]) -> Vec<Finding> {
    let here = records::unfinished(&site.inventory.nodes, site.world).unwrap_or_default();
    let known = records::known(site.world).unwrap_or_default();
    let is_locking = |run: &str| {
        told.iter().any(|finding| finding.code == Code::NodeLocked && finding.about.as_deref() == Some(run))
    };
    let elsewhere = on_nodes(nodes)
        .into_iter()
        .filter(|(_, account)| account.state() == State::Unfinished && !known.contains(&account.run))
        // Whoever holds a lock may still be at work, which was told.
        .filter(|(_, account)| !is_locking(&account.run));
    let here = here.iter().map(|account| finding(account, String::new()));
    here.chain(elsewhere.map(|(node, account)| {
        let kept = format!("; {} began it, and its record is on {node}", account.operator);
        finding(&account, kept)
    }))
    .collect()
}

/// The best record of each run, and the node that keeps it.
fn on_nodes(nodes: &[Surveyed]) -> Vec<(&str, Account)> {
    let records = nodes.iter().flat_map(|node| {
        let origin = format!("the record on {}", node.name);
        let read = node.papers.records.iter().filter_map(move |record| Account::read(&origin, record).ok());
        read.map(|account| (node.name.as_str(), account))
    });
    records::best(records, |(_, account)| account)
}

fn finding(account: &Account, kept: String) -> Finding {
    let run = &account.run;
    let message = format!("`{}` stopped part-way{kept}", account.plan.title);
    Finding::new(Code::RunUnfinished, format!("run {run}"), message)
        .remedy(format!("`cpctl resume {run}` finishes it, `cpctl undo {run}` takes it back"))
}
