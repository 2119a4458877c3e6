//! How to reach a machine.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// How to reach one machine, as the inventory or the command line names it; it holds no secret.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub name: String,
    /// What ssh is given: an address, a name, or an alias of the user's ssh configuration.
    pub host: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<PathBuf>,
    /// Hosts to go through, comma-separated, as ssh's `-J` takes them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jump: Option<String>,
    /// The distribution's name, where detection should be skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distribution: Option<String>,
    /// Where this machine's API server answers, `host:port`, where it differs from the host and the distribution's port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// The directory of a rehearsed machine, reached without ssh.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rehearsed: Option<PathBuf>,
}

impl Target {
    /// A target that is a name and a host, and nothing more.
    pub fn from_host(name: &str, host: &str) -> Self {
        Self {
            name: name.to_owned(),
            host: host.to_owned(),
            user: None,
            port: None,
            identity: None,
            jump: None,
            distribution: None,
            api: None,
            rehearsed: None,
        }
    }
}
