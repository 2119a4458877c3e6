//! What the balancer in front does.

pub use crate::check::front::{
    Asks, Certainty, Chain, Evidence, Face, Judgement, Login, Ready, Shown, User, sample_size,
};
use crate::report::{Finding, Severity};

#[derive(Debug)]
pub struct Front {
    pub seen: Evidence,
    pub judgement: Judgement,
    /// Those of the judgement, and before them those of the kubeconfig.
    pub findings: Vec<Finding>,
    pub fail_on: Severity,
}
