//! How a rehearsal went.

use std::path::Path;

use serde::Serialize;

use super::SCHEMA;
use crate::outcome::Rehearsed;

#[derive(Serialize)]
pub(super) struct RehearsedView<'a> {
    schema: u32,
    name: &'a str,
    nodes: Vec<RehearsedNodeView<'a>>,
    requests_sent: u64,
    requests_failed: u64,
    api_servers_restarted: u64,
    pods_killed: u64,
    /// Where the cluster still runs.
    kept: Option<&'a Path>,
}

#[derive(Serialize)]
struct RehearsedNodeView<'a> {
    name: &'a str,
    names_before: Vec<String>,
    names_after: Vec<String>,
}

impl<'a> RehearsedView<'a> {
    pub(super) fn of(seen: &'a Rehearsed) -> Self {
        let nodes = seen
            .nodes
            .iter()
            .map(|node| RehearsedNodeView {
                name: &node.name,
                names_before: node.before.iter().map(ToString::to_string).collect(),
                names_after: node.after.iter().map(ToString::to_string).collect(),
            })
            .collect();
        Self {
            schema: SCHEMA,
            name: &seen.name,
            nodes,
            requests_sent: seen.sent,
            requests_failed: seen.failed,
            api_servers_restarted: seen.restarts,
            pods_killed: seen.pods_killed,
            kept: seen.kept.as_ref().map(|kept| kept.directory.as_path()),
        }
    }
}
