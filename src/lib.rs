//! Moves a Kubernetes control plane behind a load-balancer address without breaking TLS.
//!
//! The way of every verb: look (read only), plan (pure data), apply (one interpreter, journalled), prove (on the
//! wire), report (values), render (one place).

pub mod api;
pub mod apply;
pub mod balancer;
pub mod cert;
pub mod check;
pub mod cli;
pub mod command;
pub mod distro;
pub mod edit;
pub mod endpoint;
pub mod error;
pub mod front;
pub mod inventory;
pub mod journal;
pub mod kubeconfig;
pub mod machines;
pub mod node;
pub mod operator;
pub mod outcome;
pub mod plan;
pub mod probe;
pub mod rehearse;
pub mod render;
pub mod report;
pub mod rollout;
pub mod san;
pub mod watch;
pub mod world;
