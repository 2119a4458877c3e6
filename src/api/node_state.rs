//! Whether a node's kubelet is at work, by the API's word.

use k8s_openapi::api::{coordination::v1::Lease, core::v1::Node};

use super::{Api, Error};

/// What the API knows of a node.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NodeState {
    pub is_ready: bool,
    /// When its kubelet last renewed its lease, by the node's own clock; `None` where no lease can be read.
    pub renewed: Option<String>,
}

impl Api {
    /// The state of a node; `None` where the cluster has none of that name.
    pub fn node_state(&self, name: &str) -> Result<Option<NodeState>, Error> {
        let nodes = kube::Api::<Node>::all(self.client.clone());
        let Some(node) = self.call(nodes.get_opt(name))? else { return Ok(None) };
        let conditions = node.status.and_then(|status| status.conditions).unwrap_or_default();
        let is_ready =
            conditions.iter().any(|condition| condition.type_ == "Ready" && condition.status == "True");
        Ok(Some(NodeState { is_ready, renewed: self.renewed(name)? }))
    }

    fn renewed(&self, node: &str) -> Result<Option<String>, Error> {
        let leases = kube::Api::<Lease>::namespaced(self.client.clone(), "kube-node-lease");
        let lease = match self.call(leases.get_opt(node)) {
            Err(Error::Status { status: 403, .. }) => return Ok(None),
            lease => lease?,
        };
        let time = lease.and_then(|lease| lease.spec?.renew_time);
        Ok(time.map(|time| time.0.to_string()))
    }
}
