//! Letting go of what a step holds, unless the machine would come to harm by it.

use std::path::Path;

use super::{Cause, Run, drain::Back, seen::Seen};
use crate::{
    cert::ServingCert,
    endpoint::Endpoint,
    journal::Record,
    node::Act,
    plan::{Hold, Settle, Step},
    probe::Trust,
};

impl Run<'_> {
    /// Leaves the holds of a step that is not complete.
    pub(super) fn release(&mut self, number: usize) -> Result<(), Cause> {
        if self.journal.account().is_entered(number) {
            // Its server may be down: the balancer's own check decides, which went on all the while.
            let undrained = self.undrain(number, Back::Unseen);
            self.refuse_harm(number)?;
            self.let_go(number)?;
            undrained?;
            self.record(Record::Left { step: number })?;
        }
        Ok(())
    }

    /// Leaves the holds of a step that could not be taken back, and says which of the two counts more.
    pub(super) fn let_go_after(&mut self, number: usize, cause: Cause) -> Cause {
        match self.release(number) {
            Err(Cause::KeptHeld { node, path, unit, .. }) => {
                Cause::KeptHeld { node, path, unit, source: Some(Box::new(cause)) }
            }
            // That the changes stay is what counts; a hold that stays too is found in the journal.
            _ => cause,
        }
    }

    /// Refuses to start a unit over a broken certificate: it would sign a new one and kill every pod.
    fn refuse_harm(&mut self, number: usize) -> Result<(), Cause> {
        let step = &self.plan.steps[number];
        let Some(unit) = held_unit(step).filter(|_| self.journal.account().was_touched(number)) else {
            return Ok(());
        };
        let served: Vec<_> = served(step).collect();
        let files: Vec<_> = served.iter().map(|(_, file)| (*file).to_owned()).collect();
        let acts: Vec<_> = files.iter().cloned().map(Act::Read).collect();
        let done = self.act(&step.node, &acts)?;
        let seen = Seen::of(files, done);
        match served.into_iter().find(|(endpoint, file)| !self.is_sound(seen.bytes(file), endpoint)) {
            Some((_, path)) => Err(Cause::KeptHeld {
                node: step.node.clone(),
                path: path.to_owned(),
                unit: unit.to_owned(),
                source: None,
            }),
            None => Ok(()),
        }
    }

    /// Whether the bytes are a certificate that chains to what the plan trusts.
    fn is_sound(&self, pem: Option<&[u8]>, endpoint: &Endpoint) -> bool {
        let certs = pem.and_then(|pem| ServingCert::all_from_pem(pem).ok()).unwrap_or_default();
        let [leaf, chain @ ..] = certs.as_slice() else { return false };
        let trust = &self.plan.cluster.trust;
        let judge = |trust: Trust| trust.judge_chain(leaf, chain, &endpoint.host, (self.world.now)());
        trust.is_empty() || Trust::from_pem(trust).is_ok_and(|trust| judge(trust).chain.is_none())
    }
}

fn held_unit(step: &Step) -> Option<&str> {
    step.holds.iter().find_map(|hold| match hold {
        Hold::Unit { unit, .. } => Some(unit.as_str()),
        Hold::LockFile { .. } | Hold::Drained(_) => None,
    })
}

fn served(step: &Step) -> impl Iterator<Item = (&Endpoint, &Path)> {
    step.settle.iter().filter_map(|settle| match settle {
        Settle::ServesFile { endpoint, file, .. } => Some((endpoint, file.as_path())),
        Settle::Restart { .. }
        | Settle::Reload { .. }
        | Settle::AwaitReady { .. }
        | Settle::AwaitNode { .. }
        | Settle::RollOut { .. }
        | Settle::Resigned { .. } => None,
    })
}
