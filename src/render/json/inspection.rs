//! What servers present.

use serde::Serialize;

use super::{SCHEMA, finding::FindingView, names};
use crate::{
    cert::ServingCert,
    outcome::{Inspected, Inspection},
};

#[derive(Serialize)]
pub(super) struct InspectionView<'a> {
    schema: u32,
    endpoints: Vec<InspectedView<'a>>,
    findings: Vec<FindingView<'a>>,
}

impl<'a> InspectionView<'a> {
    pub(super) fn of(seen: &'a Inspection) -> Self {
        Self {
            schema: SCHEMA,
            endpoints: seen.rows.iter().map(InspectedView::of).collect(),
            findings: FindingView::all(&seen.findings),
        }
    }
}

#[derive(Serialize)]
struct InspectedView<'a> {
    subject: &'a str,
    endpoint: Option<String>,
    error: Option<String>,
    certificate: Option<CertificateView<'a>>,
    chain: Vec<CertificateView<'a>>,
    tls_version: Option<&'a str>,
    cipher: Option<&'a str>,
    alpn: Option<&'a str>,
    client_certificate_authorities: Option<&'a [String]>,
    trusted: Option<bool>,
    untrusted_because: Option<&'a str>,
}

impl<'a> InspectedView<'a> {
    fn of(row: &'a Inspected) -> Self {
        let (server, verdict) = (row.server(), row.verdict());
        let shown = server.and_then(|server| server.shown.as_ref().ok());
        Self {
            subject: row.subject(),
            endpoint: server.map(|server| server.endpoint.to_string()),
            error: server.and_then(|server| server.shown.as_ref().err()).map(ToString::to_string),
            certificate: row.certs().map(|(leaf, _)| CertificateView::of(leaf)),
            chain: row
                .certs()
                .map(|(_, chain)| chain.iter().map(CertificateView::of).collect())
                .unwrap_or_default(),
            tls_version: shown.map(|shown| shown.version.as_str()),
            cipher: shown.map(|shown| shown.cipher.as_str()),
            alpn: shown.and_then(|shown| shown.alpn.as_deref()),
            client_certificate_authorities: shown.and_then(|shown| shown.client_cas.as_deref()),
            trusted: verdict.map(|verdict| verdict.chain.is_none()),
            untrusted_because: verdict.and_then(|verdict| verdict.chain.as_deref()),
        }
    }
}

#[derive(Serialize)]
pub(super) struct CertificateView<'a> {
    names: Vec<String>,
    subject: &'a str,
    issuer: &'a str,
    serial: &'a str,
    not_before: String,
    not_after: String,
    key: &'a str,
    sha256: &'a str,
}

impl<'a> CertificateView<'a> {
    pub(super) fn of(cert: &'a ServingCert) -> Self {
        Self {
            names: names(&cert.sans),
            subject: &cert.subject,
            issuer: &cert.issuer,
            serial: &cert.serial,
            not_before: cert.not_before.to_string(),
            not_after: cert.not_after.to_string(),
            key: &cert.key,
            sha256: &cert.fingerprint,
        }
    }
}
