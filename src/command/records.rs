//! Runs, from this machine's journals and from the records that the nodes keep.

use std::{collections::BTreeMap, path::PathBuf};

use super::cluster::{self, Cluster};
use crate::{
    apply::RECORD,
    cli::Common,
    error::Error,
    journal::{self, Account, Journal},
    node::{self, Answer, Ask, Lock, Target},
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

/// All runs, oldest first: this machine's, and where nodes are named also theirs.
pub fn all(common: &Common, world: &World) -> Result<Vec<Known>, Error> {
    let mut known: BTreeMap<String, Known> = here(world)?;
    if cluster::names_nodes(common) {
        for found in on_nodes(common, world)? {
            known.entry(found.account.run.clone()).or_insert(found);
        }
    }
    Ok(known.into_values().collect())
}

/// Opens the run that was named, or the last one that `wanted` takes; first among this machine's journals, then on the nodes.
/// With it comes whether `wanted` takes it.
pub fn open(
    run: Option<&str>,
    wanted: impl Fn(&Known) -> bool,
    common: &Common,
    world: &World,
) -> Result<Option<(Journal, bool)>, Error> {
    let chosen = |known: &Known| run.map_or_else(|| wanted(known), |run| known.account.run == run);
    let found = match here(world)?.into_values().rev().find(&chosen) {
        Some(found) => Some(found),
        None => on_nodes(common, world)?.into_iter().rev().find(&chosen),
    };
    let Some(known) = found else {
        return match run {
            Some(run) => Err(journal::Error::Unknown { run: run.to_owned() }.into()),
            None => Ok(None),
        };
    };
    let journal = match &known.kept {
        Kept::Here => Journal::open(&world.state, world.now, &known.account.run)?,
        Kept::Node { record, .. } => Journal::from_node(&world.state, world.now, record)?,
    };
    Ok(Some((journal, wanted(&known))))
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

fn on_nodes(common: &Common, world: &World) -> Result<Vec<Known>, Error> {
    let cluster = Cluster::find(common);
    let Ok(inventory) = cluster::inventory(common, cluster.as_ref(), world) else { return Ok(vec![]) };
    let mut found: BTreeMap<String, Known> = BTreeMap::new();
    for target in &inventory.nodes {
        for mut known in on_node(target, world)? {
            let run = known.account.run.clone();
            match found.get_mut(&run) {
                Some(other) if known.account.text().len() <= other.account.text().len() => {
                    other.holds |= known.holds;
                }
                other => {
                    known.holds |= other.is_some_and(|other| other.holds);
                    found.insert(run, known);
                }
            }
        }
    }
    Ok(found.into_values().collect())
}

fn on_node(target: &Target, world: &World) -> Result<Vec<Known>, node::Error> {
    let machine = world.reach.look_at(target)?;
    let directory = node::run_directory("");
    let Some(Answer::Names(runs)) = machine.look(&[Ask::Directory(directory)])?.pop() else {
        return Ok(vec![]);
    };
    let mut files: Vec<Ask> = runs.iter().map(|run| Ask::File(record_of(run))).collect();
    files.push(Ask::File(LOCK.into()));
    let mut answers = machine.look(&files)?;
    let lock: Option<Lock> = answers.pop().and_then(|answer| serde_json::from_slice(answer.bytes()?).ok());
    let read = answers.iter().filter_map(|answer| {
        let record = answer.bytes()?.to_vec();
        let account = Account::read(&format!("the record on {}", target.name), &record).ok()?;
        let holds = lock.as_ref().is_some_and(|lock| lock.run == account.run);
        Some(Known { account, kept: Kept::Node { name: target.name.clone(), record }, holds })
    });
    Ok(read.collect())
}

fn record_of(run: &str) -> PathBuf {
    node::run_directory(run).join(RECORD)
}
