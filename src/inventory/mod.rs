//! Who the nodes are: a file, the command line, or the cluster's own word.

use std::{collections::BTreeSet, fmt, io, path::PathBuf};

use serde::Serialize;

use crate::{
    api::{self, Access, Api, VerifyAs},
    endpoint::{Endpoint, Vip},
    node::{Target, local},
};

mod discovery;
mod file;
mod flag;

pub use flag::why_no_interface;

/// The nodes of a control plane, and the address that clients shall use for it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Inventory {
    pub endpoint: Option<Endpoint>,
    pub nodes: Vec<Target>,
    /// The load balancers in front of them that can take a node out.
    pub balancers: Vec<Balancer>,
    /// The address that the balancers hold, where the endpoint does not say it whole.
    pub vip: Option<Vip>,
    /// The number of the balancers' group on their network: VRRP's virtual router, CARP's host.
    pub vrid: Option<u8>,
    pub found: How,
}

/// A HAProxy in front of the API servers.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Balancer {
    #[serde(flatten)]
    pub target: Target,
    /// Its admin socket.
    pub socket: PathBuf,
    /// The backend that the API servers are in, where their addresses do not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backend: Option<String>,
    /// The network interface that the shared address is held on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
    /// Whoever has the highest holds the address, where its order in the list is not to decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<u8>,
}

