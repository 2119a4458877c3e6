//! All that was seen, as running numbers: what is kept of a watch grows with its outages, not with its probes.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::Timestamp;

use super::{
    Event, Kind, Lane, Mark, Record, Seen, Timeline,
    row::{AT_ONCE, Row},
    times::Times,
    waits::{MOST, Waits},
};
use crate::api::Miss;

/// A watch, from its beginning on.
#[derive(Clone, Debug)]
pub struct Recording {
    /// When it began by the wall clock, which nothing is measured by.
    pub begun: Timestamp,
    pub interval: Duration,
    pub lasted: Duration,
    pub lanes: Vec<Lane>,
    pub marks: Vec<Mark>,
    /// Who presents which certificate, by its SHA-256.
    pub backends: BTreeMap<String, String>,
    pub(super) kept: Vec<Kept>,
    /// How much later than scheduled the probes left.
    pub(super) late: Times,
}

/// What is kept of one lane.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub tally: Tally,
    pub probes: Probes,
    /// Why it is not measured.
    pub left_out: Option<Miss>,
}

/// The probes of a lane, after its kind.
#[derive(Clone, Debug)]
pub(super) enum Probes {
    Scheduled(Box<Row>),
    Waiting(Waits),
}

/// How many there were.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub sent: u64,
    pub failed: u64,
    pub unsent: u64,
    /// Failed probes by their kind.
    pub classes: BTreeMap<&'static str, u64>,
    /// Answers by the certificate of who gave them.
    pub answers: BTreeMap<Arc<str>, u64>,
}

impl Recording {
    pub fn new(lanes: Vec<Lane>, interval: Duration, begun: Timestamp) -> Self {
        let probes = |lane: &Lane| match lane.kind {
            Kind::Idle => Probes::Waiting(Waits::new(MOST)),
            Kind::Fresh | Kind::Reused => Probes::Scheduled(Box::new(Row::new(interval, AT_ONCE))),
        };
        let kept = |lane| Kept { tally: Tally::default(), probes: probes(lane), left_out: None };
        Self {
            begun,
            interval,
            lasted: Duration::ZERO,
            kept: lanes.iter().map(kept).collect(),
            lanes,
            marks: vec![],
            backends: BTreeMap::new(),
            late: Times::default(),
        }
    }

    pub fn take(&mut self, event: Event) {
        match event {
            Event::Probed(record) => self.probed(record),
            Event::Broke(at) => {
                if let Probes::Waiting(waits) = &mut self.kept[at.lane].probes {
                    waits.ended(at.at);
                }
            }
            Event::LeftOut(left) => self.kept[left.lane].left_out = Some(left.miss),
        }
    }

    fn probed(&mut self, record: Record) {
        self.lasted = self.lasted.max(record.end);
        let kept = &mut self.kept[record.lane];
        kept.tally.count(&record);
        match &mut kept.probes {
            Probes::Waiting(waits) => waits.tried(&record),
            Probes::Scheduled(row) => {
                if record.seen != Seen::Unsent {
                    self.late.count(record.start.saturating_sub(record.scheduled));
                }
                row.take(record);
            }
        }
    }

    /// What became of a lane's probes over time; nothing of a lane that has no schedule.
    pub fn timeline(&self, lane: usize) -> Timeline {
        match &self.kept[lane].probes {
            Probes::Scheduled(row) => row.timeline().clone(),
            Probes::Waiting(_) => Timeline::new(self.interval),
        }
    }

    /// Whether somebody answered who is not known by a name.
    pub fn has_strangers(&self) -> bool {
        let mut answered = self.kept.iter().flat_map(|kept| kept.tally.answers.keys());
        answered.any(|fingerprint| !self.backends.contains_key(&**fingerprint))
    }

    /// Who answered, by a name where one is known, else by the beginning of the fingerprint.
    pub fn backend(&self, fingerprint: &str) -> String {
        let cut = || fingerprint.chars().take(16).collect();
        self.backends.get(fingerprint).cloned().unwrap_or_else(cut)
    }

    /// The time on the wall.
    pub fn wall(&self, at: Duration) -> Timestamp {
        self.begun + at
    }
}

impl Tally {
    fn count(&mut self, record: &Record) {
        self.unsent += u64::from(record.seen == Seen::Unsent);
        self.sent += u64::from(record.seen != Seen::Unsent);
        match (&record.seen, &record.backend) {
            (Seen::Failed(miss), _) => {
                self.failed += 1;
                *self.classes.entry(miss.class()).or_default() += 1;
            }
            (Seen::Answered, Some(fingerprint)) => {
                *self.answers.entry(fingerprint.clone()).or_default() += 1;
            }
            (Seen::Answered, None) | (Seen::Unsent, _) => {}
        }
    }
}
