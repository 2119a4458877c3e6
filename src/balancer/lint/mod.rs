//! What is wrong in the configuration of a load balancer.

pub mod keepalived;
pub mod nginx;
pub mod pf;
pub mod relayd;
pub mod words;
pub mod zone;
