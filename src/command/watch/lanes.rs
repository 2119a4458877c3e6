//! Which addresses are asked, and by whose names those who answer are known.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    api::{Dialer, VerifyAs},
    cli::{Common, REQUEST_WITHIN, Watch},
    command::shared::{cluster::Cluster, front, machines},
    endpoint::Endpoint,
    error::Error,
    probe::CONCURRENCY,
    watch::{Course, Kind, Lane, Via, Way},
    world::World,
};

/// The address that clients share, and the nodes behind it as far as they are known.
pub struct Site {
    cluster: Cluster,
    shared: Endpoint,
    nodes: Vec<(String, Endpoint)>,
    /// Whether each node is asked by itself as well.
    per_node: bool,
    within: Duration,
}

impl Site {
    pub fn find(args: &Watch, common: &Common, world: &World) -> Result<Self, Error> {
        let cluster = Cluster::find(common)?;
        cluster.trust()?;
        let port = cluster.server.port;
        let inventory = match machines::inventory(common, Ok(&cluster), world) {
            Ok(inventory) => Some(inventory),
            // Without names those who answer are told by their fingerprints.
            Err(Error::Inventory(_) | Error::Api(_)) if !args.per_node && !machines::names_nodes(common) => {
                None
            }
            Err(error) => return Err(error),
        };
        let shared = front::endpoint(args.endpoint.as_deref(), Some(&cluster), inventory.as_ref())?;
        let nodes = inventory
            .iter()
            .flat_map(|inventory| &inventory.nodes)
            .filter_map(|node| Some((node.name.clone(), machines::api_of(node, port, world)?)))
            .collect();
        let within = common.request_timeout.unwrap_or(REQUEST_WITHIN);
        Ok(Self { cluster, shared, nodes, per_node: args.per_node, within })
    }

    pub fn course(&self, interval: Duration, world: &World) -> Result<Course, Error> {
        let access = &self.cluster.access;
        let shared = Dialer::new(&world.wire, access, Some(&self.shared), VerifyAs::Host)?;
        let mut ways: Vec<Way> = [Kind::Fresh, Kind::Reused, Kind::Idle]
            .map(|kind| Way {
                lane: Lane { kind, via: Via::Shared, endpoint: self.shared.clone() },
                dialer: shared.clone(),
            })
            .into();
        for (name, endpoint) in self.nodes.iter().filter(|_| self.per_node) {
            // A node may be reached at an address that is none of its names: clients go through the shared one.
            let dialer = Dialer::new(&world.wire, access, Some(endpoint), VerifyAs::Kubernetes)?;
            let via = Via::Node(name.clone());
            ways.push(Way { lane: Lane { kind: Kind::Fresh, via, endpoint: endpoint.clone() }, dialer });
        }
        Ok(Course { ways, interval, within: self.within })
    }

    /// The nodes by the certificates that they present now; several may present the same.
    pub fn names(&self, world: &World) -> BTreeMap<String, String> {
        let endpoints: Vec<Endpoint> = self.nodes.iter().map(|(_, endpoint)| endpoint.clone()).collect();
        let mut names: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        world.wire.presented_many(&endpoints, CONCURRENCY, |index, presented| {
            if let Ok(shown) = presented {
                names.entry(shown.leaf.fingerprint).or_default().push(&self.nodes[index].0);
            }
        });
        let together = |mut names: Vec<&str>| {
            names.sort_unstable();
            names.join(" or ")
        };
        names.into_iter().map(|(fingerprint, names)| (fingerprint, together(names))).collect()
    }
}
