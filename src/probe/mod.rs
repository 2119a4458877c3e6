//! What a client sees: the TLS handshake and its verdict.

use std::{sync::Arc, time::Duration};

use crate::{cert::ServingCert, endpoint::Endpoint, san::San};

/// Looks at endpoints over the wire; a clone shares the runtime and the TLS configuration.
#[derive(Clone)]
pub struct Wire {
    pub(crate) runtime: Arc<tokio::runtime::Runtime>,
    pub(crate) timeout: Duration,
}

/// What a server presented in one handshake on a fresh connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Presented {
    pub leaf: ServingCert,
    /// Everything after the leaf, as it was sent.
    pub chain: Vec<ServingCert>,
    /// `TLS 1.3`.
    pub version: String,
    pub cipher: String,
    pub alpn: Option<String>,
    /// Subjects of the CAs whose client certificates the server asks for; `None` where it asks for none.
    pub client_cas: Option<Vec<String>>,
}

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("{endpoint}: cannot resolve the name")]
    Resolve { endpoint: Endpoint },
    #[error("{endpoint}: cannot connect: {reason}")]
    Connect { endpoint: Endpoint, reason: String },
    #[error("{endpoint}: no answer within {seconds} s")]
    Timeout { endpoint: Endpoint, seconds: u64 },
    /// The far end speaks, but not TLS: plain HTTP, SSH, a balancer that expects the PROXY protocol.
    #[error("{endpoint}: does not speak TLS: {what}")]
    NotTls { endpoint: Endpoint, what: String },
    #[error("{endpoint}: cannot shake hands: {reason}")]
    Handshake { endpoint: Endpoint, reason: String },
}

impl Wire {
    pub fn new(_timeout: Duration) -> std::io::Result<Self> {
        unimplemented!()
    }

    /// One handshake on a fresh connection: no SNI for an address, and never a name that was not asked for.
    pub fn presented(&self, _endpoint: &Endpoint) -> Result<Presented, Error> {
        unimplemented!()
    }
}

/// CA certificates that a chain must lead to; the system's own are never among them.
#[derive(Clone)]
pub struct Trust {
    pub pem: String,
}

/// What OpenSSL says of a presented chain, the chain and the name judged apart.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Verdict {
    /// Why the chain is not trusted, in OpenSSL's words; `None` where it is.
    pub chain: Option<String>,
    /// Whether the certificate names the host that was asked for.
    pub names_host: bool,
}

impl Trust {
    pub fn from_pem(_pem: &str) -> Result<Self, crate::cert::Error> {
        unimplemented!()
    }

    /// Judges what was presented as a Go client would: purpose server, any given CA an anchor, the common name never a name.
    pub fn judge(&self, _presented: &Presented, _host: &San, _at: jiff::Timestamp) -> Verdict {
        unimplemented!()
    }

    /// SHA-256 of the first CA certificate, to name a cluster by.
    pub fn fingerprint(&self) -> String {
        unimplemented!()
    }
}
