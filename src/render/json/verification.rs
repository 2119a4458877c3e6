//! What was proved to clients.

use serde::Serialize;

use super::{SCHEMA, finding::FindingView};
use crate::outcome::Verification;

#[derive(Serialize)]
pub(super) struct VerificationView<'a> {
    schema: u32,
    endpoints: Vec<VerifiedView<'a>>,
    findings: Vec<FindingView<'a>>,
}

#[derive(Serialize)]
struct VerifiedView<'a> {
    subject: &'a str,
    endpoint: String,
    connections: u32,
    handshakes: u32,
    version: Option<&'a str>,
    user: Option<&'a str>,
}

impl<'a> VerificationView<'a> {
    pub(super) fn of(seen: &'a Verification) -> Self {
        let endpoints = seen
            .rows
            .iter()
            .map(|row| VerifiedView {
                subject: &row.subject,
                endpoint: row.endpoint.to_string(),
                connections: row.connections,
                handshakes: row.handshakes,
                version: row.version.as_deref(),
                user: row.user.as_deref(),
            })
            .collect();
        Self { schema: SCHEMA, endpoints, findings: FindingView::all(&seen.findings) }
    }
}
