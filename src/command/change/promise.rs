//! What is promised beyond each node: the address that clients use, where it can keep the promise.

use crate::{
    check,
    command::shared::survey::Surveyed,
    distro::Role,
    endpoint::Endpoint,
    plan::{Proof, Step},
    probe::{self, Presented, Trust},
    report::{Code, Finding},
    san::SanSet,
    world::World,
};

/// What is known of the servers behind the endpoint.
pub struct Sight<'a> {
    pub nodes: &'a [Surveyed],
    /// API servers that nobody listed and no step reaches.
    pub unlisted: &'a [Endpoint],
    pub trust: &'a Trust,
    pub world: &'a World,
}

/// What must be seen once all nodes had their turn: each of them again, and the endpoint where every server behind it
/// will serve the names; else why it is left out.
pub fn finally(
    steps: &[Step],
    endpoint: Option<&Endpoint>,
    want: &SanSet,
    sight: &Sight<'_>,
) -> (Vec<Proof>, Option<Finding>) {
    let mut proofs: Vec<Proof> = steps.iter().flat_map(|step| step.proofs.clone()).collect();
    let Some(endpoint) = endpoint.filter(|endpoint| want.covers(&endpoint.host)) else {
        return (proofs, None);
    };
    let presented = match sight.world.wire.presented(endpoint) {
        Ok(presented) => presented,
        Err(error) => return (proofs, Some(check::silent_endpoint(endpoint, &error))),
    };
    let unproven = sight.terminated(endpoint, &presented).or_else(|| sight.lagging(endpoint, steps, want));
    if unproven.is_some() {
        return (proofs, unproven);
    }
    let proof = Proof::at(endpoint.clone());
    proofs.push(Proof {
        covers: want.clone(),
        connections: 2 * u32::try_from(steps.len()).unwrap_or(u32::MAX / 2),
        within: proofs.first().map_or(proof.within, |proof| proof.within),
        ..proof
    });
    (proofs, None)
}

impl Sight<'_> {
    /// A load balancer that ends TLS itself shows a certificate of its own, whatever the nodes serve.
    fn terminated(&self, endpoint: &Endpoint, presented: &Presented) -> Option<Finding> {
        let nodes: Vec<Presented> =
            self.nodes.iter().filter_map(|node| node.presented.as_ref().ok().cloned()).collect();
        if !probe::is_terminated(presented, &nodes, self.trust, (self.world.now)()) {
            return None;
        }
        let message = format!(
            "it ends TLS itself, with a certificate from {}; the names will be proved on the nodes alone",
            presented.leaf.issuer
        );
        Some(unproven(endpoint, message).remedy(
            "pass TCP through instead (HAProxy: `mode tcp`, no `ssl` on the `bind` line); no name in a certificate helps",
        ))
    }

    /// Servers that will not serve the names after this run.
    fn lagging(&self, endpoint: &Endpoint, steps: &[Step], want: &SanSet) -> Option<Finding> {
        let is_stepped = |name: &str| steps.iter().any(|step| step.node == name);
        let serves = |node: &Surveyed| {
            node.presented.as_ref().is_ok_and(|presented| presented.leaf.sans.is_superset(want))
        };
        let servers = self.nodes.iter().filter(|node| node.control_plane.role() != Role::Worker);
        let behind = servers.filter(|node| !is_stepped(&node.name) && !serves(node));
        let names: Vec<String> = behind
            .map(|node| node.name.clone())
            .chain(self.unlisted.iter().map(ToString::to_string))
            .collect();
        let wanted: Vec<String> = want.iter().map(ToString::to_string).collect();
        (!names.is_empty()).then(|| {
            let message = format!(
                "not every API server behind it will serve the names after this run (not {}); the names will be \
                 proved on the nodes alone",
                names.join(", ")
            );
            unproven(endpoint, message).remedy(format!(
                "`cpctl certs add-san {}` with all nodes, then `cpctl verify {endpoint}`",
                wanted.join(" ")
            ))
        })
    }
}

fn unproven(endpoint: &Endpoint, message: String) -> Finding {
    Finding::new(Code::EndpointUnproven, endpoint.to_string(), message)
}
