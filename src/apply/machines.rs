//! The machines of a run: one connection each, locked before the first change and given back at the end.

use std::path::{Path, PathBuf};

use super::{Cause, Event, Run, Way, seen::Seen};
use crate::{
    journal::{Account, Place, Record, State},
    node::{self, Act, Done, Lock, Target},
    plan::{Change, HERE},
};

/// The file of the run's directory that holds the journal as it was last known.
pub const RECORD: &str = "journal.jsonl";

impl Run<'_> {
    /// Carries out acts in one round trip, on the connection that is there or on a new one.
    pub(super) fn act(&mut self, node: &str, acts: &[Act]) -> Result<Vec<Done>, Cause> {
        if acts.is_empty() {
            return Ok(vec![]);
        }
        let mut machine = match self.machines.remove(node) {
            Some(machine) => machine,
            None => self.world.reach.connect(&self.target(node)?)?,
        };
        let result = machine.act(acts);
        if !matches!(result, Err(node::Error::Broken { .. } | node::Error::Protocol { .. })) {
            self.machines.insert(node.to_owned(), machine);
        }
        Ok(result?)
    }

    fn target(&self, node: &str) -> Result<Target, Cause> {
        match self.plan.nodes.get(node) {
            Some(target) => Ok(target.clone()),
            None if node == HERE => Ok(Target::from_host(HERE, HERE)),
            None => Err(Cause::NoTarget { node: node.into() }),
        }
    }

    /// Takes the lock of every node that the way ahead needs, and refuses early what could only be refused late.
    pub(super) fn open_all(&mut self, way: Way) -> Result<(), Cause> {
        // What another machine recorded may add nodes, so ask anew each time.
        while let Some(node) = self.next_to_open(way) {
            self.stop_if_asked()?;
            self.watch.event(Event::Opening { node: &node });
            self.open(&node, way)?;
        }
        Ok(())
    }

    /// Takes again the locks of a run that is over: a process that was killed at its very end did not give them back,
    /// and another machine may have gone on with the run since.
    pub(super) fn open_left(&mut self) -> Result<(), Cause> {
        if self.journal.account().opened().is_empty() {
            return Ok(());
        }
        self.open_all(if self.state() == State::Done { Way::Forward } else { Way::Back })
    }

    fn next_to_open(&self, way: Way) -> Option<String> {
        let left = self.journal.account().opened();
        let steps = self.plan.steps.iter().enumerate();
        steps
            .filter(|(number, step)| self.needs(way, *number) || left.contains(&step.node))
            .map(|(_, step)| &step.node)
            .find(|node| *node != HERE && !self.opened.contains(*node))
            .cloned()
    }

    fn open(&mut self, node: &str, way: Way) -> Result<(), Cause> {
        let was_open = self.journal.account().opened().contains(node);
        self.record(Record::Opening { node: node.into() })?;
        let seen = match self.lock(node, way) {
            Err(Cause::Node(error)) if error.is_unreachable() && !was_open => {
                self.record(Record::Closed { node: node.into() })?;
                return Err(error.into());
            }
            seen => seen?,
        };
        self.opened.insert(node.into());
        if way == Way::Back {
            self.refuse_rewritten(node, &seen)?;
        }
        self.try_edits(node, way, seen)
    }

    /// Takes the lock, stores the journal as it stands, and reads the files that will be edited.
    fn lock(&mut self, node: &str, way: Way) -> Result<Seen, Cause> {
        let mut acts = vec![Act::Lock(self.lock_of_run())];
        if !self.is_first {
            let path = node::run_directory(&self.journal.account().run).join(RECORD);
            acts.push(Act::Read(path));
            let found = self.act(node, &acts)?.pop();
            self.catch_up(found.as_ref().and_then(Done::bytes), node)?;
            acts.clear();
        }
        let mut files: Vec<_> = self.edits(node, way).into_iter().map(|(_, path)| path.to_owned()).collect();
        if way == Way::Back {
            files.extend(self.left_files(node).into_iter().flat_map(|left| [left.file, left.copy]));
        }
        acts.push(self.stored());
        acts.extend(files.iter().cloned().map(Act::Read));
        let done = self.act(node, &acts)?;
        Ok(Seen::of(files, done))
    }

    /// Takes over the node's record where another machine went on with this run since.
    fn catch_up(&mut self, found: Option<&[u8]>, node: &str) -> Result<(), Cause> {
        let Some(bytes) = found else { return Ok(()) };
        if self.journal.account().text().as_bytes().starts_with(bytes) {
            return Ok(());
        }
        let other = Account::read(&format!("the record on {node}"), bytes)?;
        self.journal.supersede(&other)?;
        // The other machine gave back locks that this process has taken again since.
        let held: Vec<_> = self.opened.iter().cloned().chain([node.to_owned()]).collect();
        held.into_iter().try_for_each(|node| self.record(Record::Opening { node }))
    }

    /// Refuses the whole run where a file holds neither side of an edit that lies ahead.
    fn try_edits(&self, node: &str, way: Way, mut seen: Seen) -> Result<(), Cause> {
        for (place, path) in self.edits(node, way) {
            let Change::Edit { edit, .. } = &self.plan.steps[place.step].changes[place.change] else {
                continue;
            };
            let bytes = match way {
                Way::Forward => seen.edited(node, path, edit)?,
                Way::Back => seen.reverted(node, path, edit)?,
            };
            if let Some(bytes) = bytes {
                seen.put(path, bytes);
            }
        }
        Ok(())
    }

    /// Edits on a node that lie ahead, in the order in which they will be made or taken back.
    fn edits(&self, node: &str, way: Way) -> Vec<(Place, &Path)> {
        let account = self.journal.account();
        let mut edits = vec![];
        for (step, planned) in self.plan.steps.iter().enumerate().filter(|(_, step)| step.node == node) {
            for (change, planned) in planned.changes.iter().enumerate() {
                let place = Place { step, change };
                let is_ahead = match way {
                    Way::Forward => !account.is_completed(step) && !account.is_done(place),
                    Way::Back => account.is_begun(place),
                };
                if let Change::Edit { path, .. } = planned
                    && is_ahead
                {
                    edits.push((place, path.as_path()));
                }
            }
        }
        if way == Way::Back {
            edits.reverse();
        }
        edits
    }

    /// Gives back every lock but those of nodes in the middle of a step; the first error stands for all.
    pub(super) fn close_all(&mut self) -> Result<(), Cause> {
        let mut result = Ok(());
        for node in self.journal.account().opened().clone() {
            let account = self.journal.account();
            let mut steps = self.plan.steps.iter().enumerate();
            if steps.any(|(number, step)| step.node == node && account.is_entered(number)) {
                continue;
            }
            let closed = self.close(&node);
            result = result.and(closed);
        }
        result
    }

    fn close(&mut self, node: &str) -> Result<(), Cause> {
        let unlock = Act::Unlock { run: self.journal.account().run.clone() };
        match self.act(node, &[self.stored(), unlock.clone()]) {
            // The lock must not stay because the record cannot be stored.
            Err(cause) if !cause.is_out_of_reach() => self.act(node, &[unlock])?,
            result => result?,
        };
        self.record(Record::Closed { node: node.into() })
    }

    fn stored(&self) -> Act {
        let account = self.journal.account();
        Act::Record { run: account.run.clone(), file: RECORD.into(), bytes: account.text().into() }
    }

    fn lock_of_run(&self) -> Lock {
        let account = self.journal.account();
        Lock {
            run: account.run.clone(),
            operator: account.operator.clone(),
            since: account.started.to_string(),
        }
    }

    /// Where the file is kept as it was before a change; a change that was taken back and is made again keeps anew.
    pub(super) fn copy(&self, place: Place, file: &Path) -> PathBuf {
        let rewrites = self.plan.steps[place.step].changes[place.change].rewrites();
        let index = rewrites.iter().position(|path| path == file).unwrap_or(0);
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let account = self.journal.account();
        let Place { step, change } = place;
        let name = format!("{step}.{change}.{}.{index}-{name}", account.times_undone(place));
        match self.plan.steps[step].node.as_str() {
            HERE => self.journal.copy(&name),
            _ => node::run_directory(&account.run).join(name),
        }
    }
}
