//! Runs, from this machine's journals and from the records that the nodes keep.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use super::{
    cluster::{self, Cluster},
    machines,
};
use crate::{
    apply::RECORD,
    cli::Common,
    error::{Error, told},
    inventory::Inventory,
    journal::{self, Account, Journal, State},
    node::{self, Answer, Ask, Lock, Target},
    report::{Code, Finding},
    world::World,
};

/// A node's lock.
const LOCK: &str = "/var/lib/cpctl/lock";

/// A run and where it is recorded.
pub struct Known {
    pub account: Account,
    pub kept: Kept,
    /// Whether it may hold a lock: as this machine's journal says, or as a node's lock does. A node's record was
    /// written while it held one.
    pub holds: bool,
}

/// Where the best record of a run lies.
pub enum Kept {
    Here,
    /// The node's record, as it was read.
    Node {
        name: String,
        record: Vec<u8>,
    },
}

/// A run that is open for going on, if any, and what kept other records from being read.
pub struct Opened {
    /// With it, whether it is one that was wanted.
    pub journal: Option<(Journal, bool)>,
    pub findings: Vec<Finding>,
}

/// Records on the nodes that answer, and the errors of the others.
struct OnNodes {
    known: Vec<Known>,
    errors: Vec<(String, node::Error)>,
    asked: usize,
}

/// All runs, oldest first: this machine's, and those that the nodes know, where they are named or none is known here.
pub fn all(common: &Common, world: &World) -> Result<(Vec<Known>, Vec<Finding>), Error> {
    let mut known: BTreeMap<String, Known> = here(world)?;
    let is_named = machines::names_nodes(common);
    if !is_named && !known.is_empty() {
        return Ok((known.into_values().collect(), vec![]));
    }
    let cluster = Cluster::if_any(common)?;
    let found = match on_nodes(common, cluster.as_ref(), world) {
        Err(error) if !is_named => return Ok((known.into_values().collect(), vec![unasked(&error)])),
        found => found?,
    };
    let findings = found.findings();
    for found in found.known {
        known.entry(found.account.run.clone()).or_insert(found);
    }
    Ok((known.into_values().collect(), findings))
}

/// Opens the run that was named, or the last one that `wanted` takes; first among this machine's journals, then on the nodes.
/// With it comes whether `wanted` takes it.
pub fn open(
    run: Option<&str>,
    wanted: impl Fn(&Known) -> bool,
    common: &Common,
    world: &World,
) -> Result<Opened, Error> {
    let chosen = |known: &Known| run.map_or_else(|| wanted(known), |run| known.account.run == run);
    let here = here(world)?;
    let knows_runs = !here.is_empty();
    if let Some(found) = here.into_values().rev().find(&chosen) {
        let journal = Journal::open(&world.state, world.now, &found.account.run)?;
        return Ok(Opened { journal: Some((journal, wanted(&found))), findings: vec![] });
    }
    let cluster = Cluster::if_any(common)?;
    let found = match on_nodes(common, cluster.as_ref(), world) {
        // What this machine knows is all that there is to say where nobody named nodes.
        Err(error) if knows_runs && run.is_none() && !is_named(common) => {
            return Ok(Opened { journal: None, findings: vec![unasked(&error)] });
        }
        found => found?,
    };
    let findings = found.findings();
    let last =
        found.known.into_iter().filter(&chosen).max_by(|one, other| one.account.run.cmp(&other.account.run));
    let is_unread = found.errors.len() == found.asked || (run.is_some() && !found.errors.is_empty());
    match (last, run) {
        (Some(known), _) => {
            let journal = match &known.kept {
                Kept::Here => Journal::open(&world.state, world.now, &known.account.run)?,
                Kept::Node { record, .. } => Journal::from_node(&world.state, world.now, record)?,
            };
            Ok(Opened { journal: Some((journal, wanted(&known))), findings })
        }
        (None, _) if is_unread => {
            Err(Error::Nodes(found.errors.into_iter().map(|(_, error)| error).collect()))
        }
        (None, Some(run)) => Err(journal::Error::Unknown { run: run.to_owned() }.into()),
        (None, None) => Ok(Opened { journal: None, findings }),
    }
}

/// Whether the operator named nodes or a cluster, so that not being able to ask is an error.
fn is_named(common: &Common) -> bool {
    machines::names_nodes(common) || cluster::is_typed(common)
}

fn unasked(error: &Error) -> Finding {
    let finding =
        Finding::new(Code::NodesUnasked, "nodes", format!("they were not asked for runs: {}", told(error)));
    finding.remedy("name them with `--inventory FILE` or `--node USER@HOST`")
}

