//! What stands in front of the API servers, judged as `cpctl lb check` does before a run leads anybody there.

use super::Unlike;
use crate::{
    api::Access,
    check::front,
    front::Look,
    plan::{Cluster, Proof},
    probe::Trust,
    report::Severity,
    world::World,
};

/// Refuses an address at which clients would fare otherwise than with the API servers themselves.
pub(super) fn goes_through(
    world: &World,
    cluster: &Cluster,
    trust: &Trust,
    proof: &Proof,
) -> Result<(), Unlike> {
    let Cluster { context, kubeconfig, servers, .. } = cluster;
    let access = Access { kubeconfigs: kubeconfig.clone(), context: context.clone() };
    let look = Look {
        world,
        access: Some(&access).filter(|_| !kubeconfig.is_empty()),
        trust: Some(trust),
        asked: proof.endpoint.host.clone(),
    };
    let nodes = servers.iter().map(|(name, at)| (name.clone(), at.clone())).collect();
    let seen = look.gather(proof.endpoint.clone(), nodes, vec![]);
    let mut findings = front::judge(&seen).findings.into_iter();
    match findings.find(|finding| finding.code.severity() == Severity::Fail) {
        Some(fault) => Err(Unlike::Front(fault.into())),
        None => Ok(()),
    }
}
