//! How things stand while the probes are on their way.

use std::time::Duration;

use super::{Event, Kind, Lane, Seen, Via, calm};
use crate::api::Miss;

/// What changes with an event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Turn {
    /// A lane that answered, or was never asked, fails.
    Fails {
        lane: usize,
        at: Duration,
        miss: Miss,
    },
    /// A lane that failed answers again, and has not failed since for long enough to say so.
    Answers {
        lane: usize,
        at: Duration,
        since: Duration,
    },
    /// An answer that was not to end has ended.
    Ended {
        lane: usize,
        at: Duration,
    },
    LeftOut {
        lane: usize,
        miss: Miss,
    },
}

/// Follows every lane from probe to probe.
#[derive(Clone, Debug)]
pub struct Follower {
    lanes: Vec<Standing>,
    calm: Duration,
    pub sent: u64,
    pub failed: u64,
}

#[derive(Clone, Debug, Default)]
struct Standing {
    counts: bool,
    failing_since: Option<Duration>,
    last_failure: Option<Duration>,
    last_answer: Option<Duration>,
    /// When answers came again after too long without any.
    silent_until: Option<Duration>,
    /// When it answered for the first time since its last failure.
    back: Option<Duration>,
}

impl Follower {
    /// Follows lanes in which a probe leaves at this interval.
    pub fn new(lanes: &[Lane], interval: Duration) -> Self {
        let counts = |lane: &Lane| lane.kind != Kind::Idle && lane.via == Via::Shared;
        let standing = |lane| Standing { counts: counts(lane), ..Standing::default() };
        Self { lanes: lanes.iter().map(standing).collect(), calm: calm(interval), sent: 0, failed: 0 }
    }

    /// What the event changes, if anything.
    pub fn heed(&mut self, event: &Event) -> Option<Turn> {
        let record = match event {
            Event::Broke(at) => return Some(Turn::Ended { lane: at.lane, at: at.at }),
            Event::LeftOut(left) => return Some(Turn::LeftOut { lane: left.lane, miss: left.miss.clone() }),
            Event::Probed(record) => record,
        };
        let standing = &mut self.lanes[record.lane];
        self.sent += u64::from(record.seen != Seen::Unsent);
        match &record.seen {
            Seen::Unsent => None,
            Seen::Failed(miss) => {
                self.failed += 1;
                standing.last_failure = standing.last_failure.max(Some(record.end));
                standing.back = None;
                let begins = standing.failing_since.is_none();
                standing.failing_since.get_or_insert(record.scheduled);
                begins.then(|| Turn::Fails { lane: record.lane, at: record.end, miss: miss.clone() })
            }
            Seen::Answered => {
                if record.end.saturating_sub(standing.last_answer.unwrap_or_default()) > self.calm {
                    standing.silent_until = Some(record.end);
                }
                standing.last_answer = standing.last_answer.max(Some(record.end));
                // One that left before the failure and is answered late ends nothing.
                let since = standing.failing_since.filter(|since| *since <= record.scheduled)?;
                let at = *standing.back.get_or_insert(record.end);
                let is_calm = record.end >= standing.last_failure.unwrap_or_default() + self.calm;
                is_calm.then(|| {
                    standing.failing_since = None;
                    Turn::Answers { lane: record.lane, at, since }
                })
            }
        }
    }

    /// Whether what clients share has answered for so long without a failure.
    pub fn is_stable(&self, long: Duration, now: Duration) -> bool {
        let is_stable = |lane: &Standing| {
            let answered = lane.last_answer.unwrap_or_default();
            let bad = lane.last_failure.max(lane.silent_until).unwrap_or_default();
            lane.last_answer > lane.last_failure
                && now.saturating_sub(answered) <= self.calm
                && now.saturating_sub(bad) >= long
        };
        self.lanes.iter().filter(|lane| lane.counts).all(is_stable)
    }
}
