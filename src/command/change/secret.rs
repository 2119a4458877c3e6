//! A certificate that servers share through a secret, and that none of them may change.

use crate::{
    api::{Api, VerifyAs},
    command::shared::{cluster::Cluster, survey::Surveyed},
    plan::{Restarts, Step},
    report::Finding,
    world::World,
};

/// Why no restart will change it; nothing where the cluster does not tell, because then the proof does.
pub fn bound(nodes: &[Surveyed], steps: &[Step], cluster: &Cluster, world: &World) -> Option<Finding> {
    let is_restarted = |node: &&Surveyed| {
        steps.iter().any(|step| step.node == node.name && step.restarts() == Restarts::Surely)
    };
    let mut sharing =
        nodes.iter().filter(is_restarted).filter_map(|node| Some((node, node.control_plane.secret()?)));
    let (node, (namespace, name)) = sharing.next()?;
    let api = Api::new(&world.wire, &cluster.access, Some(&node.endpoint), VerifyAs::Kubernetes).ok()?;
    node.control_plane.bound_by(&api.annotations(namespace, name).ok()??)
}
