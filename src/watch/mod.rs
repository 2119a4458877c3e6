//! Failover, measured while it happens: probes that leave on schedule, what became of each, and what that comes to.
//!
//! It stands above `api`, whose connections it makes: whoever measures must be recognised by the CA and known to the
//! server as every client is. What is seen are values, and what they come to are pure functions of them.

mod course;
mod follow;
mod lane;
mod outage;
pub mod prediction;
mod prober;
mod record;
mod summary;

pub use course::{Course, Way};
pub use follow::{Follower, Turn};
pub use outage::Outage;
use outage::calm;
pub use prediction::Prediction;
pub use prober::{Event, Prober};
pub use record::{Break, Kind, Lane, LeftOut, Mark, Record, Recording, Seen, Via};
pub use summary::{Interruption, LaneSummary, Latency, Spread, Summary};

#[cfg(test)]
mod tests;
