//! What stands in front of the API servers, judged as `cpctl lb check` does before a run leads anybody there.

use super::{
    Unlike, Unseen,
    wire::{HEARD_WITHIN, Sight},
};
use crate::{
    api::Access,
    check::front::{self, Evidence, sample_size},
    endpoint::Endpoint,
    front::Look,
    node::{self, Node, Reached, Stream},
    plan::{Cluster, Proof},
    probe::{self, Plain, Speech, Trust, Visit},
    report::{Code, Finding, Severity},
    world::World,
};

/// Refuses an address at which clients would fare otherwise than with the API servers themselves.
pub(super) fn goes_through(
    world: &World,
    cluster: &Cluster,
    trust: &Trust,
    proof: &Proof,
) -> Result<(), Unlike> {
    let access = access(cluster);
    let look = look(world, access.as_ref(), trust, proof);
    let seen = look.gather(proof.endpoint.clone(), servers(cluster), vec![]);
    fault(&seen).map_or(Ok(()), |fault| Err(Unlike::Front(fault.into())))
}

/// Refuses one at which those of another machine would, as far as connections through it show: nobody logs in there, so
/// what only a login tells is left to the look from here.
pub(super) fn goes_through_from(
    world: &World,
    cluster: &Cluster,
    trust: &Trust,
    (node, proof): (&dyn Node, &Proof),
) -> Result<Sight, Unseen> {
    let (to, servers, access) = (&proof.endpoint, servers(cluster), access(cluster));
    let mut visits = vec![];
    for _ in 0..sample_size(servers.len()) {
        let Some(visit) = visit(world, node, to)? else { return Ok(Sight::Barred) };
        let is_over = visit.as_ref().is_err_and(|error| !matches!(error, probe::Error::Handshake { .. }));
        visits.push(visit);
        if is_over && visits.len() == 1 {
            break;
        }
    }
    // What has nothing to say to a newer TLS is judged by the look that follows, which knows the older ones too.
    if visits.iter().all(|visit| matches!(visit, Err(probe::Error::Handshake { .. }))) {
        return Ok(Sight::Seen);
    }
    let plain = match visits.first() {
        Some(Err(probe::Error::NotTls { what: Speech::Http(_), .. })) => in_clear(world, node, to)?,
        _ => Plain::Unreached,
    };
    let look = look(world, access.as_ref(), trust, proof);
    let fault = look.beside(to.clone(), servers, &visits, plain).and_then(|seen| fault(&seen));
    match fault.filter(|fault| fault.code != Code::BalancerUntold) {
        Some(fault) => Err(Unseen::Front(fault.into())),
        None => Ok(Sight::Seen),
    }
}

/// One visit through the machine; nothing where it passes no connections on.
fn visit(
    world: &World,
    node: &dyn Node,
    to: &Endpoint,
) -> Result<Option<Result<Visit, probe::Error>>, node::Error> {
    let refused = |how: &str| Err(probe::Error::Connect { endpoint: to.clone(), reason: how.into() });
    let mut visit = refused("nothing was said");
    let mut talk = |stream: &mut dyn Stream| visit = world.wire.visit_over(stream, to, &to.host);
    Ok(match node.reach(&to.host.to_string(), to.port, HEARD_WITHIN, &mut talk)? {
        Reached::Talked => Some(visit),
        Reached::Refused => Some(refused("connection refused")),
        Reached::Silent => Some(refused("no answer")),
        Reached::Forbidden => None,
    })
}

fn in_clear(world: &World, node: &dyn Node, to: &Endpoint) -> Result<Plain, node::Error> {
    let mut plain = Plain::Unreached;
    let mut talk = |stream: &mut dyn Stream| plain = world.wire.plain_over(stream, to);
    node.reach(&to.host.to_string(), to.port, HEARD_WITHIN, &mut talk)?;
    Ok(plain)
}

fn access(cluster: &Cluster) -> Option<Access> {
    let Cluster { context, kubeconfig, .. } = cluster;
    let access = Access { kubeconfigs: kubeconfig.clone(), context: context.clone() };
    (!kubeconfig.is_empty()).then_some(access)
}

fn look<'l>(world: &'l World, access: Option<&'l Access>, trust: &'l Trust, proof: &Proof) -> Look<'l> {
    Look { world, access, trust: Some(trust), asked: proof.endpoint.host.clone() }
}

fn servers(cluster: &Cluster) -> Vec<(String, Endpoint)> {
    cluster.servers.iter().map(|(name, at)| (name.clone(), at.clone())).collect()
}

fn fault(seen: &Evidence) -> Option<Finding> {
    let mut findings = front::judge(seen).findings.into_iter();
    findings.find(|finding| finding.code.severity() == Severity::Fail)
}
