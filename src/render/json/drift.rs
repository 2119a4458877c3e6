//! Where the names of each node stand.

use serde::Serialize;

use super::{SCHEMA, finding::FindingView, inspection::CertificateView, names};
use crate::outcome::{Drift, Standing};

#[derive(Serialize)]
pub(super) struct DriftView<'a> {
    schema: u32,
    nodes: Vec<StandingView<'a>>,
    findings: Vec<FindingView<'a>>,
}

#[derive(Serialize)]
pub(super) struct StandingView<'a> {
    name: &'a str,
    distribution: &'a str,
    api: String,
    configured_names: Vec<String>,
    /// Names that come in by themselves.
    derived_names: Vec<String>,
    on_disk: Option<CertificateView<'a>>,
    served: Option<CertificateView<'a>>,
    error: Option<String>,
}

impl<'a> DriftView<'a> {
    pub(super) fn of(drift: &'a Drift) -> Self {
        Self {
            schema: SCHEMA,
            nodes: drift.nodes.iter().map(StandingView::of).collect(),
            findings: FindingView::all(&drift.findings),
        }
    }
}

impl<'a> StandingView<'a> {
    pub(super) fn of(node: &'a Standing) -> Self {
        Self {
            name: &node.node,
            distribution: node.distribution,
            api: node.endpoint.to_string(),
            configured_names: names(&node.configured),
            derived_names: names(&node.derived),
            on_disk: node.on_disk.as_ref().map(CertificateView::of),
            served: node.leaf().map(CertificateView::of),
            error: node.served.as_ref().err().map(ToString::to_string),
        }
    }
}
