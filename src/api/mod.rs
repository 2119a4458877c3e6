//! The strict API client: the kubeconfig's CA and nothing else, exact names, every error as it came.

use std::path::PathBuf;

use k8s_openapi::api::{core::v1::Node, discovery::v1::EndpointSlice};
use kube::api::ListParams;
use serde_json::{Value, json};

use crate::{endpoint::Endpoint, probe::Wire};

mod access;
mod config_map;
mod connector;
mod credentials;
mod daemon_set;
mod exec;
mod line;
mod miss;
mod node_state;
mod objects;
mod proxy;
mod ranges;
mod said;
mod secret;
mod secured;
mod to_proxy;

pub use config_map::Versioned;
pub use daemon_set::PodCount;
pub use line::{Dialer, Held, Line};
pub use miss::Miss;
pub use node_state::NodeState;
use said::LastWords;

/// Whose credentials and which CA: kubeconfig files, of which the first to define a name wins, and a context of theirs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Access {
    pub kubeconfigs: Vec<PathBuf>,
    pub context: String,
}

/// A client of one API server address. Each has connections of its own, so a new one dials anew.
pub struct Api {
    pub(crate) wire: Wire,
    endpoint: Endpoint,
    client: kube::Client,
    last_words: LastWords,
    is_insecure: bool,
    /// The common name of the client certificate, where there is one.
    user: Option<String>,
}

/// The name that the server's certificate is checked against.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum VerifyAs {
    /// The host that is dialled, or the kubeconfig's `tls-server-name`.
    Host,
    /// `kubernetes`, which every API server's certificate carries.
    Kubernetes,
}

/// A node of the cluster as its API tells it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClusterNode {
    pub name: String,
    /// The first internal address, or the name where the node has none.
    pub address: String,
    /// Every address and name that the node reports.
    pub addresses: Vec<String>,
    pub is_control_plane: bool,
    /// Its operating system, as it calls itself.
    pub system: String,
    /// The identifier that its cloud or its maker gave it; empty where there is none.
    pub provider: String,
    /// The keys of its labels.
    pub labels: Vec<String>,
}

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("{endpoint}: {reason}")]
    Tls { endpoint: Endpoint, reason: String },
    #[error("{endpoint}: cannot connect: {reason}")]
    Connect { endpoint: Endpoint, reason: String },
    /// The proxy on the way does not answer; of the server nothing is known.
    #[error("{endpoint}: cannot connect to the proxy {proxy}: {reason}")]
    Proxy { endpoint: Endpoint, proxy: Endpoint, reason: String },
    /// The server answered, and refused.
    #[error("{endpoint}: the API answered {status}: {message}")]
    Status { endpoint: Endpoint, status: u16, message: String },
    #[error("{kubeconfig}: {reason}")]
    Kubeconfig {
        /// A file, or a list of them as `$KUBECONFIG` holds it.
        kubeconfig: String,
        reason: String,
    },
    /// Without a CA any server could pass for the cluster's.
    #[error(
        "{kubeconfig}: the cluster of context `{context}` names no CA certificate, so no server can be recognised"
    )]
    NoCa { kubeconfig: String, context: String },
    #[error("{endpoint}: no answer within {seconds} s")]
    Timeout { endpoint: Endpoint, seconds: u64 },
}

impl Error {
    /// What to type next.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Tls { endpoint, .. } => format!("`cpctl certs inspect {endpoint}` shows what it serves"),
            Self::Proxy { proxy, .. } => format!(
                "check the proxy: `nc -vz {} {}`; the kubeconfig's `proxy-url` or `$HTTPS_PROXY` names it",
                proxy.host, proxy.port
            ),
            Self::Connect { endpoint, .. } | Self::Timeout { endpoint, .. } => {
                format!("check that something listens there: `nc -vz {} {}`", endpoint.host, endpoint.port)
            }
            Self::Status { status: 401 | 403, .. } => {
                "check the credentials: `kubectl auth whoami` with the same kubeconfig and context".into()
            }
            Self::Status { .. } => return None,
            Self::NoCa { .. } => "add `certificate-authority-data` to the cluster entry: the certificate that signed those of the API servers, on MicroK8s `/var/snap/microk8s/current/certs/ca.crt`".into(),
            Self::Kubeconfig { kubeconfig, .. } => {
                format!("`KUBECONFIG={kubeconfig} kubectl config view` shows what it holds")
            }
        })
    }
}

