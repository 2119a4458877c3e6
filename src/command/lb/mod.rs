//! The verbs of load balancers.

pub mod lint;
