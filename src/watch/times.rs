//! Times by the thousand: how many lay where, to a thousandth of each, and three of them that tell the rest.

use std::{collections::BTreeMap, time::Duration};

/// So many leading bits of a time in microseconds tell it from others: it is off by a thousandth at most.
const BITS: u32 = 11;

/// A set of times, told by three of them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Spread {
    pub p50: Duration,
    pub p99: Duration,
    pub max: Duration,
}

/// Times that are counted and not kept.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Times {
    /// Those that are alike, with the longest of them, in order.
    alike: BTreeMap<(u32, u64), (u64, Duration)>,
    count: u64,
}

impl Times {
    pub fn count(&mut self, time: Duration) {
        let alike = self.alike.entry(class(time)).or_default();
        *alike = (alike.0 + 1, alike.1.max(time));
        self.count += 1;
    }

    /// `None` of nothing.
    pub fn spread(&self) -> Option<Spread> {
        let (_, max) = *self.alike.values().last()?;
        Some(Spread { p50: self.at(50)?, p99: self.at(99)?, max })
    }

    /// The least time that so many of a hundred do not exceed, as the longest that is like it.
    fn at(&self, percent: u64) -> Option<Duration> {
        let rank = (self.count * percent).div_ceil(100).max(1);
        let mut below = 0;
        let mut classes = self.alike.values();
        classes.find(|(count, _)| (below += count, below >= rank).1).map(|(_, longest)| *longest)
    }
}

impl Spread {
    /// `None` of nothing.
    pub fn of(times: impl IntoIterator<Item = Duration>) -> Option<Self> {
        let mut counted = Times::default();
        times.into_iter().for_each(|time| counted.count(time));
        counted.spread()
    }
}

/// The same for times that are alike, and greater for longer ones.
fn class(time: Duration) -> (u32, u64) {
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let shift = (u64::BITS - micros.leading_zeros()).saturating_sub(BITS);
    (shift, micros >> shift)
}
