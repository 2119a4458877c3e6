//! pf.

pub mod parse;
