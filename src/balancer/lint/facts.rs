//! What a file is held against: the control plane as the inventory names it, and the day.

use std::{ops::RangeInclusive, time::Duration};

use jiff::civil::Date;

use super::{
    super::{distribution::is_beside, render::Server},
    PoolServer, Serves,
};
use crate::endpoint::Endpoint;

/// What rules may know beyond the files.
pub struct Facts<'a> {
    /// `None` where no inventory is named; rules that compare stay silent then.
    pub plane: Option<&'a ControlPlane>,
    pub today: Date,
}

/// The API's clients ask after this time of silence whether anybody is there; what cuts them sooner cuts every watch.
pub(super) const SPOKEN_WITHIN: Duration = Duration::from_secs(30);
/// With a margin for the way.
pub(super) const IDLE_AT_LEAST: Duration = Duration::from_secs(35);

/// Ports of other services that control-plane nodes have as often: shells, names, and what the cluster publishes.
const OTHERS: &[u16] = &[22, 53, 80, 443];
const NODE_PORTS: RangeInclusive<u16> = 30_000..=32_767;

impl Facts<'_> {
    /// What a pool is for, once its servers are held against the nodes of the inventory: whatever its name and its ports,
    /// a pool of control-plane nodes is one of API servers.
    pub(super) fn serves(&self, told: Serves, servers: &[PoolServer]) -> Serves {
        let nodes = self.plane.map(|plane| plane.nodes.as_slice()).unwrap_or_default();
        let is_api = |server: &PoolServer| {
            nodes.iter().filter(|node| node.is_at(&server.host)).any(|node| node.may_serve(server.port))
        };
        if told == Serves::Other && servers.iter().any(is_api) { Serves::Api } else { told }
    }
}

impl Server {
    /// Whether an address or a name is the node's.
    pub(super) fn is_at(&self, host: &str) -> bool {
        let api = self.api.as_ref().map(|api| api.host.to_string());
        let names = [&self.host, &self.name].into_iter().chain(&api);
        names.into_iter().any(|name| name.eq_ignore_ascii_case(host))
    }

    fn may_serve(&self, port: Option<u16>) -> bool {
        let Some(port) = port else { return false };
        let is_known = self.api.as_ref().is_some_and(|api| api.port == port);
        let is_others = || OTHERS.contains(&port) || NODE_PORTS.contains(&port) || is_beside(port);
        is_known || !is_others()
    }
}

/// The control plane, as far as an inventory tells.
#[derive(Clone, Debug, Default)]
pub struct ControlPlane {
    pub endpoint: Option<Endpoint>,
    pub nodes: Vec<Server>,
    /// Addresses or names of the balancers' machines.
    pub balancers: Vec<String>,
}
