//! Who the nodes are.

use serde::Serialize;

use super::{SCHEMA, finding::FindingView, names};
use crate::outcome::NodesFound;

#[derive(Serialize)]
pub(super) struct NodesView<'a> {
    schema: u32,
    endpoint: Option<String>,
    found_by: &'a str,
    nodes: Vec<NodeView<'a>>,
    balancers: Vec<BalancerView<'a>>,
    findings: Vec<FindingView<'a>>,
}

#[derive(Serialize)]
struct BalancerView<'a> {
    name: &'a str,
    host: &'a str,
    user: Option<&'a str>,
    socket: String,
}

#[derive(Serialize)]
struct NodeView<'a> {
    name: &'a str,
    host: &'a str,
    user: Option<&'a str>,
    api: Option<String>,
    distribution: Option<&'a str>,
    role: Option<&'a str>,
    configured_names: Vec<String>,
}

impl<'a> NodesView<'a> {
    pub(super) fn of(found: &'a NodesFound) -> Self {
        let nodes = found
            .nodes
            .iter()
            .map(|node| NodeView {
                name: &node.target.name,
                host: &node.target.host,
                user: node.target.user.as_deref(),
                api: node.api.as_ref().map(ToString::to_string),
                distribution: node.distribution.as_deref(),
                role: node.role.as_deref(),
                configured_names: names(&node.configured),
            })
            .collect();
        let balancers = found
            .balancers
            .iter()
            .map(|balancer| BalancerView {
                name: &balancer.target.name,
                host: &balancer.target.host,
                user: balancer.target.user.as_deref(),
                socket: balancer.socket.display().to_string(),
            })
            .collect();
        Self {
            schema: SCHEMA,
            endpoint: found.endpoint.as_ref().map(ToString::to_string),
            found_by: &found.how,
            nodes,
            balancers,
            findings: FindingView::all(&found.findings),
        }
    }
}