/// Where an inventory comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum How {
    File(PathBuf),
    Flags,
    /// The EndpointSlice `kubernetes`, joined with the nodes.
    Cluster {
        context: String,
        server: Endpoint,
        /// Set where the certificate does not name the kubeconfig's server: what was checked instead.
        note: Option<String>,
    },
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Flags => f.write_str("--node"),
            Self::Cluster { context, server, note } => {
                write!(f, "the EndpointSlice `kubernetes` of context {context} at {server}")?;
                note.iter().try_for_each(|note| write!(f, "; {note}"))
            }
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{path}: cannot read the inventory", path = path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{path}:{line}:{column}: {reason}", path = path.display())]
    Yaml { path: PathBuf, line: u64, column: u64, reason: String, hint: String },
    #[error("`{text}` is not a node: {reason}")]
    Flag { text: String, reason: &'static str },
    #[error("two nodes have the {what} `{value}`")]
    Twice { what: &'static str, value: String },
    #[error("no node can have the name `localhost`: runs call the operator's own machine so")]
    Reserved,
    #[error("no node is named")]
    NoNode,
    #[error("cannot ask the cluster for its nodes")]
    Api(#[source] api::Error),
    #[error("{server}: the cluster names no API server in its EndpointSlice `kubernetes`")]
    NoServer { server: Endpoint },
    /// A control-plane node whose API server is not among the endpoints is down, and would be left behind.
    #[error("{}: the cluster has no API server there that answers", nodes.join(", "))]
    DeadServer { nodes: Vec<String> },
}

impl Error {
    /// What to type or to look at next.
    pub fn hint(&self) -> String {
        match self {
            Self::Yaml { hint, .. } => hint.clone(),
            Self::Read { .. } => "give `--inventory FILE`, or name the nodes with `--node USER@HOST`".into(),
            Self::Flag { .. } => {
                "give `USER@HOST[:PORT]`, for example `root@10.0.0.11` or `admin@[fd00::11]:2222`".into()
            }
            Self::Reserved => "give it another `name:` in the inventory, or its address with `--node`".into(),
            Self::Twice { .. } => "name each node once".into(),
            Self::NoNode => "list the nodes under `nodes:`, or name them with `--node USER@HOST`".into(),
            Self::Api(error @ (api::Error::NoCa { .. } | api::Error::Kubeconfig { .. })) => {
                error.hint().unwrap_or_default()
            }
            Self::Api(_) | Self::NoServer { .. } => {
                "name the nodes with `--node USER@HOST`, or write a `cpctl.yaml`".into()
            }
            Self::DeadServer { .. } => {
                "bring the API server back, or name the nodes to work on with `--node USER@HOST`".into()
            }
        }
    }
}

impl Inventory {
    /// Reads an inventory file; unknown keys are refused.
    pub fn read(path: PathBuf) -> Result<Self, Error> {
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(path, &text),
            Err(source) => Err(Error::Read { path, source }),
        }
    }

    /// An inventory's text; `path` is what errors call it.
    pub fn parse(path: PathBuf, text: &str) -> Result<Self, Error> {
        let file::Read { endpoint, nodes, balancers, vip, vrid } = file::parse(&path, text)?;
        Self { balancers, vip, vrid, ..Self::checked(endpoint, nodes, How::File(path))? }.apart()
    }

    /// Whether a text means to be an inventory, readable or not: it lists nodes, and is neither an object of Kubernetes'
    /// nor a `cluster.yml` of RKE1, which has `services:` beside its nodes.
    pub fn is_one(text: &str) -> bool {
        let has = |key: &str| text.lines().any(|line| line.starts_with(key));
        let is_other = ["apiVersion:", "kind:", "clusters:", "services:"].into_iter().any(has);
        !is_other && (has("nodes:") || (has("endpoint:") && has("balancers:")))
    }

    /// Nodes as `--node` names them: `USER@HOST[:PORT]`.
    pub fn from_flags(nodes: &[String], endpoint: Option<Endpoint>) -> Result<Self, Error> {
        let nodes = nodes.iter().map(|text| flag::parse(text)).collect::<Result<_, _>>()?;
        Self::checked(endpoint, nodes, How::Flags)
    }

    /// Asks the cluster of a kubeconfig for its control plane; `dial` makes a client of the context's server.
    ///
    /// Works where no certificate names that server: the chain must then lead to the kubeconfig's CA, and carry the
    /// name `kubernetes`. Stops where a control-plane node has no API server that answers.
    pub fn discover(
        access: &Access,
        dial: impl Fn(VerifyAs) -> Result<Api, api::Error>,
    ) -> Result<Self, Error> {
        let (endpoint, nodes, found) = discovery::discover(access, dial)?;
        Self::checked(endpoint, nodes, found)
    }

    /// The text of an inventory file that reads back as these nodes and this endpoint.
    pub fn to_yaml(&self) -> String {
        #[derive(Serialize)]
        struct Text<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            endpoint: Option<&'a Endpoint>,
            #[serde(skip_serializing_if = "Option::is_none")]
            vip: Option<Vip>,
            #[serde(skip_serializing_if = "Option::is_none")]
            vrid: Option<u8>,
            nodes: &'a [Target],
            #[serde(skip_serializing_if = "<[Balancer]>::is_empty")]
            balancers: &'a [Balancer],
        }
        let Self { endpoint, nodes, balancers, vip, vrid, found: _ } = self;
        let (vip, vrid) = (*vip, *vrid);
        serde_saphyr::to_string(&Text { endpoint: endpoint.as_ref(), vip, vrid, nodes, balancers })
            .expect("texts and numbers can be written as YAML")
    }

    fn checked(endpoint: Option<Endpoint>, nodes: Vec<Target>, found: How) -> Result<Self, Error> {
        if nodes.is_empty() {
            return Err(Error::NoNode);
        }
        let (mut names, mut hosts) = (BTreeSet::new(), BTreeSet::new());
        for node in &nodes {
            if node.name == local::NAME {
                return Err(Error::Reserved);
            }
            if !names.insert(&node.name) {
                return Err(Error::Twice { what: "name", value: node.name.clone() });
            }
            // Behind one forwarding host each port is another machine, and so is each rehearsed directory.
            if !hosts.insert((&node.host, node.port.unwrap_or(22), &node.jump, &node.rehearsed)) {
                return Err(Error::Twice { what: "host", value: node.host.clone() });
            }
        }
        Ok(Self { endpoint, nodes, balancers: vec![], vip: None, vrid: None, found })
    }

    /// Refuses a balancer with the name of another machine; one that runs on a node has two names for one host.
    fn apart(self) -> Result<Self, Error> {
        let mut names: BTreeSet<_> = self.nodes.iter().map(|node| &node.name).collect();
        for Balancer { target, .. } in &self.balancers {
            if target.name == local::NAME {
                return Err(Error::Reserved);
            }
            if !names.insert(&target.name) {
                return Err(Error::Twice { what: "name", value: target.name.clone() });
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests;
