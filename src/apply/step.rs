//! One step: holds entered, changes made or taken back, settled, proven, holds left.

use super::{Cause, Event, OnFailure, Run, Way, drain::Back, seen::Seen};
use crate::{
    journal::{Place, Record},
    node::Act,
    plan::{Change, Hold, Restarts},
};

impl Run<'_> {
    /// Carries out a step, and takes it back where it fails.
    pub(super) fn carry_out(&mut self, number: usize) -> Result<(), Cause> {
        let step = &self.plan.steps[number];
        self.await_others(step)?;
        self.watch.event(Event::Step { step, number: number + 1, of: self.plan.steps.len() });
        let Err(cause) = self.go_through(number) else { return Ok(()) };
        let is_taken_back = match (&cause, self.terms.on_failure) {
            (cause, _) if cause.is_taken_over() => Ok(()),
            (Cause::Interrupted | Cause::Journal(_), _) | (_, OnFailure::Keep) => self.release(number),
            (_, OnFailure::TakeBack) => {
                self.watch.event(Event::Failed { step, cause: &cause });
                // A step that never changed anything has nothing that could be told as taken back.
                let was_touched = self.journal.account().was_touched(number) && self.may_have_changed(number);
                let node = was_touched.then(|| step.node.clone());
                self.is_putting_right = true;
                self.take_back(number).map(|()| self.taken_back = node)
            }
        };
        self.is_putting_right = false;
        self.not_taken_back = is_taken_back.err();
        Err(cause)
    }

    fn go_through(&mut self, number: usize) -> Result<(), Cause> {
        let step = &self.plan.steps[number];
        let mut seen = self.enter(number)?;
        for change in 0..step.changes.len() {
            self.stop_if_asked()?;
            self.make(Place { step: number, change }, &mut seen)?;
        }
        if !step.settle.is_empty() {
            self.settle(number, &seen, Way::Forward)?;
            self.refuse_overwritten(number)?;
            self.record(Record::Settled { step: number })?;
        }
        for proof in &step.proofs {
            self.prove(Some(&step.node), proof)?;
        }
        if !step.proofs.is_empty() {
            self.record(Record::Proven { step: number })?;
        }
        self.undrain(number, Back::Up)?;
        self.leave(number, Record::Completed { step: number })?;
        self.watch.event(Event::Completed { step });
        Ok(())
    }

    /// Takes back what was begun of a step and settles it again; its holds are left even where that fails.
    pub(super) fn take_back(&mut self, number: usize) -> Result<(), Cause> {
        if !self.journal.account().was_touched(number) {
            return self.release(number);
        }
        let step = &self.plan.steps[number];
        let is_told = self.may_have_changed(number);
        if is_told {
            self.watch.event(Event::TakingBack { step });
        }
        if let Err(cause) = self.go_back_through(number) {
            return Err(if cause.is_out_of_reach() { cause } else { self.let_go_after(number, cause) });
        }
        if is_told {
            self.watch.event(Event::TakenBack { step });
        }
        Ok(())
    }

    fn go_back_through(&mut self, number: usize) -> Result<(), Cause> {
        let step = &self.plan.steps[number];
        let mut seen = self.enter(number)?;
        self.record(Record::Reverting { step: number })?;
        for change in (0..step.changes.len()).rev() {
            let place = Place { step: number, change };
            if self.journal.account().is_begun(place) {
                self.revert(place, &mut seen)?;
            }
        }
        // A machine that surely saw no change is not restarted for it.
        if self.may_have_changed(number) {
            self.settle(number, &seen, Way::Back)?;
        }
        self.record(Record::Settled { step: number })?;
        self.undrain(number, Back::Up)?;
        self.leave(number, Record::Left { step: number })
    }

    /// Enters the holds and reads, under them, the files that the step works on.
    fn enter(&mut self, number: usize) -> Result<Seen, Cause> {
        let step = &self.plan.steps[number];
        self.record(Record::Entering { step: number })?;
        if step.restarts() == Restarts::Surely {
            self.drain(number)?;
        }
        let run = &self.journal.account().run;
        let files: Vec<_> = step.watched().into_iter().collect();
        let mut acts: Vec<_> = step.holds.iter().filter_map(|hold| entered(hold, run)).collect();
        acts.extend(files.iter().cloned().map(Act::Read));
        let done = self.act(&step.node, &acts)?;
        Ok(Seen::of(files, done))
    }

    /// Leaves the holds and says so.
    fn leave(&mut self, number: usize, record: Record) -> Result<(), Cause> {
        self.let_go(number)?;
        self.record(record)
    }

    /// Leaves the holds on the step's own machine, the last one entered first.
    pub(super) fn let_go(&mut self, number: usize) -> Result<(), Cause> {
        let step = &self.plan.steps[number];
        let account = self.journal.account();
        let mut acts = vec![];
        for hold in step.holds.iter().rev() {
            // Where nothing was changed there is nothing to reconcile.
            if account.was_touched(number) {
                acts.extend(reconciled(hold));
            }
            acts.extend(left(hold, &account.run));
        }
        self.act(&step.node, &acts)?;
        Ok(())
    }

    fn make(&mut self, place: Place, seen: &mut Seen) -> Result<(), Cause> {
        let step = &self.plan.steps[place.step];
        let change = &step.changes[place.change];
        if self.journal.account().is_done(place) {
            if !self.is_lost(place, seen) {
                return Ok(());
            }
            // What was restarted for it has to be restarted for it again.
            self.record(Record::Begun(place))?;
        }
        let acts = match change {
            Change::EditObject { object, edit } => return self.make_in_object(place, object, edit),
            Change::Edit { path, edit } => match self.edited(step, path, edit, seen)? {
                Some(bytes) => vec![self.keep(place, path), seen.write(path, bytes)],
                None => vec![],
            },
            Change::Reissue(reissue) => {
                let made = self.reissued(step, reissue, seen)?;
                made.map(|bytes| seen.write(&reissue.file, bytes)).into_iter().collect()
            }
            Change::Replace(replace) => match seen.is_replaced(&step.node, replace)? {
                true => vec![],
                false => self.replace(place, replace, seen),
            },
            Change::Create { path, text, mode, judge } => {
                let is_lacking = seen.lacks(&step.node, path, text)?;
                let judged = judge.iter().filter(|_| is_lacking);
                let mut acts: Vec<_> =
                    judged.flat_map(|judge| self.judged(place, path, text, judge)).collect();
                if is_lacking || self.journal.account().is_begun(place) {
                    acts.push(self.create(place, path, text, *mode));
                }
                acts
            }
            Change::Run { commands, rewrites, undo: _ } => {
                let mut acts: Vec<_> = commands.iter().cloned().map(Act::Run).collect();
                acts.push(Act::Flush(rewrites.clone()));
                acts
            }
        };
        if acts.is_empty() && !self.journal.account().is_begun(place) {
            self.watch.event(Event::AlreadyMade { step, change });
            return Ok(());
        }
        self.watch.event(Event::Changing { step, change });
        let acts = [self.kept(place.step), acts].concat();
        self.begin(place)?;
        let made = self.act_and_look(place, acts, seen);
        if !made.as_ref().is_err_and(|cause| cause.left_as_it_was(change)) {
            self.changed.insert(place.step);
        }
        made?;
        self.record(Record::Done { place, left: seen.digests(change.rewrites()) })
    }

    fn revert(&mut self, place: Place, seen: &mut Seen) -> Result<(), Cause> {
        let step = &self.plan.steps[place.step];
        let change = &step.changes[place.change];
        match change {
            Change::Edit { path, edit } => {
                if let Some(bytes) = seen.reverted(&step.node, path, edit)? {
                    self.act_and_look(place, vec![seen.write(path, bytes)], seen)?;
                }
            }
            Change::EditObject { object, edit } => self.revert_in_object(object, edit)?,
            Change::Create { path, text, .. } => {
                self.refuse_altered(&step.node, path, text, seen)?;
                let acts = vec![self.remove(place, path, text)];
                self.act_and_look(place, acts, seen)?;
            }
            Change::Replace(replace) if !self.may_be_ours(place, replace, seen) => {}
            Change::Run { .. } | Change::Reissue(_) | Change::Replace(_) => {
                let files = change.rewrites().iter().map(|file| self.put_back(place, file));
                let acts = files.chain(change.undo().iter().cloned().map(Act::Run)).collect();
                self.act_and_look(place, acts, seen)?;
            }
        }
        self.record(Record::Undone(place))
    }

    /// Carries out acts and sees, in the same round trip, what the change made of the files that the step works on.
    fn act_and_look(&mut self, place: Place, mut acts: Vec<Act>, seen: &mut Seen) -> Result<(), Cause> {
        let step = &self.plan.steps[place.step];
        let change = &step.changes[place.change];
        let watched = step.watched();
        let rewritten: Vec<_> =
            change.rewrites().iter().filter(|file| watched.contains(*file)).cloned().collect();
        acts.extend(rewritten.iter().cloned().map(Act::Read));
        let done = self.act(&step.node, &acts)?;
        seen.follow(acts);
        seen.extend(Seen::of(rewritten, done));
        Ok(())
    }
}

/// What enters a hold on the step's own machine.
fn entered(hold: &Hold, run: &str) -> Option<Act> {
    Some(match hold.clone() {
        Hold::Unit { unit, idle, within, .. } => Act::StopIdle { unit, idle, within, run: run.into() },
        Hold::LockFile { path, within } => Act::LockFile { path, run: run.into(), within },
        Hold::Drained(_) => return None,
    })
}

/// What brings a held unit's files in line before it runs again.
fn reconciled(hold: &Hold) -> Vec<Act> {
    match hold.clone() {
        Hold::Unit { reconcile, same, .. } => {
            let same = same.map(|(left, right)| Act::Same { left, right });
            reconcile.into_iter().map(Act::Run).chain(same).collect()
        }
        Hold::LockFile { .. } | Hold::Drained(_) => vec![],
    }
}

fn left(hold: &Hold, run: &str) -> Option<Act> {
    Some(match hold.clone() {
        Hold::Unit { unit, .. } => Act::Start { unit, run: run.into() },
        Hold::LockFile { path, .. } => Act::UnlockFile { path, run: run.into() },
        Hold::Drained(_) => return None,
    })
}
