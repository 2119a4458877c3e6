//! Carries out a plan, step by step, journalling as it goes; and takes it back.

mod aftermath;
mod cluster;
mod copies;
mod create;
mod drain;
mod end;
mod error;
mod foreseen;
mod laid;
mod locks;
mod machines;
mod object;
mod passage;
mod reissue;
mod release;
mod replace;
mod seen;
mod step;
mod taken_in;
mod terms;
mod unlike;
mod watch;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

pub use aftermath::InPlace;
pub use cluster::Unsettled;
pub use error::{Cause, Stopped};
pub use foreseen::Foreseen;
pub use laid::{Laid, Over, ToLay, Unlaid, lay_out};
pub use machines::RECORD;
pub use object::Unwritten;
pub use terms::{OnFailure, Terms};
pub use unlike::{Unlike, Unseen};
pub use watch::{Event, Interrupt, Occasion, Unwatched, Watch};

use crate::{
    journal::{self, Journal, Listed, Outcome, Record, State},
    node::NodeMut,
    plan::Plan,
    rollout,
    world::World,
};

/// Carries out what the journal's plan still asks for: all of it, or the rest of a run that was cut off.
pub fn apply(
    journal: &mut Journal,
    world: &World,
    terms: &Terms,
    watch: &mut dyn Watch,
) -> Result<(), Stopped> {
    let plan = plan_of(journal, terms);
    let mut run = Run::new(journal, &plan, world, terms, watch);
    let result = run.forward();
    run.end(result)
}

/// Takes back whatever the run changed, the last step first; a run that changed nothing is left alone.
pub fn undo(
    journal: &mut Journal,
    world: &World,
    terms: &Terms,
    watch: &mut dyn Watch,
) -> Result<(), Stopped> {
    let plan = plan_of(journal, terms);
    let mut run = Run::new(journal, &plan, world, terms, watch);
    let result = run.back();
    run.end(result)
}

fn plan_of(journal: &Journal, terms: &Terms) -> Plan {
    let plan = journal.account().plan.clone();
    match &terms.cluster {
        Some(cluster) => Plan { cluster: cluster.clone(), ..plan },
        None => plan,
    }
}

/// A run at work.
struct Run<'a> {
    journal: &'a mut Journal,
    plan: &'a Plan,
    world: &'a World,
    terms: &'a Terms,
    watch: &'a mut dyn Watch,
    /// Its name among the processes that may be at work on the run.
    holder: String,
    /// Machines with a connection.
    machines: BTreeMap<String, Box<dyn NodeMut>>,
    /// Nodes whose lock this process took.
    opened: BTreeSet<String>,
    /// Nodes whose lock this process cannot take or give back, and why, until that is told.
    unlocked: BTreeMap<String, Option<Cause>>,
    /// Whether no process was at work on this run before.
    is_first: bool,
    /// Steps of which this process changed something, or may have.
    changed: BTreeSet<usize>,
    taken_back: Option<String>,
    not_taken_back: Option<Cause>,
    /// Whether a step that did not work out is being taken back, which is not left half done on request.
    is_putting_right: bool,
    /// Steps whose node this process keeps out of its balancers.
    drained: BTreeSet<usize>,
    /// Nodes and their units that this process restarted.
    restarted: BTreeSet<(String, String)>,
}

/// Which way a run goes.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Way {
    Forward,
    Back,
}

impl<'a> Run<'a> {
    fn new(
        journal: &'a mut Journal,
        plan: &'a Plan,
        world: &'a World,
        terms: &'a Terms,
        watch: &'a mut dyn Watch,
    ) -> Self {
        Self {
            is_first: journal.account().is_fresh(),
            journal,
            plan,
            world,
            terms,
            watch,
            holder: (world.random)().map(|octet| format!("{octet:02x}")).concat(),
            machines: BTreeMap::new(),
            opened: BTreeSet::new(),
            drained: BTreeSet::new(),
            unlocked: BTreeMap::new(),
            changed: BTreeSet::new(),
            taken_back: None,
            not_taken_back: None,
            is_putting_right: false,
            restarted: BTreeSet::new(),
        }
    }

