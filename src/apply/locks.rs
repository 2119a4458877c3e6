//! The operator's lock on every machine of the plan, taken before the first change and given back at the end.

use super::{Cause, Event, Run, Way, machines::RECORD, seen::Seen};
use crate::{
    journal::{Account, Record, State},
    node::{self, Act, Done, Lock},
    plan::Step,
};

impl Run<'_> {
    /// Takes the lock of every machine of the plan where a change lies ahead, and refuses early what could only be
    /// refused late.
    ///
    /// Machines without a step are locked too: the order over a cluster, one node at a time, holds for one run only,
    /// so another run on other nodes must not be at work meanwhile. The order is that of the names, the same on every
    /// operator's machine; a lock that is taken is never waited for, so two runs cannot block each other.
    pub(super) fn open_all(&mut self, way: Way) -> Result<(), Cause> {
        // What another machine recorded may add nodes, so ask anew each time.
        while let Some(node) = self.next_to_open(way) {
            self.stop_if_asked()?;
            self.watch.event(Event::Opening { node: &node });
            self.open(&node, way)?;
            self.refuse_taken_over()?;
        }
        Ok(())
    }

    /// Of two processes that take the run up at the same moment, the one goes on that was the later at the first machine.
    fn refuse_taken_over(&mut self) -> Result<(), Cause> {
        if self.is_first { Ok(()) } else { self.refuse_overtaken() }
    }

    /// Refuses a change that is on no machine where another process goes on with the run.
    pub(super) fn refuse_overtaken(&mut self) -> Result<(), Cause> {
        let first = self.opened.first().cloned();
        first.map_or(Ok(()), |first| self.act(&first, &[self.hold()]).map(drop))
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
        let is_ahead = (0..self.plan.steps.len()).any(|number| self.needs(way, number));
        let is_dealt_with = |node: &str| self.opened.contains(node) || self.unlocked.contains_key(node);
        let mut machines = self.plan.machines().into_iter();
        machines
            .find(|node| (is_ahead || left.contains(*node)) && !is_dealt_with(node))
            .map(ToOwned::to_owned)
    }

    fn open(&mut self, node: &str, way: Way) -> Result<(), Cause> {
        let was_open = self.journal.account().opened().contains(node);
        self.record(Record::Opening { node: node.into() })?;
        let seen = match self.lock(node, way) {
            Err(Cause::Node(error)) => {
                if error.is_unreachable() && !was_open {
                    self.record(Record::Closed { node: node.into() })?;
                }
                return self.do_without(node, way, error);
            }
            seen => seen?,
        };
        self.opened.insert(node.into());
        if way == Way::Back {
            self.refuse_rewritten(node, &seen)?;
        }
        self.try_edits(node, way, seen)
    }

    /// Goes on without the lock of a machine that has nothing to be taken back: it may be dead, and the others must not
    /// wait for that. A lock that another run holds is respected in either direction.
    fn do_without(&mut self, node: &str, way: Way, error: node::Error) -> Result<(), Cause> {
        let mut steps = self.plan.steps.iter().enumerate();
        let is_needed = steps.any(|(number, step)| step.node == node && self.needs(way, number));
        if is_needed || matches!(error, node::Error::Locked { .. } | node::Error::TakenOver { .. }) {
            return Err(error.into());
        }
        if way == Way::Forward {
            return Err(Cause::Unlocked { node: node.into(), source: error });
        }
        self.watch.event(Event::Unlocked { node, error: &error });
        self.unlocked.insert(node.into(), Some(error.into()));
        Ok(())
    }

    /// Takes the lock, stores the journal as it stands, and reads the files that will be edited.
    fn lock(&mut self, node: &str, way: Way) -> Result<Seen, Cause> {
        let lock = self.lock_of_run();
        let first = if self.is_first {
            Act::Lock(lock)
        } else {
            let path = node::run_directory(&self.journal.account().run).join(RECORD);
            let found = self.act(node, &[Act::TakeOver(lock), Act::Read(path)])?.pop();
            self.catch_up(found.as_ref().and_then(Done::bytes), node)?;
            self.hold()
        };
        let mut acts = vec![first];
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

    /// Gives back every lock but those of nodes in the middle of a step; the first error stands for all.
    pub(super) fn close_all(&mut self) -> Result<(), Cause> {
        let mut result = Ok(());
        for node in self.journal.account().opened().clone() {
            let account = self.journal.account();
            let mut steps = self.plan.steps.iter().enumerate();
            let is_of = |number: usize, step: &Step| {
                (step.node == node && account.is_entered(number))
                    || (account.is_drained(number) && step.drained().any(|drained| drained.balancer == node))
            };
            if steps.any(|(number, step)| is_of(number, step)) {
                continue;
            }
            let closed = match self.unlocked.get_mut(&node) {
                Some(told) => told.take().map_or(Ok(()), Err),
                None => self.close(&node),
            };
            result = result.and(closed);
        }
        result
    }

    fn close(&mut self, node: &str) -> Result<(), Cause> {
        let unlock = Act::Unlock { run: self.journal.account().run.clone() };
        let mut acts = vec![unlock.clone()];
        // Another machine may have recorded more on a node that this process could not look at.
        if self.is_first || self.opened.contains(node) {
            acts.insert(0, self.stored());
        }
        match self.act(node, &acts) {
            Err(cause) if cause.is_out_of_reach() => {
                self.unlocked.insert(node.into(), None);
                return Err(cause);
            }
            Err(cause) if cause.is_taken_over() => return Err(cause),
            // The lock must not stay because the record cannot be stored.
            Err(_) => self.act(node, &[unlock])?,
            Ok(done) => done,
        };
        self.record(Record::Closed { node: node.into() })
    }

    fn lock_of_run(&self) -> Lock {
        let account = self.journal.account();
        Lock {
            run: account.run.clone(),
            operator: account.operator.clone(),
            since: account.started.to_string(),
            holder: self.holder.clone(),
        }
    }

    /// What every deed on a machine waits for whose lock was taken.
    pub(super) fn hold(&self) -> Act {
        Act::Hold { run: self.journal.account().run.clone(), holder: self.holder.clone() }
    }
}
