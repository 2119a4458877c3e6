//! The cluster's own word on its control plane.

use std::net::IpAddr;

use super::{Error, How, flag};
use crate::{
    api::{self, Access, Api, ClusterNode, VerifyAs},
    distro::hosted::{self, Hosted, Traits},
    endpoint::Endpoint,
    node::Target,
};

type Found = (Option<Endpoint>, Vec<Target>, How);

pub(super) fn discover(
    access: &Access,
    dial: impl Fn(VerifyAs) -> Result<Api, api::Error>,
) -> Result<Found, Error> {
    // Without a CA any server could send us to any machine, whatever the kubeconfig lets kubectl do.
    access.trust().map_err(Error::Api)?;
    let server = access.server().map_err(Error::Api)?;
    let (api, servers, note) = ask(dial, &server).map_err(Error::Api)?;
    if servers.is_empty() {
        return Err(Error::NoServer { server });
    }
    let cluster = api.nodes().map_err(Error::Api)?;
    let dead = dead(&servers, &cluster);
    if !dead.is_empty() {
        return Err(Error::DeadServer { nodes: dead });
    }
    let nodes: Vec<_> = servers.iter().map(|server| target(server, &cluster)).collect();
    let endpoint = Some(server.clone()).filter(|server| !is_a_node(server, &servers, &cluster));
    Ok((endpoint, nodes, How::Cluster { context: access.context.clone(), server, note }))
}

type Asked = (Api, Vec<Endpoint>, Option<String>);

/// The API servers, under the host's own name if its certificate carries it, else under `kubernetes`.
fn ask(dial: impl Fn(VerifyAs) -> Result<Api, api::Error>, server: &Endpoint) -> Result<Asked, api::Error> {
    let api = dial(VerifyAs::Host)?;
    let refusal = match () {
        () if api.is_insecure() => "its kubeconfig skips verification".to_owned(),
        () => match api.servers() {
            Ok(servers) => return Ok((api, servers, None)),
            Err(api::Error::Tls { reason, .. }) => reason,
            Err(error) => return Err(error),
        },
    };
    let api = dial(VerifyAs::Kubernetes)?;
    let servers = api.servers()?;
    let note = format!(
        "{server}: {refusal}; its certificate leads to the kubeconfig's CA and carries the name `kubernetes`, and was taken for that"
    );
    Ok((api, servers, Some(note)))
}

/// Control-plane nodes at none of whose addresses an API server answers.
fn dead(servers: &[Endpoint], cluster: &[ClusterNode]) -> Vec<String> {
    cluster
        .iter()
        .filter(|node| node.is_control_plane && !servers.iter().any(|server| is_at(node, server)))
        .map(|node| node.name.clone())
        .collect()
}

fn is_at(node: &ClusterNode, server: &Endpoint) -> bool {
    let host = server.host.to_string();
    node.addresses.iter().any(|address| {
        *address == host || address.parse::<IpAddr>().is_ok_and(|address| address.to_string() == host)
    })
}

/// A server without a node of its own, as k0s and managed control planes have it, is called by its address, and is of
/// the product that the cluster's nodes are of.
fn target(server: &Endpoint, cluster: &[ClusterNode]) -> Target {
    let host = server.host.to_string();
    let node = cluster.iter().find(|node| is_at(node, server));
    let name = node.map_or(&host, |node| &node.name).clone();
    let hosted = node.map_or_else(|| cluster.iter().find_map(hosted), hosted);
    Target {
        api: Some(server.to_string()),
        distribution: hosted.map(|hosted| hosted.name.to_owned()),
        ..flag::target(name, host, None, None)
    }
}

fn hosted(node: &ClusterNode) -> Option<&'static Hosted> {
    hosted::recognised(&Traits { system: &node.system, provider: &node.provider, labels: &node.labels })
}

/// Whether the kubeconfig's server is one machine, and no address in front of them all.
fn is_a_node(server: &Endpoint, servers: &[Endpoint], cluster: &[ClusterNode]) -> bool {
    let host = server.host.to_string();
    host == "localhost"
        || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
        || servers.iter().any(|known| known.host == server.host)
        || cluster.iter().any(|node| node.name == host || is_at(node, server))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(name: &str, addresses: &[&str], is_control_plane: bool) -> ClusterNode {
        ClusterNode {
            name: name.into(),
            address: addresses[0].into(),
            addresses: addresses.iter().map(|address| (*address).to_owned()).collect(),
            is_control_plane,
            system: "Debian GNU/Linux 12 (bookworm)".into(),
            provider: String::new(),
            labels: vec![],
        }
    }

    fn endpoint(text: &str) -> Endpoint {
        text.parse().unwrap()
    }

    #[test]
    fn only_an_address_in_front_of_all_nodes_is_an_endpoint() {
        let cluster = [node("cp1", &["10.0.0.11", "fd00::11"], true), node("worker", &["10.0.0.21"], false)];
        let servers = [endpoint("10.0.0.11:6443"), endpoint("10.0.0.31:6443")];

        for (server, is_one) in [
            ("172.22.22.3:6443", false),
            ("api.example.com:443", false),
            ("10.0.0.11:16443", true),
            ("[fd00:0::11]:6443", true),
            ("cp1:6443", true),
            ("10.0.0.31:6443", true),
            ("127.0.0.1:6443", true),
            ("localhost:6443", true),
        ] {
            assert_eq!(is_a_node(&endpoint(server), &servers, &cluster), is_one, "{server}");
        }
    }

    #[test]
    fn a_server_without_a_node_is_called_by_its_address() {
        let cluster = [node("cp1", &["10.0.0.11"], true)];

        let target = target(&endpoint("10.0.0.12:6443"), &cluster);

        assert_eq!((target.name.as_str(), target.host.as_str()), ("10.0.0.12", "10.0.0.12"));
    }

    #[test]
    fn a_server_is_of_its_own_node_s_product_or_of_the_cluster_s() {
        let mut cluster = [node("cp1", &["10.0.0.11"], true), node("worker", &["10.0.0.21"], false)];
        cluster[1].labels.push("eks.amazonaws.com/nodegroup".into());

        let own = target(&endpoint("10.0.0.11:6443"), &cluster);
        let managed = target(&endpoint("10.0.0.99:443"), &cluster);

        assert_eq!((own.distribution, managed.distribution.as_deref()), (None, Some("eks")));
    }

    #[test]
    fn a_worker_without_a_server_is_not_dead() {
        let cluster = [
            node("cp1", &["10.0.0.11"], true),
            node("cp2", &["FD00::0012"], true),
            node("cp3", &["10.0.0.13"], true),
            node("worker", &["10.0.0.21"], false),
        ];

        assert_eq!(dead(&[endpoint("10.0.0.11:1"), endpoint("[fd00::12]:1")], &cluster), ["cp3"]);
    }
}
