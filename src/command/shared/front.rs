//! The address that clients share, for verbs that look at what stands in front of the API servers.

use crate::{cli, command::shared::cluster::Cluster, endpoint::Endpoint, error::Error, inventory::Inventory};

/// The address that was typed; else the inventory's endpoint, else the kubeconfig's server.
pub fn endpoint(
    typed: Option<&str>,
    cluster: Option<&Cluster>,
    inventory: Option<&Inventory>,
) -> Result<Endpoint, Error> {
    let of_inventory = inventory.and_then(|inventory| inventory.endpoint.clone());
    let known = of_inventory.or_else(|| cluster.map(|cluster| cluster.server.clone()));
    if let Some(text) = typed {
        return Ok(cli::endpoint(text, known.map(|known| known.port))?);
    }
    known.ok_or_else(|| Error::Usage {
        message: "no endpoint is named, and there is no kubeconfig".into(),
        hint: "name it behind the verb as HOST:PORT, or write `endpoint:` in `cpctl.yaml`".into(),
    })
}
