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

/// What networks of pods give out beside, or instead of, what the nodes tell: the pools of Calico and of Cilium, and Cilium's settings.
const POOLS: &[&str] = &[
    "/apis/crd.projectcalico.org/v1/ippools",
    "/apis/cilium.io/v2alpha1/ciliumpodippools",
    "/api/v1/namespaces/kube-system/configmaps/cilium-config",
];

impl Api {
    /// What is given to services and to the pods of each node, as far as the cluster tells us; each with what it is for.
    pub fn ranges(&self) -> Vec<(&'static str, Vip)> {
        let read =
            |path: &&str| self.call(self.client.request::<Value>(request("GET", path, Vec::new()))).ok();
        let lists = SERVICES.iter().filter_map(read);
        let services: Vec<Vip> = lists.take(1).flat_map(|list| of_services(&list)).collect();
        let nodes =
            self.call(kube::Api::<Node>::all(self.client.clone()).list(&ListParams::default().limit(SEEN)));
        let pods = nodes.map(|nodes| nodes.items).unwrap_or_default();
        let pools = POOLS.iter().filter_map(read).flat_map(|seen| of_pools(&seen));
        let pods = pods.iter().flat_map(of_pods).chain(pools);
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

fn of_pools(seen: &Value) -> Vec<Vip> {
    let pools = seen["items"].as_array().into_iter().flatten().map(|item| &item["spec"]);
    let pools = pools.filter(|pool| is_for_pods(pool));
    let of_pool = |pool: &Value| {
        let lists = [&pool["ipv4"]["cidrs"], &pool["ipv6"]["cidrs"]].map(|list| list.as_array().cloned());
        let lists = lists.into_iter().flatten().flatten();
        [pool["cidr"].clone()].into_iter().chain(lists).collect::<Vec<_>>()
    };
    // Cilium keeps these settings where another of its modes gives the addresses.
    let is_pooled = seen["data"]["ipam"].as_str().is_none_or(|mode| mode.starts_with("cluster-pool"));
    let settings = ["cluster-pool-ipv4-cidr", "cluster-pool-ipv6-cidr"];
    let settings = settings.iter().filter(|_| is_pooled).map(|key| seen["data"][key].clone());
    let all = pools.flat_map(of_pool).chain(settings);
    // Cilium takes several in one text, between blanks.
    let words = all.filter_map(|range| Some(range.as_str()?.to_owned()));
    let words: Vec<String> = words.collect();
    words.iter().flat_map(|text| text.split([' ', ','])).filter_map(|word| word.parse().ok()).collect()
}

/// Calico has pools for load balancers alone since 3.30, and some that are switched off.
fn is_for_pods(pool: &Value) -> bool {
    let uses = pool["allowedUses"].as_array();
    let is_wanted = uses.is_none_or(|uses| uses.is_empty() || uses.iter().any(|one| one != "LoadBalancer"));
    is_wanted && pool["disabled"] != true
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

    #[test]
    fn pools_of_pods_are_read_as_calico_and_cilium_keep_them() {
        for (seen, ranges) in [
            (json!({"items": [{"spec": {"cidr": "10.1.0.0/16"}}]}), &["10.1.0.0/16"][..]),
            (
                json!({"items": [{"spec": {"ipv4": {"cidrs": ["10.2.0.0/16"]}, "ipv6": {"cidrs": ["fd00::/104"]}}}]}),
                &["10.2.0.0/16", "fd00::/104"],
            ),
            (
                json!({"data": {"cluster-pool-ipv4-cidr": "10.3.0.0/16 10.4.0.0/16"}}),
                &["10.3.0.0/16", "10.4.0.0/16"],
            ),
            (json!({"data": {"ipam": "kubernetes", "cluster-pool-ipv4-cidr": "10.0.0.0/8"}}), &[]),
            (json!({"items": [{"spec": {"cidr": "10.5.0.0/24", "allowedUses": ["LoadBalancer"]}}]}), &[]),
            (json!({"items": [{"spec": {"cidr": "10.5.0.0/24", "disabled": true}}]}), &[]),
            (
                json!({"items": [{"spec": {"cidr": "10.5.0.0/24", "allowedUses": ["Workload", "Tunnel"]}}]}),
                &["10.5.0.0/24"],
            ),
        ] {
            assert_eq!(shown(&of_pools(&seen)), ranges);
        }
    }
}
