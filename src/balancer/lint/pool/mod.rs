//! The pools of a balancer, whatever balancer it is: one shape for the rules that all kinds share.

use super::{Facts, Server, Source, Spot};
use crate::{
    balancer::distribution::is_api_port,
    report::{Code, Finding},
};

mod addresses;
mod members;
mod ports;

/// Servers that one balancer sends clients to.
#[derive(Clone, Debug)]
pub struct Pool<'a> {
    pub source: &'a Source,
    pub serves: Serves,
    /// Where it begins.
    pub line: usize,
    pub name: String,
    pub servers: Vec<PoolServer>,
    /// Where clients reach it; empty where the file does not tell.
    pub listens: Vec<Listen>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PoolServer {
    pub line: usize,
    pub name: String,
    /// An address or a name; with a `$` in it nobody here knows it.
    pub host: String,
    /// `None` where clients' own port is kept.
    pub port: Option<u16>,
    /// Whether it gets clients only once others are gone: a backup, one disabled, one of weight 0.
    pub is_spare: bool,
}

/// What a pool is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Serves {
    Api,
    /// Where nodes of RKE2 join.
    Join,
    Etcd,
    /// Nobody's business here.
    Other,
}

/// Ports of API servers that other services have as often, so that the name must tell too.
const SHARED_PORTS: &[u16] = &[443, 6444, 7443, 8443];
const JOIN_PORT: u16 = 9345;
const ETCD_PORTS: &[u16] = &[2379, 2380, 4001, 12379];

const API_NAMES: &[&str] =
    &["apiserver", "kubeapi", "k8sapi", "kubernetesapi", "controlplane", "kubernetesmaster", "k8smaster"];

impl Serves {
    /// What a pool of this name is for whose servers have these ports; a doubt counts as another service.
    pub fn of(name: &str, ports: &[u16]) -> Self {
        let name: String =
            name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        let any = |of: &[u16]| ports.iter().any(|port| of.contains(port));
        let has_api = ports.iter().copied().any(is_api_port);
        let is_named = API_NAMES.iter().any(|part| name.contains(part));
        if name.contains("etcd") || (any(ETCD_PORTS) && !has_api) {
            return Self::Etcd;
        }
        if has_api || (any(SHARED_PORTS) && is_named) {
            return Self::Api;
        }
        if any(&[JOIN_PORT]) { Self::Join } else { Self::Other }
    }
}

/// An address that clients come to; `host` is `None` for every address of the machine.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Listen {
    pub line: usize,
    pub host: Option<String>,
    pub port: u16,
}

type Rule = (Code, for<'a> fn(&'a Seen<'_>) -> Vec<Told<'a>>);

/// What the shared rules look at.
struct Seen<'a> {
    pools: &'a [Pool<'a>],
    sources: &'a [Source],
    facts: &'a Facts<'a>,
}

/// What a rule found, and in which file.
struct Told<'a>(&'a Source, Spot);

/// Rules on every kind of balancer, by the finding that each makes.
const RULES: &[Rule] = &[
    (Code::EtcdBalanced, members::etcd),
    (Code::PoolOfOne, members::of_one),
    (Code::ServerTwice, members::twice),
    (Code::NodeNotInPool, members::missing),
    (Code::ServerNotInCluster, members::foreign),
    (Code::PoolPorts, ports::differ),
    (Code::JoinPortMissing, ports::join_missing),
    (Code::EndpointUnlistened, ports::unlistened),
    (Code::PortTaken, ports::taken),
    (Code::PoolLoop, addresses::own),
    (Code::AddressPublic, addresses::public),
    (Code::AddressInCluster, addresses::in_cluster),
    (Code::BalancerAlone, addresses::alone),
];

/// Findings of the rules that all kinds share.
pub(super) fn lint(pools: &[Pool<'_>], sources: &[Source], facts: &Facts<'_>) -> Vec<Finding> {
    let seen = Seen { pools, sources, facts };
    let told = |(code, rule): &Rule| {
        let findings = rule(&seen).into_iter().map(|Told(source, spot)| source.finding(*code, spot));
        findings.collect::<Vec<_>>()
    };
    RULES.iter().flat_map(told).collect()
}

impl Seen<'_> {
    /// The pools of API servers.
    fn apis(&self) -> impl Iterator<Item = &Pool<'_>> {
        self.pools.iter().filter(|pool| pool.serves == Serves::Api)
    }
}

impl Server {
    /// The address that its API server is known by.
    fn address(&self) -> String {
        self.api.as_ref().map_or_else(|| self.host.clone(), |api| api.host.to_string())
    }
}
