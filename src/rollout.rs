//! The order over a cluster: one node at a time, and every other API server ready before each.

use std::collections::BTreeSet;

use crate::{
    api::{self, Access, Api, VerifyAs},
    cert,
    endpoint::Endpoint,
    plan::Cluster,
    probe::{self, Presented, Trust},
    world::World,
};

/// Why no node is touched, or no further one.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("the CA of the plan cannot be read")]
    Trust(#[from] cert::Error),
    #[error("{node}: its API server cannot be seen")]
    Unseen {
        node: String,
        #[source]
        source: probe::Error,
    },
    #[error("{node}: {endpoint} belongs to another cluster: {reason}")]
    WrongCluster { node: String, endpoint: Endpoint, reason: String, issuer: String, trusted: String },
    #[error("{node}: its API server is not ready")]
    NotReady {
        node: String,
        #[source]
        source: NotReady,
    },
}

/// Why an API server is not said to be ready.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    #[error(transparent)]
    Api(#[from] api::Error),
    #[error(transparent)]
    Wire(#[from] probe::Error),
    #[error(transparent)]
    Trust(#[from] cert::Error),
    #[error("{endpoint}: its certificate is not trusted: {reason}")]
    Untrusted { endpoint: Endpoint, reason: String },
}

impl Refused {
    /// What to type next, where there is something.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Trust(_) => return None,
            Self::WrongCluster { issuer, trusted, .. } => format!(
                "it is signed by `{issuer}`, the kubeconfig trusts the CA with SHA-256 {trusted}; \
                 choose the right one with `--context`, or the right nodes"
            ),
            Self::Unseen { node, .. } | Self::NotReady { node, .. } => {
                format!("bring {node} back first: a second API server must not be touched meanwhile")
            }
        })
    }
}

/// Refuses the wrong cluster: every API server must present a chain that leads to the plan's CA.
///
/// Servers of `excused` nodes may be down, because the run itself was cut off in the middle of them.
pub fn same_cluster(world: &World, cluster: &Cluster, excused: &BTreeSet<&str>) -> Result<(), Refused> {
    if cluster.servers.is_empty() {
        return Ok(());
    }
    let trust = Trust::from_pem(&cluster.trust)?;
    for (node, endpoint) in &cluster.servers {
        let presented = match world.wire.presented(endpoint) {
            Err(_) if excused.contains(node.as_str()) => continue,
            presented => presented.map_err(|source| Refused::Unseen { node: node.clone(), source })?,
        };
        if let Some(reason) = distrust(world, &trust, &presented, endpoint) {
            return Err(Refused::WrongCluster {
                node: node.clone(),
                endpoint: endpoint.clone(),
                reason,
                issuer: presented.leaf.issuer,
                trusted: trust.fingerprint(),
            });
        }
    }
    Ok(())
}

/// Refuses to touch `node` while another API server of the cluster is not ready on its own address.
pub fn others_ready(world: &World, cluster: &Cluster, node: &str) -> Result<(), Refused> {
    if !cluster.servers.contains_key(node) {
        return Ok(());
    }
    for (other, endpoint) in cluster.servers.iter().filter(|(other, _)| *other != node) {
        match ready(world, cluster, endpoint) {
            Err(source) if !has_expired(world, endpoint) => {
                return Err(Refused::NotReady { node: other.clone(), source });
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether a server runs whose certificate has ended: no client can use it until it is renewed, so none is lost.
fn has_expired(world: &World, endpoint: &Endpoint) -> bool {
    world.wire.presented(endpoint).is_ok_and(|presented| presented.leaf.not_after <= (world.now)())
}

/// Whether the API server says that it is ready and reads from its store; without credentials, whether it completes a
/// trusted handshake.
pub fn ready(world: &World, cluster: &Cluster, endpoint: &Endpoint) -> Result<(), NotReady> {
    if !cluster.kubeconfig.is_empty() {
        let access = Access { kubeconfigs: cluster.kubeconfig.clone(), context: cluster.context.clone() };
        let api = Api::new(&world.wire, &access, Some(endpoint), VerifyAs::Kubernetes)?;
        api.readyz()?;
        return Ok(api.reads_its_store()?);
    }
    let trust = Trust::from_pem(&cluster.trust)?;
    let presented = world.wire.presented(endpoint)?;
    match distrust(world, &trust, &presented, endpoint) {
        Some(reason) => Err(NotReady::Untrusted { endpoint: endpoint.clone(), reason }),
        None => Ok(()),
    }
}

fn distrust(world: &World, trust: &Trust, presented: &Presented, endpoint: &Endpoint) -> Option<String> {
    trust.judge(presented, &endpoint.host, (world.now)()).chain
}
