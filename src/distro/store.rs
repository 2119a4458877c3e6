//! The store that a control plane keeps together with others, as it tells it itself.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{endpoint::Endpoint, san::San};

/// Who keeps a store together; a member that has no kubelet is no node of the cluster, and nobody else tells of it.
#[derive(Debug, Eq, PartialEq)]
pub struct Store {
    /// The members by name, each with the host where it answers the others; or why nobody can tell.
    pub members: Result<BTreeMap<String, San>, String>,
    /// Where this machine answers.
    pub own: Vec<San>,
    /// The command that takes a member out which is gone for good.
    pub leave: &'static str,
}

#[derive(Deserialize)]
struct Listed {
    members: BTreeMap<String, String>,
}

impl Store {
    /// Reads what `k0s etcd member-list` prints: `{"members":{"NAME":"https://HOST:2380"}}`.
    pub(super) fn listed(said: &str) -> Result<BTreeMap<String, San>, String> {
        let unread = || format!("`{}` is no list of members", said.trim());
        let listed: Listed = serde_json::from_str(said).map_err(|_| unread())?;
        let host = |(name, url): (String, String)| {
            url.parse().map(|Endpoint { host, .. }| (name, host)).map_err(|_| unread())
        };
        listed.members.into_iter().map(host).collect()
    }

    /// Whether it is a member's machine.
    pub fn is_at(&self, host: &San) -> bool {
        self.own.contains(host)
    }
}
