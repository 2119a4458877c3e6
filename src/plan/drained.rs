//! A node that is taken out of the load balancers in front of it while its server is restarted.

use std::{fmt, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use super::{Hold, Settle, Step};

/// One server of one balancer, out of its rotation from before the restart until all is settled.
///
/// Where the restart is certain it is entered before the first change, else right before the restart. It gets no new
/// connection meanwhile and goes on being checked, so that the balancer knows its state at the very moment in which it is
/// put back. What somebody else took out is left as it is.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Drained {
    /// The machine, by its name among the plan's nodes.
    pub balancer: String,
    /// HAProxy's admin socket there.
    pub socket: PathBuf,
    /// `BACKEND/SERVER`.
    pub server: String,
    /// How long the connections that it has may take to end.
    pub rest: Duration,
    /// When the balancer puts it back by itself, were nobody left to do it.
    pub back_after: Duration,
    /// How long the balancer may take to say that it is up again.
    pub up_within: Duration,
}

/// Whether a step restarts what clients talk to.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Restarts {
    Never,
    /// Where the wire does not follow the disk.
    Perhaps,
    Surely,
}

impl Step {
    pub fn restarts(&self) -> Restarts {
        let of = |settle: &Settle| match settle {
            Settle::Restart { .. } => Restarts::Surely,
            Settle::ServesFile { otherwise: Some(_), .. } => Restarts::Perhaps,
            Settle::ServesFile { otherwise: None, .. }
            | Settle::Reload { .. }
            | Settle::AwaitReady { .. }
            | Settle::AwaitNode { .. }
            | Settle::RollOut { .. }
            | Settle::Resigned { .. } => Restarts::Never,
        };
        self.settle.iter().map(of).max().unwrap_or(Restarts::Never)
    }

    /// Units that are restarted when its changes are made.
    pub fn restarted(&self) -> impl Iterator<Item = &str> {
        self.settle.iter().filter_map(|settle| match settle {
            Settle::Restart { unit } => Some(unit.as_str()),
            _ => None,
        })
    }

    /// The balancers that the step's node is taken out of.
    pub fn drained(&self) -> impl Iterator<Item = &Drained> {
        self.holds.iter().filter_map(|hold| match hold {
            Hold::Drained(drained) => Some(drained),
            Hold::Unit { .. } | Hold::LockFile { .. } => None,
        })
    }

    /// How long settling and proving may take by the step's own account.
    pub fn patience(&self) -> Duration {
        let settle = self.settle.iter().map(|settle| match settle {
            Settle::ServesFile { within, otherwise, .. } => {
                *within + otherwise.as_ref().map_or(Duration::ZERO, |restart| restart.within)
            }
            Settle::AwaitReady { within, .. }
            | Settle::AwaitNode { within, .. }
            | Settle::RollOut { within, .. }
            | Settle::Resigned { within, .. } => *within,
            Settle::Restart { .. } | Settle::Reload { .. } => Duration::ZERO,
        });
        // A proof waits for the names, and then for readiness.
        settle.sum::<Duration>() + self.proofs.iter().map(|proof| 2 * proof.within).sum::<Duration>()
    }
}

impl fmt::Display for Drained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { balancer, server, back_after, .. } = self;
        write!(
            f,
            "before a restart, drain {server} on {balancer}, which puts it back after {} min if nobody does",
            back_after.as_secs().div_ceil(60)
        )
    }
}
