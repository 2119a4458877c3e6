//! nginx.

pub mod parse;
