//! MicroK8s: a template for OpenSSL, its own functions to render and sign, and a kicker that must not notice.

use super::{ControlPlane, Distro};
use crate::node::{self, Answer, Ask, Node};

pub struct MicroK8s;

impl Distro for MicroK8s {
    fn name(&self) -> &'static str {
        "microk8s"
    }

    fn asks(&self) -> Vec<Ask> {
        unimplemented!()
    }

    fn detect(&self, _answers: &[Answer]) -> bool {
        unimplemented!()
    }

    fn observe(&self, _node: &dyn Node) -> Result<Box<dyn ControlPlane>, node::Error> {
        unimplemented!()
    }
}
