//! Objects of the API, reduced to what is asked of them.

use k8s_openapi::api::{core::v1::Node, discovery::v1::EndpointSlice};
use serde_json::Value;

use super::ClusterNode;
use crate::endpoint::Endpoint;

/// Labels by which distributions mark a node with an API server: kubeadm, k3s and RKE2; kubeadm before 1.24; RKE1;
/// MicroK8s.
const CONTROL_PLANE: &[&str] = &[
    "node-role.kubernetes.io/control-plane",
    "node-role.kubernetes.io/master",
    "node-role.kubernetes.io/controlplane",
    "node.kubernetes.io/microk8s-controlplane",
];

/// What k3s and RKE2 mark a node with that has a member of the store, with an API server or without one.
const STORE: &str = "node-role.kubernetes.io/etcd";

impl ClusterNode {
    /// Whether a restart beside it may take the quorum of the store while it is down.
    pub fn may_keep_store(&self) -> bool {
        self.is_control_plane || self.labels.iter().any(|label| label == STORE)
    }
}

pub(super) fn node(node: &Node) -> ClusterNode {
    let name = node.metadata.name.clone().unwrap_or_default();
    let reported = node.status.as_ref().and_then(|status| status.addresses.as_deref()).unwrap_or_default();
    let internal = reported.iter().find(|address| address.type_ == "InternalIP");
    let labels = node.metadata.labels.as_ref();
    let info = node.status.as_ref().and_then(|status| status.node_info.as_ref());
    ClusterNode {
        address: internal.map_or_else(|| name.clone(), |address| address.address.clone()),
        addresses: reported.iter().map(|address| address.address.clone()).collect(),
        is_control_plane: labels
            .is_some_and(|labels| CONTROL_PLANE.iter().any(|label| labels.contains_key(*label))),
        system: info.map(|info| info.os_image.clone()).unwrap_or_default(),
        provider: node.spec.as_ref().and_then(|spec| spec.provider_id.clone()).unwrap_or_default(),
        labels: labels.map(|labels| labels.keys().cloned().collect()).unwrap_or_default(),
        name,
    }
}

/// Every address with the port called `https`, or with the only one.
pub(super) fn servers(slices: &[EndpointSlice]) -> Vec<Endpoint> {
    let mut servers: Vec<_> = slices
        .iter()
        .flat_map(|slice| {
            let addresses = slice.endpoints.iter().flat_map(|endpoint| &endpoint.addresses);
            let port = port(slice);
            addresses.filter_map(move |address| Some(Endpoint::new(address.parse().ok()?, port?)))
        })
        .collect();
    servers.sort();
    servers.dedup();
    servers
}

fn port(slice: &EndpointSlice) -> Option<u16> {
    let ports = slice.ports.as_deref().unwrap_or_default();
    let https = ports.iter().find(|port| port.name.as_deref() == Some("https")).or(ports.first());
    https.and_then(|port| port.port).and_then(|port| u16::try_from(port).ok())
}

pub(super) fn user(review: &Value) -> Option<String> {
    review.pointer("/status/userInfo/username").and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labelled(label: &str) -> ClusterNode {
        let mut object = Node::default();
        object.metadata.labels = Some([(label.to_owned(), "true".to_owned())].into());
        node(&object)
    }

    #[test]
    fn a_node_of_the_store_alone_counts_for_its_quorum_and_has_no_api_server() {
        let (store, server, worker) =
            (labelled(STORE), labelled(CONTROL_PLANE[0]), labelled("kubernetes.io/os"));

        assert_eq!((store.may_keep_store(), store.is_control_plane), (true, false));
        assert_eq!((server.may_keep_store(), server.is_control_plane), (true, true));
        assert!(!worker.may_keep_store());
    }
}
