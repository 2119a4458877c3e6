//! What a run tells while it is at work, and how it is asked to stop.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::Cause;
use crate::{
    node,
    plan::{Change, Drained, Proof, Settle, Step},
    rollout::Refused,
};

/// Sees a run at work. Whoever prints implements this.
pub trait Watch {
    fn event(&mut self, event: Event<'_>);
}

/// What happens, in order.
#[derive(Clone, Copy)]
pub enum Event<'a> {
    /// A new run has its journal; nothing is changed yet.
    Begun {
        run: &'a str,
    },
    /// The node's lock is being taken.
    Opening {
        node: &'a str,
    },
    /// The lock of a node that has nothing to be taken back cannot be taken, and the run goes on without it.
    Unlocked {
        node: &'a str,
        error: &'a node::Error,
    },
    /// A step begins; `number` counts from one.
    Step {
        step: &'a Step,
        number: usize,
        of: usize,
    },
    /// A node has its turn only once the other API servers are ready.
    Awaiting {
        step: &'a Step,
        refused: &'a Refused,
    },
    /// The other API servers are ready after a wait.
    Awaited {
        step: &'a Step,
        took: Duration,
    },
    /// A change is being made.
    Changing {
        step: &'a Step,
        change: &'a Change,
    },
    /// A change is in place already and not ours to make.
    AlreadyMade {
        step: &'a Step,
        change: &'a Change,
    },
    /// The step's effect is being awaited on the wire.
    Settling {
        step: &'a Step,
        settle: &'a Settle,
    },
    /// What was awaited is there.
    Settled {
        step: &'a Step,
        took: Duration,
    },
    /// The step's node is being taken out of a balancer.
    Draining {
        step: &'a Step,
        drained: &'a Drained,
    },
    /// Somebody else keeps the step's node out of a balancer, and it is left so.
    KeptOut {
        step: &'a Step,
        drained: &'a Drained,
    },
    /// The step's node is back in a balancer.
    Undrained {
        step: &'a Step,
        drained: &'a Drained,
    },
    /// A unit is being restarted.
    Restarting {
        step: &'a Step,
        unit: &'a str,
        occasion: Occasion,
    },
    /// Fresh connections are being made to see what was promised.
    Proving {
        /// `None` for what is proved once all is done.
        node: Option<&'a str>,
        proof: &'a Proof,
    },
    Proven {
        proof: &'a Proof,
        took: Duration,
    },
    /// Nothing can be seen from this node, which passes no connections on, and the run goes on.
    NotSeen {
        node: &'a str,
        proof: &'a Proof,
    },
    /// The step is complete, its holds are left.
    Completed {
        step: &'a Step,
    },
    /// A step failed and is being taken back; the others stay.
    Failed {
        step: &'a Step,
        cause: &'a Cause,
    },
    /// A step is being taken back.
    TakingBack {
        step: &'a Step,
    },
    TakenBack {
        step: &'a Step,
    },
}

/// Why a unit is restarted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Occasion {
    /// The plan says so: the unit takes its files in only then.
    Planned,
    /// The wire did not follow the disk; the next rung of the ladder.
    NotFollowed,
}

/// A request to stop once the current change is finished.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// The flag that a signal handler raises.
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }

    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Sees nothing.
pub struct Unwatched;

impl Watch for Unwatched {
    fn event(&mut self, _: Event<'_>) {}
}
