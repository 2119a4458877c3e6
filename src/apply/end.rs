//! How a run ends: the locks given back, and what it leaves behind told.

use std::collections::BTreeSet;

use super::{Cause, Run, Stopped};
use crate::journal::{Outcome, Record, State};

impl Run<'_> {
    /// Gives the locks back and says how things stand.
    pub(super) fn end(mut self, result: Result<(), Cause>) -> Result<(), Stopped> {
        let Err(cause) = result.and_then(|()| self.conclude()).and_then(|()| self.close_all()) else {
            return Ok(());
        };
        // The cause is told, and not what else goes wrong while the locks are given back: what stays is in `held`.
        if cause.is_taken_over() {
            // The locks are the other process's, and so is the end of the run.
            let _ = self.record(Record::Rested);
        } else {
            let _ = self.rest();
            let _ = self.close_all();
        }
        let account = self.journal.account();
        let of_step = |number: &usize| self.plan.steps[*number].node.clone();
        let steps = 0..self.plan.steps.len();
        let completed = self.nodes_where(|number| account.is_completed(number));
        let entered = steps.clone().filter(|number| account.is_entered(*number)).map(|n| of_step(&n));
        let untouched = self.nodes_where(|number| !account.was_touched(number));
        let was_touched =
            steps.clone().any(|number| account.was_touched(number) && self.may_have_changed(number));
        let in_place = self.in_place();
        let drained = steps.clone().filter(|number| account.is_drained(*number));
        let balancers = drained.flat_map(|number| self.plan.steps[number].drained());
        let balancers = balancers.map(|drained| drained.balancer.clone());
        let held = entered.chain(account.opened().iter().cloned()).chain(balancers);
        let held: BTreeSet<_> = held.filter(|_| !cause.is_taken_over()).collect();
        Err(Stopped {
            cause: Box::new(cause),
            run: account.run.clone(),
            state: account.state(),
            journal: self.journal.path().to_owned(),
            completed,
            untouched,
            is_clean: !was_touched
                && held.is_empty()
                && self.restarted.is_empty()
                && self.not_taken_back.is_none(),
            taken_back: self.taken_back,
            not_taken_back: self.not_taken_back.map(Box::new),
            held: held.into_iter().collect(),
            restarted: self.restarted.into_iter().collect(),
            in_place,
            is_changed: account.has_changes(),
        })
    }

    /// Nodes with a step of which this is so, in order; one that only looks changes none.
    fn nodes_where(&self, is_so: impl Fn(usize) -> bool) -> Vec<String> {
        let mut nodes: Vec<String> = vec![];
        for (number, step) in self.plan.steps.iter().enumerate() {
            let only_looks = step.changes.is_empty() && step.settle.is_empty();
            if !only_looks && is_so(number) && !nodes.contains(&step.node) {
                nodes.push(step.node.clone());
            }
        }
        nodes
    }

    /// Records that all is told, where the last record does not say so.
    fn conclude(&mut self) -> Result<(), Cause> {
        if self.journal.account().rests() { Ok(()) } else { self.record(Record::Rested) }
    }

    /// Records that all is told: a run that left no change is over.
    fn rest(&mut self) -> Result<(), Cause> {
        let account = self.journal.account();
        let steps = 0..self.plan.steps.len();
        let is_clean = !account.has_changes() && !steps.clone().any(|number| account.is_entered(number));
        let outcome = match steps.clone().any(|number| account.was_touched(number)) {
            true => Outcome::Undone,
            false => Outcome::Refused,
        };
        self.record(match account.state() {
            State::Unfinished if is_clean => Record::Finished { outcome },
            _ => Record::Rested,
        })
    }
}
