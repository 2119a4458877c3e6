//! The ranges of addresses that a cluster gives out inside itself.

use k8s_openapi::api::core::v1::Node;
use kube::api::ListParams;
use serde_json::Value;

use super::{Api, request};
use crate::endpoint::Vip;

/// Since 1.33, and before that where it was switched on.
const SERVICES: &[&str] =
    &["/apis/networking.k8s.io/v1/servicecidrs", "/apis/networking.k8s.io/v1beta1/servicecidrs"];
const SEEN: u32 = 500;

impl Api {
    /// What is given to services and to the pods of each node, as far as the cluster tells us; each with what it is for.
    pub fn ranges(&self) -> Vec<(&'static str, Vip)> {
        let lists = SERVICES.iter().filter_map(|path| {
            self.call(self.client.request::<Value>(request("GET", path, Vec::new()))).ok()
        });
        let services: Vec<Vip> = lists.take(1).flat_map(|list| of_services(&list)).collect();
        let nodes =
            self.call(kube::Api::<Node>::all(self.client.clone()).list(&ListParams::default().limit(SEEN)));
        let pods = nodes.map(|nodes| nodes.items).unwrap_or_default();
        let pods = pods.iter().flat_map(of_pods);
        let services = services.into_iter().map(|range| ("services", range));
        services.chain(pods.map(|range| ("pods", range))).collect()
    }
}

fn of_services(list: &Value) -> Vec<Vip> {
    let items = list["items"].as_array().into_iter().flatten();
    let ranges = items.flat_map(|item| item["spec"]["cidrs"].as_array().into_iter().flatten());
    ranges.filter_map(|range| range.as_str()?.parse().ok()).collect()
}

fn of_pods(node: &Node) -> Vec<Vip> {
    let ranges = node.spec.as_ref().and_then(|spec| spec.pod_cidrs.as_deref()).unwrap_or_default();
    ranges.iter().filter_map(|range| range.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(ranges: &[Vip]) -> Vec<String> {
        ranges.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn ranges_are_read_from_both_families_and_what_is_none_is_passed_over() {
        let list =
            json!({"items": [{"spec": {"cidrs": ["10.96.0.0/12", "fd00:10:96::/112"]}}, {"spec": {}}, {}]});
        let node: Node =
            serde_json::from_value(json!({"spec": {"podCIDRs": ["10.244.1.0/24", "nothing"]}})).unwrap();

        assert_eq!(shown(&of_services(&list)), ["10.96.0.0/12", "fd00:10:96::/112"]);
        assert_eq!(shown(&of_services(&json!({}))), Vec::<String>::new());
        assert_eq!(shown(&of_pods(&node)), ["10.244.1.0/24"]);
        assert_eq!(shown(&of_pods(&Node::default())), Vec::<String>::new());
    }
}
