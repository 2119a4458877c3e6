//! One round trip to a machine, for those who want to know where the time goes.

use std::{sync::Arc, time::Duration};

/// A round trip that came to its end, one way or the other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Trip<'a> {
    pub node: &'a str,
    pub errand: Errand<'a>,
    pub took: Duration,
    pub is_answered: bool,
}

/// What a round trip was for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Errand<'a> {
    /// To connect and log in.
    Login { host: &'a str },
    /// So many questions.
    Look { asks: usize },
    /// So many deeds.
    Act { acts: usize },
    /// To see whether the machine gets through to somebody.
    Reach { host: &'a str, port: u16 },
}

/// Whoever is told of round trips, from whichever thread makes them.
pub type Listener = Arc<dyn Fn(Trip<'_>) + Send + Sync>;
