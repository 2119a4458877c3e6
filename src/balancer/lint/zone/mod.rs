//! zone.

pub mod parse;
