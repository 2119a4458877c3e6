//! A node out of the load balancers in front of it while its server is restarted, and back once it serves.

use super::{Cause, Event, Run};
use crate::{
    journal::Record,
    node::{self, Act, Done, Drain},
    plan::Drained,
    world::await_within,
};

/// What a balancer has to say of a server that is put back.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Back {
    /// It serves, so it must be up.
    Up,
    /// Nobody knows whether it serves.
    Unseen,
}

impl Run<'_> {
    /// Takes the step's node out of its balancers, one after the other; where it is out already, the time until a
    /// balancer puts it back by itself begins anew.
    pub(super) fn drain(&mut self, number: usize) -> Result<(), Cause> {
        let step = &self.plan.steps[number];
        if step.drained().next().is_none() {
            return Ok(());
        }
        self.record(Record::Draining { step: number })?;
        let is_told = self.drained.contains(&number);
        for drained in step.drained() {
            if !is_told {
                self.watch.event(Event::Draining { step, drained });
            }
            if self.drain_on(drained)? == Done::Already && !is_told {
                self.watch.event(Event::KeptOut { step, drained });
            }
        }
        self.drained.insert(number);
        Ok(())
    }

    /// Waits for the other servers of the backend: a balancer sees later than we do that one is ready again.
    fn drain_on(&mut self, drained: &Drained) -> Result<Done, Cause> {
        let act = Act::Drain(Drain {
            socket: drained.socket.clone(),
            server: drained.server.clone(),
            run: self.journal.account().run.clone(),
            rest: drained.rest,
            back_after: drained.back_after,
        });
        let patience = self.terms.patience;
        await_within(patience, || match self.stop_if_asked().and_then(|()| self.act_on(drained, &act)) {
            Err(cause @ Cause::Node(node::Error::NotSpared { .. })) => Err(cause),
            other => Ok(other),
        })?
    }

    /// Puts the step's node back into the balancers that this run took it out of; the first error stands for all.
    pub(super) fn undrain(&mut self, number: usize, back: Back) -> Result<(), Cause> {
        if !self.journal.account().is_drained(number) {
            return Ok(());
        }
        self.drained.remove(&number);
        let step = &self.plan.steps[number];
        let mut result = Ok(());
        for drained in step.drained() {
            let act = Act::Undrain {
                socket: drained.socket.clone(),
                server: drained.server.clone(),
                run: self.journal.account().run.clone(),
                within: (back == Back::Up).then_some(drained.up_within),
            };
            let done = self.act_on(drained, &act);
            match done {
                Ok(Done::Already) => self.watch.event(Event::KeptOut { step, drained }),
                Ok(_) => self.watch.event(Event::Undrained { step, drained }),
                Err(_) => {}
            }
            result = result.and(done.map(drop));
        }
        result
    }

    fn act_on(&mut self, drained: &Drained, act: &Act) -> Result<Done, Cause> {
        let done = self.act(&drained.balancer, std::slice::from_ref(act))?;
        Ok(done.into_iter().next().unwrap_or(Done::Done))
    }
}
