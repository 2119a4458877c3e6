//! Earlier runs that stopped part-way.

use std::{panic::resume_unwind, thread};

use super::Site;
use crate::{
    command::shared::{
        records::{self, Known},
        survey::Surveyed,
    },
    distro,
    journal::{Account, State},
    report::{Code, Finding},
};

/// What a machine in front keeps: the runs that it knows of, and its lock as it is stored.
type InFront<'s> = (&'s str, Vec<Known>, Option<Vec<u8>>);

/// The runs on these nodes and on the machines in front that this machine knows, and those that only they do; one whose
/// journal cannot be read is told by the verb that needs it.
pub(super) fn unfinished(site: &Site<'_>, nodes: &[Surveyed], told: &[Finding]) -> Vec<Finding> {
    let here = records::unfinished(site.inventory, site.world).unwrap_or_default();
    let known = records::known(site.world).unwrap_or_default();
    let in_front = in_front(site);
    let locked = in_front.iter().filter_map(|(name, _, lock)| Some(distro::locked(name, lock.as_deref()?)));
    let locked: Vec<Finding> = locked.collect();
    let is_locking = |run: &str| {
        let mut locks = told.iter().chain(&locked).filter(|finding| finding.code == Code::NodeLocked);
        locks.any(|finding| finding.about.as_deref() == Some(run))
    };
    let elsewhere = on_machines(nodes, in_front)
        .into_iter()
        .filter(|(_, account)| account.state() == State::Unfinished && !known.contains(&account.run))
        // Whoever holds a lock may still be at work, which was told.
        .filter(|(_, account)| !is_locking(&account.run));
    let here = here.iter().map(|account| finding(account, String::new()));
    let elsewhere = elsewhere.map(|(machine, account)| {
        let kept = format!("; {} began it, and its record is on {machine}", account.operator);
        finding(&account, kept)
    });
    let found: Vec<_> = here.chain(elsewhere).collect();
    [found, locked].concat()
}

/// What lies on the machines in front; nothing of one that cannot be looked at, which is told elsewhere.
fn in_front<'s>(site: &'s Site<'_>) -> Vec<InFront<'s>> {
    let balancers = site.inventory.balancers.iter().map(|balancer| &balancer.target);
    let apart = balancers.filter(|target| site.inventory.nodes.iter().all(|node| node.name != target.name));
    thread::scope(|scope| {
        let looks = apart.map(|target| (target, scope.spawn(|| records::on_machine(target, site.world))));
        let looks: Vec<_> = looks.collect();
        let found = looks.into_iter().filter_map(|(target, look)| {
            let (known, lock) = look.join().unwrap_or_else(|panic| resume_unwind(panic)).ok()?;
            Some((target.name.as_str(), known, lock))
        });
        found.collect()
    })
}

/// The best record of each run, and the machine that keeps it.
fn on_machines<'m>(nodes: &'m [Surveyed], in_front: Vec<InFront<'m>>) -> Vec<(&'m str, Account)> {
    let records = nodes.iter().flat_map(|node| {
        let origin = format!("the record on {}", node.name);
        let read = node.papers.records.iter().filter_map(move |record| Account::read(&origin, record).ok());
        read.map(|account| (node.name.as_str(), account))
    });
    let in_front = in_front
        .into_iter()
        .flat_map(|(name, known, _)| known.into_iter().map(move |known| (name, known.account)));
    records::best(records.chain(in_front), |(_, account)| account)
}

fn finding(account: &Account, kept: String) -> Finding {
    let run = &account.run;
    let message = format!("`{}` stopped part-way{kept}", account.plan.title);
    Finding::new(Code::RunUnfinished, format!("run {run}"), message)
        .remedy(format!("`cpctl resume {run}` finishes it, `cpctl undo {run}` takes it back"))
}
