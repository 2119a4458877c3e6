//! What must be seen on the wire.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{endpoint::Endpoint, san::SanSet};

/// Fresh connections in a row that must show it, where nobody says otherwise.
const CONNECTIONS: u32 = 5;

/// How long it may take until they do.
const PROVEN_WITHIN: Duration = Duration::from_secs(30);

/// What must be seen on the wire; demanded of the way forward only.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Proof {
    pub endpoint: Endpoint,
    /// The machine from which it must be seen, where that is not the operator's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Who serves there.
    #[serde(default, skip_serializing_if = "Listener::is_api_server")]
    pub listener: Listener,
    /// What must become of TLS on the way there.
    #[serde(default, skip_serializing_if = "Passage::is_any")]
    pub passage: Passage,
    /// Names that the certificate must carry: the old ones and the new ones.
    pub covers: SanSet,
    /// Names that it must no longer carry.
    #[serde(default, skip_serializing_if = "SanSet::is_empty")]
    pub lacks: SanSet,
    /// The end of the old certificate, where the new one must be valid for longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlasts: Option<Timestamp>,
    /// The serial number that must be gone, in lower-case hexadecimal, where this step has the certificate signed anew.
    pub not_serial: Option<String>,
    /// The issuer that must be the same, as `ServingCert::issuer` writes it.
    pub issuer: Option<String>,
    /// How many fresh connections in a row must show it.
    pub connections: u32,
    pub within: Duration,
}

/// Who serves a certificate.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Listener {
    /// It says whether it is ready as well.
    #[default]
    ApiServer,
    /// What servers and agents join through, at a port of its own; it knows nothing of readiness.
    Supervisor,
}

/// What becomes of a client's TLS on its way to the servers.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Passage {
    /// Nobody looks.
    #[default]
    Any,
    /// What stands there passes it through to API servers of the cluster, to such as can serve.
    Through,
}

impl Passage {
    fn is_any(&self) -> bool {
        *self == Self::Any
    }
}

impl Listener {
    fn is_api_server(&self) -> bool {
        *self == Self::ApiServer
    }

    /// What to ask for without a login, to tell it from anything else.
    pub fn path(self) -> &'static str {
        match self {
            Self::ApiServer => "/readyz",
            Self::Supervisor => "/ping",
        }
    }

    /// Whether this is what it answers; an API server that wants a login says so.
    pub fn answers(self, status: u16, body: &str) -> bool {
        match self {
            Self::ApiServer => matches!(status, 200 | 401 | 403),
            Self::Supervisor => status == 200 && body.contains("pong"),
        }
    }
}

impl Proof {
    /// An address seen to lead to an API server of the cluster that is ready; names and all else are demanded beside.
    pub fn at(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            from: None,
            listener: Listener::ApiServer,
            passage: Passage::Any,
            covers: SanSet::default(),
            lacks: SanSet::default(),
            outlasts: None,
            not_serial: None,
            issuer: None,
            connections: CONNECTIONS,
            within: PROVEN_WITHIN,
        }
    }
}
