//! What was seen, as values: every time counts from the beginning by a clock that only goes forward.

use std::{fmt, sync::Arc, time::Duration};

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
