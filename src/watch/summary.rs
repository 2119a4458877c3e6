//! What a recording comes to, in numbers.

use std::{collections::BTreeMap, time::Duration};

use super::{
    Lane, Outage, Recording, Spread, Via,
    recording::{Kept, Probes, Tally},
    row::Sum,
};
use crate::api::Miss;

/// The numbers of a whole recording.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Summary {
    pub lanes: Vec<LaneSummary>,
    /// How much later than scheduled the probes left.
    pub lateness: Option<Spread>,
    pub interval: Duration,
    pub lasted: Duration,
}

/// The numbers of one lane.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct LaneSummary {
    pub sent: u64,
    pub failed: u64,
    pub unsent: u64,
    /// Failed probes by their kind.
    pub classes: BTreeMap<&'static str, u64>,
    pub outages: Vec<Outage>,
    /// The longest time between the ends of two answers; `None` where nothing is asked on a schedule, or answered.
    pub between: Option<Duration>,
    pub latency: Latency,
    /// Answers by who gave them.
    pub backends: BTreeMap<String, u64>,
    /// Ends of an answer that was not to end.
    pub interruptions: Vec<Interruption>,
    /// Ends beyond those: first those without a failed try, and of them the shorter ones.
    pub more_interruptions: u32,
    /// Why it was not measured.
    pub left_out: Option<Miss>,
    /// Whether it leads through the address that clients share.
    pub is_shared: bool,
}

/// How long answers took.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Latency {
    /// Before the first outage, or all the time where there was none.
    pub before: Option<Spread>,
    pub during: Option<Spread>,
    /// Outside any outage, after the first.
    pub after: Option<Spread>,
}

/// The end of an answer that was not to end, and how long it took until there was another one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Interruption {
    pub at: Duration,
    /// `None` where there was none any more.
    pub back_after: Option<Duration>,
    pub failed: u64,
}

impl Recording {
    pub fn summary(&self) -> Summary {
        let lanes = self.lanes.iter().zip(&self.kept);
        Summary {
            lanes: lanes.map(|(lane, kept)| self.lane_summary(lane, kept)).collect(),
            lateness: self.late.spread(),
            interval: self.interval,
            lasted: self.lasted,
        }
    }

    fn lane_summary(&self, lane: &Lane, kept: &Kept) -> LaneSummary {
        let Tally { sent, failed, unsent, classes, answers } = kept.tally.clone();
        let mut backends = BTreeMap::new();
        for (fingerprint, count) in answers {
            *backends.entry(self.backend(&fingerprint)).or_default() += count;
        }
        let counted = LaneSummary {
            sent,
            failed,
            unsent,
            classes,
            backends,
            left_out: kept.left_out.clone(),
            is_shared: lane.via == Via::Shared,
            ..LaneSummary::default()
        };
        match &kept.probes {
            Probes::Scheduled(row) => {
                let Sum { outages, latency, between } = row.sum(self.lasted);
                LaneSummary { outages, latency, between, ..counted }
            }
            Probes::Waiting(waits) => LaneSummary {
                outages: waits.outages(self.lasted),
                interruptions: waits.interruptions(),
                more_interruptions: waits.more,
                ..counted
            },
        }
    }
}

impl Summary {
    /// The longest time without an answer of what clients share.
    pub fn longest_gap(&self) -> Option<Duration> {
        self.lanes.iter().filter(|lane| lane.is_shared).filter_map(LaneSummary::longest_gap).max()
    }

    /// The longest outage of what clients share; a node of its own may be down as long as it likes.
    pub fn worst(&self) -> Option<Duration> {
        let shared = self.lanes.iter().filter(|lane| lane.is_shared);
        shared.flat_map(|lane| &lane.outages).map(Outage::length).max()
    }
}

impl LaneSummary {
    /// The longest time without an answer, whether or not a probe failed.
    pub fn longest_gap(&self) -> Option<Duration> {
        self.outages.iter().map(|outage| outage.longest_gap).chain(self.between).max()
    }

    /// All outages together.
    pub fn total(&self) -> Duration {
        self.outages.iter().map(Outage::length).sum()
    }

    pub fn flaps(&self) -> u64 {
        self.outages.iter().map(|outage| outage.flaps).sum()
    }
}
