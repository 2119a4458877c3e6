//! What recordings come to, and what is recorded of servers on loopback.

mod credentials;
mod follower;
mod model;
mod numbers;
mod outages;
mod wire;

use std::time::Duration;

use super::{Record, Seen};
use crate::api::Miss;

pub(super) fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A probe that left on time, of the first lane.
pub(super) fn probe(scheduled: u64, end: u64, seen: Seen) -> Record {
    Record { lane: 0, scheduled: ms(scheduled), start: ms(scheduled), end: ms(end), seen, backend: None }
}

/// One probe for each letter, every hundred milliseconds: `o` is answered after ten, `x` is refused after one, `t` times
/// out after a second, `-` could not be sent.
pub(super) fn probes(letters: &str) -> Vec<Record> {
    let one = |(index, letter): (usize, char)| {
        let at = index as u64 * 100;
        match letter {
            'o' => probe(at, at + 10, Seen::Answered),
            'x' => probe(at, at + 1, Seen::Failed(Miss::Refused)),
            't' => probe(at, at + 1_000, Seen::Failed(Miss::Deadline)),
            _ => probe(at, at, Seen::Unsent),
        }
    };
    letters.chars().enumerate().map(one).collect()
}
