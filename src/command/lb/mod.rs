//! The verbs of load balancers.

pub mod apply;
pub mod check;
pub mod lint;
pub mod render;
