//! What a recording comes to, in numbers.

use std::{collections::BTreeMap, time::Duration};

use super::{
    Kind, Outage, Record, Recording, Seen, Via, calm,
    outage::{gaps, outages},
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

/// A set of times, told by three of them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Spread {
    pub p50: Duration,
    pub p99: Duration,
    pub max: Duration,
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
        let late = |record: &Record| record.start.saturating_sub(record.scheduled);
        let sent = self.records.iter().filter(|record| record.seen != Seen::Unsent);
        let on_schedule = sent.filter(|record| self.lanes[record.lane].kind != Kind::Idle);
        Summary {
            lanes: (0..self.lanes.len()).map(|lane| self.lane_summary(lane)).collect(),
            lateness: Spread::of(on_schedule.map(late).collect()),
            interval: self.interval,
            lasted: self.lasted,
        }
    }

    fn lane_summary(&self, lane: usize) -> LaneSummary {
        let records = self.of(lane);
        let is_idle = self.lanes[lane].kind == Kind::Idle;
        let interruptions = self.interruptions(lane, &records);
        let outages = match is_idle {
            true => self.idle_outages(&interruptions, &records),
            false => outages(&records, calm(self.interval), self.lasted),
        };
        let mut summary = LaneSummary {
            latency: if is_idle { Latency::default() } else { latency(&records, &outages) },
            between: gaps(&records).into_iter().filter(|_| !is_idle).map(|(from, to)| to - from).max(),
            outages,
            interruptions,
            left_out: self.left_out.iter().find(|left| left.lane == lane).map(|left| left.miss.clone()),
            is_shared: self.lanes[lane].via == Via::Shared,
            ..LaneSummary::default()
        };
        for record in records {
            summary.count(record, |fingerprint| self.backend(fingerprint));
        }
        summary
    }

    fn interruptions(&self, lane: usize, records: &[&Record]) -> Vec<Interruption> {
        let breaks = self.breaks.iter().filter(|at| at.lane == lane);
        let one = |at: Duration| {
            let tries = || records.iter().filter(|record| record.scheduled >= at);
            let back = tries().find(|record| record.seen == Seen::Answered).map(|record| record.end);
            let failed = tries().take_while(|record| record.seen != Seen::Answered).count() as u64;
            Interruption { at, back_after: back.map(|back| back.saturating_sub(at)), failed }
        };
        breaks.map(|at| one(at.at)).collect()
    }

    /// A stream that ends and is there again with the next try is none.
    fn idle_outages(&self, interruptions: &[Interruption], records: &[&Record]) -> Vec<Outage> {
        let began = records.first().filter(|record| record.seen != Seen::Answered).map(|first| {
            let back = records.iter().find(|record| record.seen == Seen::Answered);
            let failed = records.iter().take_while(|record| record.seen != Seen::Answered).count() as u64;
            let back_after = back.map(|back| back.end.saturating_sub(first.scheduled));
            Interruption { at: first.scheduled, back_after, failed }
        });
        let lasting = began.iter().chain(interruptions).filter(|interruption| interruption.failed > 0);
        lasting.filter_map(|interruption| self.idle_outage(interruption, records)).collect()
    }

    fn idle_outage(&self, interruption: &Interruption, records: &[&Record]) -> Option<Outage> {
        let after = records.iter().filter(|record| record.scheduled >= interruption.at);
        let first = after.filter_map(|record| match &record.seen {
            Seen::Failed(miss) => Some(miss.clone()),
            _ => None,
        });
        let length = interruption.back_after.unwrap_or(self.lasted.saturating_sub(interruption.at));
        Some(Outage {
            from: interruption.at,
            to: interruption.at + length,
            failed: interruption.failed,
            flaps: 0,
            longest_gap: length,
            first: Some(first.take(1).next()?),
            is_over: interruption.back_after.is_some(),
        })
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
    fn count(&mut self, record: &Record, name: impl Fn(&str) -> String) {
        match &record.seen {
            Seen::Unsent => {
                self.unsent += 1;
                return;
            }
            Seen::Answered => {}
            Seen::Failed(miss) => {
                self.failed += 1;
                *self.classes.entry(miss.class()).or_default() += 1;
            }
        }
        self.sent += 1;
        if let (Seen::Answered, Some(fingerprint)) = (&record.seen, &record.backend) {
            *self.backends.entry(name(fingerprint)).or_default() += 1;
        }
    }

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

impl Spread {
    /// `None` of nothing.
    pub fn of(mut times: Vec<Duration>) -> Option<Self> {
        times.sort_unstable();
        let max = *times.last()?;
        // The least time that so many of a hundred do not exceed.
        let at = |percent: usize| times[(times.len() * percent).div_ceil(100).max(1) - 1];
        Some(Self { p50: at(50), p99: at(99), max })
    }
}

fn latency(records: &[&Record], outages: &[Outage]) -> Latency {
    let begins = outages.first().map_or(Duration::MAX, |outage| outage.from);
    let is_within = |end: Duration| outages.iter().any(|outage| outage.holds(end));
    let answered = || records.iter().filter(|record| record.seen == Seen::Answered);
    let took = |is_meant: &dyn Fn(Duration) -> bool| {
        let meant = answered().filter(|record| is_meant(record.end));
        Spread::of(meant.map(|record| record.end.saturating_sub(record.start)).collect())
    };
    Latency {
        before: took(&|end| end <= begins),
        during: took(&is_within),
        after: took(&|end| end > begins && !is_within(end)),
    }
}
