//! How the clients of a machine see an address, to be tried before they are led to it.

use std::path::PathBuf;

use crate::cert::ServingCert;

/// What a machine's own clients know an API server by, and what they have to be told by it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Trial {
    /// The CAs that they trust, and where those lie.
    pub authorities: Vec<ServingCert>,
    pub file: PathBuf,
    /// A file of nothing but such CAs, for a command to name.
    pub pem: Option<PathBuf>,
    pub asks: Asks,
}

/// What is asked of the server that an address leads to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Asks {
    /// Whether it is a supervisor of K3s or RKE2, by its `/ping`.
    Ping,
    /// Whether it is an API server, by its `/readyz`; one that wants a login says so.
    Readyz,
}

impl Asks {
    pub fn path(self) -> &'static str {
        match self {
            Self::Ping => "/ping",
            Self::Readyz => "/readyz",
        }
    }

    /// Whether this is what such a server answers.
    pub fn is_answered_by(self, status: u16, body: &str) -> bool {
        match self {
            Self::Ping => status == 200 && body.contains("pong"),
            Self::Readyz => matches!(status, 200 | 401 | 403),
        }
    }
}