    fn forward(&mut self) -> Result<(), Cause> {
        if self.is_first {
            self.watch.event(Event::Begun { run: &self.journal.account().run });
        }
        if self.state() != State::Unfinished {
            return self.open_left();
        }
        self.refuse_while_being_undone()?;
        rollout::same_cluster(self.world, &self.plan.cluster, &self.cut_off())?;
        self.open_all(Way::Forward)?;
        // Another machine may have gone on with the run since this one knew it.
        if self.state() != State::Unfinished {
            return Ok(());
        }
        self.refuse_while_being_undone()?;
        self.try_objects(Way::Forward)?;
        for number in 0..self.plan.steps.len() {
            if self.needs(Way::Forward, number) {
                self.stop_if_asked()?;
                self.carry_out(number)?;
            }
        }
        for proof in &self.plan.finally {
            self.prove(None, proof)?;
        }
        self.record(Record::Finished { outcome: Outcome::Done })
    }

    fn back(&mut self) -> Result<(), Cause> {
        let is_back = |run: &Self| matches!(run.state(), State::Undone | State::Refused);
        if is_back(self) {
            return self.open_left();
        }
        self.refuse_while_depended_on()?;
        self.open_all(Way::Back)?;
        if is_back(self) {
            return Ok(());
        }
        self.try_objects(Way::Back)?;
        if !self.journal.account().is_being_undone() {
            self.record(Record::Undoing)?;
        }
        for number in (0..self.plan.steps.len()).rev() {
            if self.needs(Way::Back, number) {
                self.stop_if_asked()?;
                self.take_back(number)?;
            }
        }
        self.record(Record::Finished { outcome: Outcome::Undone })
    }

    fn state(&self) -> State {
        self.journal.account().state()
    }

    fn record(&mut self, record: Record) -> Result<(), Cause> {
        Ok(self.journal.append(record)?)
    }

    /// Whether the step is part of the way that lies ahead.
    fn needs(&self, way: Way, number: usize) -> bool {
        let account = self.journal.account();
        match way {
            Way::Forward => !account.is_completed(number),
            Way::Back => account.has_changes_of(number) || account.is_entered(number),
        }
    }

    /// Nodes that an earlier process may have left in the middle of a step.
    fn cut_off(&self) -> BTreeSet<&'a str> {
        let account = self.journal.account();
        let steps = self.plan.steps.iter().enumerate();
        steps
            .filter(|(number, _)| account.is_entered(*number) || account.has_changes_of(*number))
            .map(|(_, step)| step.node.as_str())
            .collect()
    }

    /// Whether a machine may have seen a change of the step: a process before this one leaves no word of what it did.
    fn may_have_changed(&self, number: usize) -> bool {
        !self.is_first || self.changed.contains(&number)
    }

    fn stop_if_asked(&self) -> Result<(), Cause> {
        let is_asked = self.terms.interrupt.is_raised() && !self.is_putting_right;
        if is_asked { Err(Cause::Interrupted) } else { Ok(()) }
    }

    fn refuse_while_being_undone(&self) -> Result<(), Cause> {
        let account = self.journal.account();
        if account.is_being_undone() { Err(Cause::BeingUndone { run: account.run.clone() }) } else { Ok(()) }
    }

    fn refuse_while_depended_on(&self) -> Result<(), Cause> {
        let account = self.journal.account();
        for Listed { run: later, account: other } in Journal::list(&self.world.state)? {
            let other = match other {
                Err(journal::Error::Empty { .. }) => continue,
                Err(_) if later <= account.run => continue,
                other => other?,
            };
            if other.started <= account.started || !other.has_changes() {
                continue;
            }
            if let Some(dependence) = other.plan.depends_on(self.plan) {
                return Err(Cause::DependedOn { run: account.run.clone(), later, dependence });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
