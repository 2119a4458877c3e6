//! Failover, measured while it happens: probes that leave on schedule, what became of each, and what that comes to.
//!
//! It stands above `api`, whose connections it makes: whoever measures must be recognised by the CA and known to the
//! server as every client is. What is seen are values, and what they come to are pure functions of them.

mod course;
mod follow;
mod gaps;
mod lane;
mod latencies;
mod outage;
pub mod prediction;
mod prober;
mod record;
mod recording;
mod row;
mod summary;
mod timeline;
mod times;
mod waits;

pub use course::{Course, Way};
pub use follow::{Follower, Turn};
pub use outage::Outage;
use outage::calm;
pub use prediction::Prediction;
pub use prober::{Event, Prober};
pub use record::{Break, Kind, Lane, LeftOut, Mark, Record, Seen, Via};
pub use recording::Recording;
pub use summary::{Interruption, LaneSummary, Latency, Summary};
pub use timeline::{Fate, Timeline};
pub use times::Spread;

#[cfg(test)]
mod tests;
