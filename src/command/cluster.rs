//! What several verbs need to know first: which cluster is meant, and who its nodes are.

use std::{collections::BTreeMap, path::PathBuf};

use crate::{
    api::{Access, Api},
    cli::Common,
    endpoint::Endpoint,
    error::Error,
    inventory::Inventory,
    kubeconfig,
    node::Target,
    plan,
    probe::Trust,
    world::World,
};

/// The inventory that is used where none is named.
const DEFAULT_INVENTORY: &str = "cpctl.yaml";

/// The kubeconfig's context: its file, its CA and its server.
pub struct Cluster {
    pub access: Access,
    pub trust: Option<Trust>,
    pub trust_pem: String,
    pub server: Endpoint,
}

impl Cluster {
    /// The context that is meant, as `--kubeconfig`, `--context` and the environment say.
    pub fn find(common: &Common) -> Result<Self, Error> {
        let found = kubeconfig::find(&kubeconfig::Environment::of_process(), common.kubeconfig.as_deref())?;
        let context = found.context(common.context.as_deref())?;
        let access = Access { kubeconfig: context.file.clone(), context: context.name.clone() };
        let trust_pem = context.trust_pem()?.unwrap_or_default();
        let trust = Trust::from_pem(&trust_pem).ok();
        Ok(Self { server: context.server()?, access, trust, trust_pem })
    }

    /// The CA, where a verb cannot do without one.
    pub fn trust(&self) -> Result<&Trust, Error> {
        self.trust.as_ref().ok_or_else(|| Error::Usage {
            message: format!("context {} of {} names no CA", self.access.context, self.access.kubeconfig.display()),
            hint: "without one nobody can tell the cluster from another; add `certificate-authority-data` to its cluster entry".into(),
        })
    }

    /// The CA by a name that people know.
    pub fn named(&self) -> String {
        format!("the CA of context {}", self.access.context)
    }

    /// What a plan has to know of the cluster; no credential is among it.
    pub fn for_plan(&self, servers: BTreeMap<String, Endpoint>) -> plan::Cluster {
        plan::Cluster {
            context: self.access.context.clone(),
            trust: self.trust_pem.clone(),
            kubeconfig: Some(self.access.kubeconfig.clone()),
            servers,
        }
    }
}

/// The nodes as the operator names them, or as the cluster tells them.
pub fn inventory(common: &Common, cluster: Result<&Cluster, &Error>, world: &World) -> Result<Inventory, Error> {
    if !common.node.is_empty() {
        return Ok(Inventory::from_flags(&common.node, None)?);
    }
    if let Some(file) = inventory_file(common) {
        return Ok(Inventory::read(file)?);
    }
    match cluster {
        Ok(cluster) => {
            let dial = |verify| Api::new(&world.wire, &cluster.access, None, verify);
            Ok(Inventory::discover(&cluster.access, dial)?)
        }
        Err(error) => Err(Error::Usage {
            message: format!("no nodes are named, and there is no cluster to ask for them: {error}"),
            hint: "name them with `--node root@HOST`, or write `cpctl.yaml`, or name a kubeconfig with `--kubeconfig`".into(),
        }),
    }
}

/// Whether the operator named nodes, so that nothing has to be asked of the cluster.
pub fn names_nodes(common: &Common) -> bool {
    !common.node.is_empty() || inventory_file(common).is_some()
}

/// Where a node's API server answers, as far as that is known without asking the node.
pub fn api_of(target: &Target, port: u16, world: &World) -> Option<Endpoint> {
    match &target.api {
        Some(api) => api.parse().ok(),
        None => Endpoint::parse_with_port(&world.reach.host(target), port).ok(),
    }
}

fn inventory_file(common: &Common) -> Option<PathBuf> {
    common.inventory.clone().or_else(|| Some(PathBuf::from(DEFAULT_INVENTORY)).filter(|file| file.is_file()))
}
