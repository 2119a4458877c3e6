//! Everything that is tested from outside the library: the binary, the documents, the rooms, the lab.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test stops at what it did not expect, starts programs, and says what it leaves out"
)]

mod by_hand;
mod concurrency;
mod controls;
mod crashes;
mod desk;
mod discovery;
mod docs;
mod engine;
mod faces;
mod harness;
mod inspect;
mod keyboard;
mod kubeconfig_list;
mod kubectl;
mod lab;
mod main_job;
mod progress;
mod refusals;
mod rehearse;
mod rooms;
mod round_trips;
mod ssh;
mod stage;
mod verbs;
mod wait;
