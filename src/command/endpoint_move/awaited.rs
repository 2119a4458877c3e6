//! Nodes whose kubelet is restarted: whether the API will tell that each is at work again.

use super::site::Site;
use crate::{
    api::{Error, NodeState},
    plan::{Settle, Step},
    report::{Code, Finding},
    world::World,
};

/// What would make the wait for a node void, or impossible.
pub fn findings(site: &Site, steps: &[Step], world: &World) -> Vec<Finding> {
    let restarts = |step: &&Step| step.settle.iter().any(|settle| matches!(settle, Settle::Restart { .. }));
    let mut restarted = steps.iter().filter(restarts).peekable();
    if restarted.peek().is_none() {
        return vec![];
    }
    if let Some(reason) = site.untold() {
        return restarted.map(|step| unseen(&step.node, reason)).collect();
    }
    let api = match site.api(world) {
        Ok(api) => api,
        Err(error) => return restarted.map(|step| unseen(&step.node, &error.to_string())).collect(),
    };
    let awaited = restarted.flat_map(|step| {
        step.settle.iter().filter_map(move |settle| match settle {
            Settle::AwaitNode { name, .. } => Some((step.node.as_str(), name.as_str())),
            _ => None,
        })
    });
    awaited.filter_map(|(node, name)| of_node(node, name, api.node_state(name))).collect()
}

fn of_node(node: &str, name: &str, state: Result<Option<NodeState>, Error>) -> Option<Finding> {
    match state {
        Err(error) => Some(unseen(node, &error.to_string())),
        Ok(None) => Some(unseen(node, &format!("the cluster has no node {name}"))),
        Ok(Some(NodeState { is_ready: false, .. })) => Some(not_ready(node, name)),
        Ok(Some(NodeState { renewed: None, .. })) => Some(without_lease(node, name)),
        Ok(Some(_)) => None,
    }
}

fn unseen(node: &str, reason: &str) -> Finding {
    let message =
        format!("its service is restarted, and nobody could see whether it is ready again: {reason}");
    Finding::new(Code::ApiRefused, node, message).remedy(
        "use credentials that may read nodes (`kubectl auth can-i list nodes`), or leave it out with `--limit`",
    )
}

fn not_ready(node: &str, name: &str) -> Finding {
    let message = "it is not ready now, so nobody could see whether it follows";
    Finding::new(Code::ServiceStopped, node, message).remedy(format!(
        "`kubectl describe node {name}` tells why; mend it first, or leave it out with `--limit`"
    ))
}

fn without_lease(node: &str, name: &str) -> Finding {
    let message = "its lease cannot be read, so only that the node says it is ready is seen, which stays so for a while when \
                   its kubelet reaches nobody";
    Finding::new(Code::EndpointUntried, node, message).remedy(format!(
        "`kubectl auth can-i get leases -n kube-node-lease`; look afterwards: `kubectl -n kube-node-lease get lease {name}`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(is_ready: bool, renewed: Option<&str>) -> Option<Code> {
        let state = NodeState { is_ready, renewed: renewed.map(str::to_owned) };
        of_node("w1", "worker-1", Ok(Some(state))).map(|finding| finding.code)
    }

    #[test]
    fn a_node_that_cannot_be_awaited_is_refused_before_the_first_change() {
        let endpoint = "192.0.2.1:6443".parse().unwrap();
        let forbidden = Error::Status { endpoint, status: 403, message: "forbidden".into() };

        assert_eq!(told(false, Some("now")), Some(Code::ServiceStopped));
        assert_eq!(of_node("w1", "worker-1", Ok(None)).unwrap().code, Code::ApiRefused);
        assert_eq!(of_node("w1", "worker-1", Err(forbidden)).unwrap().code, Code::ApiRefused);
    }

    #[test]
    fn a_node_without_a_readable_lease_is_awaited_by_its_word_alone_and_that_is_told() {
        assert_eq!(told(true, None), Some(Code::EndpointUntried));
        assert_eq!(told(true, Some("now")), None);
    }
}
