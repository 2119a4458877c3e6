//! relayd.

pub mod parse;