impl Api {
    /// A client with the context's CA and credentials for `endpoint`, or for the context's own server.
    pub fn new(
        wire: &Wire,
        access: &Access,
        endpoint: Option<&Endpoint>,
        verify: VerifyAs,
    ) -> Result<Self, Error> {
        let login = access.login(wire, endpoint, verify)?;
        let unusable = |reason| access.unusable(reason);
        let last_words = LastWords::default();
        // kube's client spawns a task of its own.
        let _inside = wire.runtime().map_err(|error| unusable(error.to_string()))?.enter();
        Ok(Self {
            wire: wire.clone(),
            client: connector::client(&login, &last_words).map_err(unusable)?,
            last_words,
            user: login.user(),
            is_insecure: login.trust.is_none(),
            endpoint: login.endpoint,
        })
    }

    /// The address that is dialled.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Whether we log in with a certificate, which only an unbroken TLS carries to the server.
    pub fn presents_certificate(&self) -> bool {
        self.user.is_some()
    }

    /// Whether the server is taken for what it says it is, because the kubeconfig sets `insecure-skip-tls-verify`.
    pub fn is_insecure(&self) -> bool {
        self.is_insecure
    }

    /// The server's version, such as `v1.34.4`.
    pub fn version(&self) -> Result<String, Error> {
        Ok(self.call(self.client.apiserver_version())?.git_version)
    }

    /// Whether `/readyz` says ok; 401, 403 and 500 are "not yet" and come as `Error::Status`.
    pub fn readyz(&self) -> Result<(), Error> {
        self.call(self.client.request_text(request("GET", "/readyz", Vec::new()))).map(drop)
    }

    /// Whether an object can be read from where the cluster is stored; whoever may not read it is told nothing.
    ///
    /// A server whose etcd has lost its quorum goes on saying ok at `/readyz` for a while, and cannot answer this.
    pub fn reads_its_store(&self) -> Result<(), Error> {
        const OBJECT: &str = "/api/v1/namespaces/kube-system";
        match self.call(self.client.request_text(request("GET", OBJECT, Vec::new()))) {
            Err(Error::Status { status: 401 | 403 | 404, .. }) => Ok(()),
            answer => answer.map(drop),
        }
    }

    /// Who the API says we are: a SelfSubjectReview, or the certificate's user where the server knows none.
    ///
    /// Servers older than 1.28 have no such review; they answer 404 only to users whom they know.
    pub fn whoami(&self) -> Result<String, Error> {
        const PATH: &str = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
        let review = json!({ "apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview" });
        match self.call(self.client.request::<Value>(request("POST", PATH, review.to_string().into_bytes())))
        {
            Ok(review) => Ok(objects::user(&review).unwrap_or_else(|| "a user without a name".into())),
            Err(Error::Status { status: 404, .. }) => {
                Ok(self.user.clone().unwrap_or_else(|| "the owner of the kubeconfig's token".into()))
            }
            Err(error) => Err(error),
        }
    }

    /// Addresses and port of the API servers, from the `kubernetes` EndpointSlice.
    pub fn servers(&self) -> Result<Vec<Endpoint>, Error> {
        let slices = kube::Api::<EndpointSlice>::namespaced(self.client.clone(), "default");
        let ours = ListParams::default().labels("kubernetes.io/service-name=kubernetes");
        Ok(objects::servers(&self.call(slices.list(&ours))?.items))
    }

    /// All nodes, by name.
    pub fn nodes(&self) -> Result<Vec<ClusterNode>, Error> {
        const PAGE: u32 = 500;
        let api = kube::Api::<Node>::all(self.client.clone());
        let mut nodes = Vec::new();
        let mut page = ListParams::default().limit(PAGE);
        loop {
            let list = self.call(api.list(&page))?;
            nodes.extend(list.items.iter().map(objects::node));
            match list.metadata.continue_.filter(|token| !token.is_empty()) {
                Some(token) => page = page.continue_token(&token),
                None => break,
            }
        }
        nodes.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(nodes)
    }

    fn call<T>(&self, answer: impl Future<Output = kube::Result<T>>) -> Result<T, Error> {
        let within = async { tokio::time::timeout(self.wire.timeout, answer).await };
        let runtime = self
            .wire
            .runtime()
            .map_err(|error| Error::Connect { endpoint: self.endpoint.clone(), reason: error.to_string() })?;
        match runtime.block_on(within) {
            Ok(answer) => answer.map_err(|error| said::error(&error, &self.endpoint, &self.last_words)),
            Err(_) => Err(Error::Timeout {
                endpoint: self.endpoint.clone(),
                seconds: crate::probe::whole_seconds(self.wire.timeout),
            }),
        }
    }
}

fn request(method: &str, path: &str, body: Vec<u8>) -> http::Request<Vec<u8>> {
    http::Request::builder()
        .method(method)
        .uri(path)
        .header(http::header::CONTENT_TYPE, "application/json")
        .body(body)
        .expect("constant parts make a request")
}

#[cfg(test)]
pub(crate) mod tests;
