//! Earlier runs that stopped part-way.

use std::collections::BTreeMap;

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
        told.iter().any(|finding| finding.code == Code::NodeLocked && finding.message.contains(run))
    };
    let elsewhere = on_nodes(nodes).into_values();
    let elsewhere = elsewhere
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

/// The best record of each run, and the node that keeps it: a machine that was away when a run ended knows less of it.
fn on_nodes(nodes: &[Surveyed]) -> BTreeMap<String, (&str, Account)> {
    let mut found: BTreeMap<String, (&str, Account)> = BTreeMap::new();
    for node in nodes {
        let origin = format!("the record on {}", node.name);
        let read = node.papers.records.iter().filter_map(|record| Account::read(&origin, record).ok());
        for account in read {
            let best =
                found.get(&account.run).is_none_or(|(_, other)| other.text().len() < account.text().len());
            if best {
                found.insert(account.run.clone(), (&node.name, account));
            }
        }
    }
    found
}

fn finding(account: &Account, kept: String) -> Finding {
    let run = &account.run;
    let message = format!("`{}` stopped part-way{kept}", account.plan.title);
    Finding::new(Code::RunUnfinished, format!("run {run}"), message)
        .remedy(format!("`cpctl resume {run}` finishes it, `cpctl undo {run}` takes it back"))
}
