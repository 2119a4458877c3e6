//! What a controller's configuration says of its API server.

use crate::{
    distro::service,
    edit::{
        EditError,
        yaml::{self, Node, Reading, Tree},
    },
    endpoint::Vip,
    san::{San, SanSet},
};

/// Where the names stand.
pub(super) const SANS: [&str; 3] = ["spec", "api", "sans"];

/// The services' network of a configuration that names none.
const SERVICES: &str = "10.96.0.0/12";

/// The pods' network of such a one.
const PODS: &str = "10.244.0.0/16";

/// A configuration; where the file is missing, k0s takes its defaults.
pub(super) struct Config<'a> {
    tree: Tree<'a>,
    names: Vec<String>,
}

impl<'a> Config<'a> {
    pub fn read(text: &'a str) -> Result<Self, EditError> {
        let path = SANS.map(str::to_owned);
        Ok(Self { names: yaml::values(text, &path, Reading::List)?, tree: Tree::parse(text)? })
    }

    /// The names that it asks for; k0s adds the machine's own addresses to them.
    pub fn names(&self) -> SanSet {
        let external = self.api("externalAddress");
        let host = external.as_deref().map(|at| at.rsplit_once(':').map_or(at, |(host, _)| host));
        // An IPv6 address is all colons, and the name of no port.
        let external = external.iter().map(String::as_str).chain(host).find_map(|at| at.parse::<San>().ok());
        let own = self.api("address").and_then(|address| address.parse().ok());
        let listed = self.names.iter().filter_map(|name| name.parse().ok());
        listed.chain(external).chain(own).collect()
    }

    /// Values that are neither a DNS name nor an address, with which k0s does not start.
    pub fn useless(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str).filter(|name| name.parse::<San>().is_err())
    }

    pub fn port(&self) -> Option<u16> {
        self.api("port")?.parse().ok()
    }

    /// The addresses of the service `kubernetes`.
    pub fn service(&self) -> SanSet {
        let network = self.at(&["spec", "network", "serviceCIDR"]);
        service::addresses(network.as_deref().unwrap_or(SERVICES))
    }

    /// The networks of services and of pods.
    pub fn ranges(&self) -> Vec<(&'static str, Vip)> {
        let at = |key, usual: &str| self.at(&["spec", "network", key]).unwrap_or_else(|| usual.to_owned());
        service::ranges(&at("serviceCIDR", SERVICES), &at("podCIDR", PODS))
    }

    /// Whether it keeps the cluster in an etcd of its own, as k0s does unless it is told otherwise.
    pub fn has_own_etcd(&self) -> bool {
        let kind = self.at(&["spec", "storage", "type"]);
        kind.is_none_or(|kind| kind == "etcd")
            && self.node(&["spec", "storage", "etcd", "externalCluster"]).is_none()
    }

    /// The name of the service `kubernetes` in the cluster's domain, as k0s has it.
    pub fn domain(&self) -> String {
        let domain = self.at(&["spec", "network", "clusterDomain"]);
        format!("kubernetes.svc.{}", domain.as_deref().unwrap_or("cluster.local"))
    }

    fn api(&self, key: &str) -> Option<String> {
        self.at(&["spec", "api", key])
    }

    fn at(&self, path: &[&str]) -> Option<String> {
        self.node(path)?.scalar().map(ToString::to_string)
    }

    fn node(&self, path: &[&str]) -> Option<Node<'_, 'a>> {
        let root = self.tree.first()?;
        path.iter().try_fold(root, |node, key| node.get(key)).filter(|found| !found.is_null())
    }
}
