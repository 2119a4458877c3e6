//! Runs, from this machine's journals and from the records that the nodes keep.

use std::{collections::BTreeMap, path::PathBuf};

use super::cluster::{self, Cluster};
use crate::{
    apply::RECORD,
    cli::Common,
    error::Error,
    journal::{self, Account, Journal},
    node::{self, Answer, Ask, Target},
    world::World,
};

/// A run and where it is recorded.
pub struct Known {
    pub account: Account,
    pub kept: Kept,
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
pub fn open(
    run: Option<&str>,
    wanted: impl Fn(&Account) -> bool,
    common: &Common,
    world: &World,
) -> Result<Option<Journal>, Error> {
    let chosen = |known: &Known| run.map_or_else(|| wanted(&known.account), |run| known.account.run == run);
    if let Some(found) = here(world)?.into_values().rev().find(&chosen) {
        return Ok(Some(Journal::open(&world.state, world.now, &found.account.run)?));
    }
    let found = on_nodes(common, world)?
        .into_iter()
        .filter(&chosen)
        .max_by(|left, right| left.account.run.cmp(&right.account.run));
    match (found, run) {
        (Some(Known { kept: Kept::Node { record, .. }, .. }), _) => {
            Ok(Some(Journal::from_node(&world.state, world.now, &record)?))
        }
        (Some(found), _) => Ok(Some(Journal::open(&world.state, world.now, &found.account.run)?)),
        (None, Some(run)) => Err(journal::Error::Unknown { run: run.to_owned() }.into()),
        (None, None) => Ok(None),
    }
}

fn here(world: &World) -> Result<BTreeMap<String, Known>, Error> {
    let runs = Journal::list(&world.state)?.into_iter();
    // A journal that cannot be read is told by the verb that needs it, not by every verb.
    Ok(runs
        .filter_map(|listed| Some((listed.run, Known { account: listed.account.ok()?, kept: Kept::Here })))
        .collect())
}

fn on_nodes(common: &Common, world: &World) -> Result<Vec<Known>, Error> {
    let cluster = Cluster::find(common);
    let Ok(inventory) = cluster::inventory(common, cluster.as_ref(), world) else { return Ok(vec![]) };
    let mut found: BTreeMap<String, Known> = BTreeMap::new();
    for target in &inventory.nodes {
        for known in on_node(target, world)? {
            let run = known.account.run.clone();
            let is_longer =
                found.get(&run).is_none_or(|other| known.account.text().len() > other.account.text().len());
            if is_longer {
                found.insert(run, known);
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
    let files: Vec<Ask> = runs.iter().map(|run| Ask::File(record_of(run))).collect();
    let answers = machine.look(&files)?;
    let read = answers.iter().filter_map(|answer| {
        let record = answer.bytes()?.to_vec();
        let account = Account::read(&format!("the record on {}", target.name), &record).ok()?;
        Some(Known { account, kept: Kept::Node { name: target.name.clone(), record } })
    });
    Ok(read.collect())
}

fn record_of(run: &str) -> PathBuf {
    node::run_directory(run).join(RECORD)
}
