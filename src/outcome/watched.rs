//! What a watch came to.

use std::{fmt, time::Duration};

use super::{Exit, Paper};
use crate::{
    endpoint::Endpoint,
    watch::{LaneSummary, Prediction, Recording, Summary},
};

/// A recording with what it comes to.
#[derive(Debug)]
pub struct Watched {
    pub recording: Recording,
    pub summary: Summary,
    /// Outages up to this length are no fault.
    pub max_outage: Duration,
    /// What the balancers' configurations let expect; where there is any, that is how long an outage may be.
    pub predicted: Vec<Prediction>,
    pub papers: Vec<Paper<Form>>,
}

/// How a file shows it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Form {
    Junit,
    Html,
}

/// What clients would have noticed of a change.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Requests {
    /// Where they were sent.
    pub through: Endpoint,
    pub interval: Duration,
    pub numbers: LaneSummary,
}

impl Watched {
    /// Whether an outage was longer than it may be.
    pub fn is_failed(&self) -> bool {
        self.summary.worst().is_some_and(|worst| worst > self.max_outage)
    }

    pub(super) fn exit(&self) -> Exit {
        if self.is_failed() { Exit::No } else { Exit::Ok }
    }
}

impl fmt::Display for Requests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { through, interval, numbers } = self;
        let LaneSummary { sent, failed, unsent, .. } = numbers;
        write!(f, "requests to {through} meanwhile: {sent} sent, {failed} failed")?;
        if let Some(gap) = numbers.longest_gap() {
            let every = interval.as_millis();
            write!(
                f,
                ", at most {:.1} s from one answer to the next, one sent every {every} ms",
                gap.as_secs_f64()
            )?;
        }
        let kinds: Vec<_> = numbers.classes.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        if !kinds.is_empty() {
            write!(f, " ({})", kinds.join(", "))?;
        }
        if *unsent > 0 { write!(f, "; {unsent} could not be sent") } else { Ok(()) }
    }
}
