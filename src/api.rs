//! The strict API client: the kubeconfig's CA and nothing else, exact names, every error as it came.

use std::{path::PathBuf, time::Duration};

use crate::{endpoint::Endpoint, probe::Wire};

/// Whose credentials and which CA: a kubeconfig file and a context of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Access {
    pub kubeconfig: PathBuf,
    pub context: String,
}

/// A client of one API server address.
pub struct Api {
    pub(crate) wire: Wire,
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
    pub address: String,
    pub is_control_plane: bool,
}

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("{endpoint}: {reason}")]
    Tls { endpoint: Endpoint, reason: String },
    #[error("{endpoint}: cannot connect: {reason}")]
    Connect { endpoint: Endpoint, reason: String },
    /// The server answered, and refused.
    #[error("{endpoint}: the API answered {status}: {message}")]
    Status { endpoint: Endpoint, status: u16, message: String },
    #[error("{kubeconfig}: {reason}", kubeconfig = kubeconfig.display())]
    Kubeconfig { kubeconfig: PathBuf, reason: String },
    #[error("{endpoint}: no answer within {seconds} s")]
    Timeout { endpoint: Endpoint, seconds: u64 },
}

impl Api {
    /// A client with the context's CA and credentials for `endpoint`, or for the context's own server.
    pub fn new(
        _wire: &Wire,
        _access: &Access,
        _endpoint: Option<&Endpoint>,
        _verify: VerifyAs,
    ) -> Result<Self, Error> {
        unimplemented!()
    }

    /// The server's version, such as `v1.34.4`.
    pub fn version(&self) -> Result<String, Error> {
        unimplemented!()
    }

    /// Whether `/readyz` says ok; 401, 403 and 500 are "not yet" and come as `Error::Status`.
    pub fn readyz(&self) -> Result<(), Error> {
        unimplemented!()
    }

    /// Who the API says we are: a SelfSubjectReview, or the certificate's user where the server knows none.
    pub fn whoami(&self) -> Result<String, Error> {
        unimplemented!()
    }

    /// Addresses and port of the API servers, from the `kubernetes` EndpointSlice.
    pub fn servers(&self) -> Result<Vec<Endpoint>, Error> {
        unimplemented!()
    }

    pub fn nodes(&self) -> Result<Vec<ClusterNode>, Error> {
        unimplemented!()
    }

    /// How long one call may take.
    pub fn timeout(&self) -> Duration {
        self.wire.timeout
    }
}
