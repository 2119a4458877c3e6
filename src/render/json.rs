//! Outcomes, for programs: shapes of their own, which change only with their `schema`.

use std::{
    error::Error as _,
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::Serialize;

use crate::{
    cert::ServingCert,
    error::Error,
    outcome::{Applied, Deed, Inspected, Inspection, NodesFound, Outcome, Rehearsed, RunSeen, Verification},
    report::{Finding, Severity},
};

const SCHEMA: u32 = 1;

pub(super) fn write(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    match outcome {
        Outcome::Inspection(seen) => print(&InspectionView::of(seen), out),
        Outcome::Verification(seen) => print(&VerificationView::of(seen), out),
        Outcome::Preview(preview) => print(&preview.plan, out),
        Outcome::Applied(run) => print(&AppliedView::of(run), out),
        Outcome::Nodes(found) => print(&NodesView::of(found), out),
        Outcome::Runs(seen) => {
            let runs = seen.runs.iter().map(RunView::of).collect();
            print(&RunsView { schema: SCHEMA, runs, findings: FindingView::all(&seen.findings) }, out)
        }
        Outcome::Rehearsed(seen) => print(&RehearsedView::of(seen), out),
        Outcome::Told => Ok(()),
        Outcome::Script(script) => out.write_all(script.as_bytes()),
        Outcome::Refused(found) => print(&RefusedView::of("refused", found), out),
        Outcome::Declined => print(&RefusedView::of("declined", &[]), out),
    }
}

pub(super) fn error(error: &Error, out: &mut dyn Write) -> io::Result<()> {
    let mut causes = vec![];
    let mut cause = error.source();
    while let Some(source) = cause {
        causes.push(source.to_string());
        cause = source.source();
    }
    print(
        &ErrorView {
            schema: SCHEMA,
            result: "error",
            error: error.to_string(),
            causes,
            hints: error.hints(),
        },
        out,
    )
}

fn print(view: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, view)?;
    writeln!(out)
}

#[derive(Serialize)]
struct ErrorView {
    schema: u32,
    result: &'static str,
    error: String,
    causes: Vec<String>,
    hints: Vec<String>,
}

#[derive(Serialize)]
struct RefusedView<'a> {
    schema: u32,
    result: &'static str,
    findings: Vec<FindingView<'a>>,
}

#[derive(Serialize)]
struct FindingView<'a> {
    code: &'static str,
    severity: Severity,
    subject: &'a str,
    message: &'a str,
    remedy: Option<&'a str>,
}

#[derive(Serialize)]
struct InspectionView<'a> {
    schema: u32,
    endpoints: Vec<InspectedView<'a>>,
    findings: Vec<FindingView<'a>>,
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

#[derive(Serialize)]
struct CertificateView<'a> {
    names: Vec<String>,
    subject: &'a str,
    issuer: &'a str,
    serial: &'a str,
    not_before: String,
    not_after: String,
    key: &'a str,
    sha256: &'a str,
}

#[derive(Serialize)]
struct VerificationView<'a> {
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

#[derive(Serialize)]
struct AppliedView<'a> {
    schema: u32,
    result: &'static str,
    run: Option<&'a str>,
    title: &'a str,
    nodes: &'a [String],
    files: &'a [PathBuf],
    findings: Vec<FindingView<'a>>,
}

#[derive(Serialize)]
struct NodesView<'a> {
    schema: u32,
    endpoint: Option<String>,
    found_by: &'a str,
    nodes: Vec<NodeView<'a>>,
    findings: Vec<FindingView<'a>>,
}

#[derive(Serialize)]
struct NodeView<'a> {
    name: &'a str,
    host: &'a str,
    user: Option<&'a str>,
    api: Option<String>,
    distribution: Option<&'a str>,
    role: Option<&'a str>,
    configured_names: Vec<String>,
}

#[derive(Serialize)]
struct RunsView<'a> {
    schema: u32,
    runs: Vec<RunView<'a>>,
    findings: Vec<FindingView<'a>>,
}

#[derive(Serialize)]
struct RunView<'a> {
    run: &'a str,
    started: String,
    title: &'a str,
    state: &'a str,
    nodes: &'a [String],
    files: &'a [PathBuf],
    record: &'a str,
}

#[derive(Serialize)]
struct RehearsedView<'a> {
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

impl<'a> FindingView<'a> {
    fn all(findings: &'a [Finding]) -> Vec<Self> {
        findings
            .iter()
            .map(|finding| Self {
                code: finding.code.id(),
                severity: finding.code.severity(),
                subject: &finding.subject,
                message: &finding.message,
                remedy: finding.remedy.as_deref(),
            })
            .collect()
    }
}

impl<'a> RefusedView<'a> {
    fn of(result: &'static str, findings: &'a [Finding]) -> Self {
        Self { schema: SCHEMA, result, findings: FindingView::all(findings) }
    }
}

impl<'a> InspectionView<'a> {
    fn of(seen: &'a Inspection) -> Self {
        Self {
            schema: SCHEMA,
            endpoints: seen.rows.iter().map(InspectedView::of).collect(),
            findings: FindingView::all(&seen.findings),
        }
    }
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

impl<'a> CertificateView<'a> {
    fn of(cert: &'a ServingCert) -> Self {
        Self {
            names: cert.sans.iter().map(ToString::to_string).collect(),
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

impl<'a> VerificationView<'a> {
    fn of(seen: &'a Verification) -> Self {
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

impl<'a> AppliedView<'a> {
    fn of(run: &'a Applied) -> Self {
        Self {
            schema: SCHEMA,
            result: match run.deed {
                Deed::Done => "done",
                Deed::Undone => "undone",
                Deed::NothingToDo => "nothing-to-do",
            },
            run: run.run.as_deref(),
            title: &run.title,
            nodes: &run.places.nodes,
            files: &run.places.files,
            findings: FindingView::all(&run.findings),
        }
    }
}

impl<'a> NodesView<'a> {
    fn of(found: &'a NodesFound) -> Self {
        let nodes = found
            .nodes
            .iter()
            .map(|node| NodeView {
                name: &node.target.name,
                host: &node.target.host,
                user: node.target.user.as_deref(),
                api: node.api.as_ref().map(ToString::to_string),
                distribution: node.distribution.as_deref(),
                role: node.role.as_deref(),
                configured_names: node.configured.iter().map(ToString::to_string).collect(),
            })
            .collect();
        Self {
            schema: SCHEMA,
            endpoint: found.endpoint.as_ref().map(ToString::to_string),
            found_by: &found.how,
            nodes,
            findings: FindingView::all(&found.findings),
        }
    }
}

impl<'a> RunView<'a> {
    fn of(run: &'a RunSeen) -> Self {
        Self {
            run: &run.run,
            started: run.started.to_string(),
            title: &run.title,
            state: &run.state,
            nodes: &run.places.nodes,
            files: &run.places.files,
            record: &run.kept,
        }
    }
}

impl<'a> RehearsedView<'a> {
    fn of(seen: &'a Rehearsed) -> Self {
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
