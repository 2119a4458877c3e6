//! keepalived.

pub mod parse;
