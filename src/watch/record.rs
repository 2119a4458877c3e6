//! What was seen, as values: every time counts from the beginning by a clock that only goes forward.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use jiff::Timestamp;

use super::Event;
use crate::{api::Miss, endpoint::Endpoint};

/// A row of probes of one kind, to one address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Lane {
    pub kind: Kind,
    pub via: Via,
    pub endpoint: Endpoint,
}

/// How a lane asks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Each probe on a connection of its own, as kubectl asks.
    Fresh,
    /// All on one connection for as long as it lasts, as a kubelet asks.
    Reused,
    /// One answer that never ends, as controllers wait for news.
    Idle,
}

/// What a lane leads through.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Via {
    /// The address that clients share.
    Shared,
    /// A node's own address.
    Node(String),
}

/// One probe.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Record {
    /// Its place among the lanes.
    pub lane: usize,
    /// When it was to leave.
    pub scheduled: Duration,
    /// When it left.
    pub start: Duration,
    pub end: Duration,
    pub seen: Seen,
    /// SHA-256 of the certificate that answered, where one did.
    pub backend: Option<Arc<str>>,
}

/// What became of a probe.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Seen {
    Answered,
    Failed(Miss),
    /// It did not leave: so many were out already that this machine could open no more.
    Unsent,
}

/// A moment that somebody named.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mark {
    pub at: Duration,
    pub text: String,
}

/// The end of an answer that was not to end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Break {
    pub lane: usize,
    pub at: Duration,
}

/// A lane that the server does not allow these credentials.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LeftOut {
    pub lane: usize,
    pub miss: Miss,
}

/// All that was seen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Recording {
    /// When it began by the wall clock, which nothing is measured by.
    pub begun: Timestamp,
    pub interval: Duration,
    pub lasted: Duration,
    pub lanes: Vec<Lane>,
    pub records: Vec<Record>,
    pub breaks: Vec<Break>,
    pub left_out: Vec<LeftOut>,
    pub marks: Vec<Mark>,
    /// Who presents which certificate, by its SHA-256.
    pub backends: BTreeMap<String, String>,
}

impl Recording {
    pub fn new(lanes: Vec<Lane>, interval: Duration, begun: Timestamp) -> Self {
        Self {
            begun,
            interval,
            lasted: Duration::ZERO,
            lanes,
            records: vec![],
            breaks: vec![],
            left_out: vec![],
            marks: vec![],
            backends: BTreeMap::new(),
        }
    }

    pub fn take(&mut self, event: Event) {
        match event {
            Event::Probed(record) => {
                self.lasted = self.lasted.max(record.end);
                self.records.push(record);
            }
            Event::Broke(at) => self.breaks.push(at),
            Event::LeftOut(lane) => self.left_out.push(lane),
        }
    }

    /// The records of one lane, in the order in which they were to leave.
    pub fn of(&self, lane: usize) -> Vec<&Record> {
        let mut records: Vec<_> = self.records.iter().filter(|record| record.lane == lane).collect();
        records.sort_by_key(|record| record.scheduled);
        records
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

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.via {
            Via::Shared => write!(f, "{}", self.kind),
            Via::Node(name) => write!(f, "{name}, {}", self.kind),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fresh => "new connections",
            Self::Reused => "reused connection",
            Self::Idle => "idle watch",
        })
    }
}
