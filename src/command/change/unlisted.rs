//! API servers that the cluster knows of and the operator did not list.

use crate::{
    api::{Api, ClusterNode, VerifyAs},
    command::shared::{cluster::Cluster, survey::Surveyed},
    distro::{Role, Want},
    endpoint::Endpoint,
    plan::{Restarts, Step},
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

/// Control planes that the cluster knows and the run does not: a server that is restarted beside one that is down may
/// take the quorum of the store. A cluster that does not tell its nodes is not asked twice.
pub fn away(nodes: &[Surveyed], cluster: &Cluster, world: &World) -> Option<Finding> {
    let servers: Vec<_> = nodes.iter().filter(|node| node.control_plane.role() != Role::Worker).collect();
    let at = servers.iter().find(|node| node.presented.is_ok()).map(|node| &node.endpoint);
    let api = Api::new(&world.wire, &cluster.access, at, VerifyAs::Kubernetes).ok()?;
    let mut known = api.nodes().ok()?;
    known.retain(ClusterNode::may_keep_store);
    if known.len() <= servers.len() {
        return None;
    }
    // By its name, or by its address where it has another name here.
    let has_name = |server: &Surveyed| known.iter().any(|node| node.name == server.name);
    let is_listed = |known: &ClusterNode| {
        let is_at = |server: &Surveyed| known.addresses.contains(&server.endpoint.host.to_string());
        servers.iter().any(|server| server.name == known.name || !has_name(server) && is_at(server))
    };
    let away: Vec<_> =
        known.iter().filter(|known| !is_listed(known)).map(|node| node.name.as_str()).collect();
    Some(at_stake("a control plane of the cluster", &away, (servers.len(), known.len())).remedy(
        "name every control plane; one that is gone for good is taken out with `kubectl delete node NAME`, which takes it \
         out of the store too",
    ))
}

/// Members of a store that a restart is planned beside and that are none of the nodes, or a store that cannot tell its
/// members: one without a quorum cannot.
pub fn members_away(nodes: &[Surveyed], steps: &[Step]) -> Option<Finding> {
    let is_restarted = |node: &&Surveyed| {
        steps.iter().any(|step| step.node == node.name && step.restarts() == Restarts::Surely)
    };
    let stores = || nodes.iter().filter_map(|node| node.control_plane.store());
    nodes.iter().filter(is_restarted).find_map(|node| {
        let store = node.control_plane.store()?;
        let members = match &store.members {
            Ok(members) => members,
            Err(reason) => return Some(untold(&node.name, reason)),
        };
        let away: Vec<_> = members
            .iter()
            .filter(|(_, host)| !stores().any(|store| store.is_at(host)))
            .map(|(name, _)| name.as_str())
            .collect();
        (!away.is_empty()).then(|| {
            at_stake("a member of the store", &away, (members.len() - away.len(), members.len())).remedy(format!(
                "name the machine of every member; one that is gone for good is taken out with `{}`, typed on another",
                store.leave
            ))
        })
    })
}

fn untold(node: &str, reason: &str) -> Finding {
    Finding::new(
        Code::ServerAway,
        node,
        format!("its store does not tell its members, so a restart may take the quorum: {reason}"),
    )
    .remedy("bring the members of the store back until the node tells them, then run this again")
}

fn at_stake(what: &str, away: &[&str], (named, all): (usize, usize)) -> Finding {
    let message = format!(
        "it is {what} and none of the nodes: were it down, the restart of another server would take the quorum of the \
         store ({named} of {all} are named)"
    );
    Finding::new(Code::ServerAway, away.join(", "), message)
}
