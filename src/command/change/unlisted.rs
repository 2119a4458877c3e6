//! API servers that the cluster knows of and the operator did not list.

use crate::{
    api::{Api, VerifyAs},
    command::shared::{cluster::Cluster, survey::Surveyed},
    distro::{Role, Want},
    endpoint::Endpoint,
    report::{Code, Finding},
    world::World,
};

/// Servers of the EndpointSlice `kubernetes` that are none of the nodes; none where the cluster does not tell.
pub fn servers(nodes: &[Surveyed], cluster: &Cluster, world: &World) -> Vec<Endpoint> {
    // A node's own address answers even where the kubeconfig's server does not yet.
    let known = || nodes.iter().filter(|node| node.control_plane.role() != Role::Worker);
    let at = known().find(|node| node.presented.is_ok()).map(|node| &node.endpoint);
    let servers =
        Api::new(&world.wire, &cluster.access, at, VerifyAs::Kubernetes).and_then(|api| api.servers());
    let mut unlisted = servers.unwrap_or_default();
    unlisted
        .retain(|server| !known().any(|node| node.endpoint == *server) && !is_known(server, nodes, world));
    unlisted
}

/// Whether a node that was dialled at another address is this server: by its very certificate, or where the server
/// cannot be reached from here, by its address among the certificate's names.
fn is_known(server: &Endpoint, nodes: &[Surveyed], world: &World) -> bool {
    let mut served = nodes.iter().filter_map(|node| node.presented.as_ref().ok());
    match world.wire.presented(server) {
        Ok(shown) => served.any(|presented| presented.leaf.der == shown.leaf.der),
        Err(_) => served.any(|presented| presented.leaf.covers(&server.host)),
    }
}

/// What an operator should know of such a server.
pub fn finding(server: &Endpoint, want: &Want) -> Finding {
    let left = match want {
        Want::Add(_) => "will lack the names",
        Want::Remove(_) => "will keep the names",
        Want::Renew => "is not renewed",
    };
    let message =
        format!("the cluster has an API server there that is none of the nodes; its certificate {left}");
    Finding::new(Code::ServerUnlisted, server.to_string(), message)
        .remedy("add its node to the inventory or with `--node`; `cpctl nodes` without either asks the cluster for them all")
}