impl OnNodes {
    fn findings(&self) -> Vec<Finding> {
        let finding = |(node, error): &(String, node::Error)| {
            let finding = Finding::new(Code::NodeUnread, node, told(error));
            match error.hint() {
                Some(hint) => finding.remedy(hint),
                None => finding,
            }
        };
        self.errors.iter().map(finding).collect()
    }
}

/// Runs that were begun on one of the nodes or of the machines in front, as this one knows, and neither finished nor
/// taken back.
pub fn unfinished(inventory: &Inventory, world: &World) -> Result<Vec<Account>, Error> {
    let accounts = here(world)?.into_values().map(|known| known.account);
    let is_theirs = |account: &Account| {
        let mut machines = account.plan.nodes.values();
        machines.any(|machine| with_balancers(inventory).any(|target| target.host == machine.host))
    };
    Ok(accounts.filter(|account| account.state() == State::Unfinished && is_theirs(account)).collect())
}

/// The runs that this machine knows, by their names.
pub fn known(world: &World) -> Result<Vec<String>, Error> {
    Ok(Journal::list(&world.state)?.into_iter().map(|listed| listed.run).collect())
}

fn here(world: &World) -> Result<BTreeMap<String, Known>, Error> {
    let runs = Journal::list(&world.state)?.into_iter();
    // A journal that cannot be read is told by the verb that needs it, not by every verb.
    Ok(runs
        .filter_map(|listed| {
            let account = listed.account.ok()?;
            Some((listed.run, Known { holds: account.holds(), account, kept: Kept::Here }))
        })
        .collect())
}

fn on_nodes(common: &Common, cluster: Result<&Cluster, &Error>, world: &World) -> Result<OnNodes, Error> {
    let inventory = machines::inventory(common, cluster, world)?;
    let mut found = vec![];
    let mut errors = vec![];
    let targets: Vec<_> = with_balancers(&inventory).collect();
    for target in &targets {
        match on_machine(target, world) {
            Ok((on_node, _)) => found.extend(on_node),
            Err(error) => errors.push((target.name.clone(), error)),
        }
    }
    let holding = found.iter().filter(|known| known.holds).map(|known| known.account.run.clone());
    let holding: BTreeSet<String> = holding.collect();
    let mut known = best(found, |known| &known.account);
    known.iter_mut().for_each(|known| known.holds = holding.contains(&known.account.run));
    Ok(OnNodes { known, errors, asked: targets.len() })
}

/// The best record of each run, oldest first: a machine that was away when a run ended knows less of it.
pub fn best<T>(records: impl IntoIterator<Item = T>, account: impl Fn(&T) -> &Account) -> Vec<T> {
    let mut found: BTreeMap<String, T> = BTreeMap::new();
    for record in records {
        let told = account(&record);
        let is_best =
            found.get(&told.run).is_none_or(|other| account(other).text().len() < told.text().len());
        if is_best {
            found.insert(told.run.clone(), record);
        }
    }
    found.into_values().collect()
}

/// The nodes, and the machines in front, where what was given to them alone is recorded.
fn with_balancers(inventory: &Inventory) -> impl Iterator<Item = &Target> {
    let balancers = inventory.balancers.iter().map(|balancer| &balancer.target);
    let is_new = |balancer: &&Target| inventory.nodes.iter().all(|node| node.name != balancer.name);
    inventory.nodes.iter().chain(balancers.filter(is_new))
}

/// The runs that a machine keeps records of, and the lock on it as it is stored.
pub fn on_machine(target: &Target, world: &World) -> Result<(Vec<Known>, Option<Vec<u8>>), node::Error> {
    let machine = world.reach.look_at(target)?;
    let asks = [Ask::File(LOCK.into()), Ask::Directory(node::run_directory(""))];
    let mut answers = machine.look(&asks)?.into_iter();
    let stored = answers.next().and_then(|answer| Some(answer.bytes()?.to_vec()));
    let Some(Answer::Names(runs)) = answers.next() else {
        return Ok((vec![], stored));
    };
    let records: Vec<Ask> = runs.iter().map(|run| Ask::File(record_of(run))).collect();
    let answers = machine.look(&records)?;
    let lock: Option<Lock> = stored.as_deref().and_then(|stored| serde_json::from_slice(stored).ok());
    let read = answers.iter().filter_map(|answer| {
        let record = answer.bytes()?.to_vec();
        let account = Account::read(&format!("the record on {}", target.name), &record).ok()?;
        let holds = lock.as_ref().is_some_and(|lock| lock.run == account.run);
        Some(Known { account, kept: Kept::Node { name: target.name.clone(), record }, holds })
    });
    Ok((read.collect(), stored))
}

fn record_of(run: &str) -> PathBuf {
    node::run_directory(run).join(RECORD)
}
