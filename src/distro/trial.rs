//! How the clients of a machine see an address, to be tried before they are led to it.

use std::path::PathBuf;

use crate::{cert::ServingCert, plan::Listener};

/// What a machine's own clients know an API server by, and who it is to them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Trial {
    /// The CAs that they trust, and where those lie.
    pub authorities: Vec<ServingCert>,
    pub file: PathBuf,
    /// A file of nothing but such CAs, for a command to name.
    pub pem: Option<PathBuf>,
    /// Who has to answer there.
    pub listener: Listener,
}
