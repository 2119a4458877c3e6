//! What is wrong, or easily overlooked, in kubeconfig files.

use std::net::IpAddr;

use super::{
    dangling::Names,
    keys,
    near::{distance, nearest},
    read::{Cluster, Field, File, Kubeconfig},
};
use crate::{
    endpoint::Endpoint,
    report::{Code, Finding},
    san::San,
};

/// Ports that API servers and their balancers commonly listen on.
const API_PORTS: &[u16] = &[443, 6443, 8443, MICROK8S_PORT];
const MICROK8S_PORT: u16 = 16443;
/// One digit away from those, and meant all the same: k3s' own balancer, and frequent choices for a second one.
const OTHER_PORTS: &[u16] = &[4443, 6444, 8444];

const AUTHORITY_KEYS: &[&str] = &["certificate-authority", "certificate-authority-data"];

/// Files that a distribution writes anew, and who does.
const REGENERATED: &[(&str, &str)] = &[
    ("/etc/rancher/k3s/k3s.yaml", "k3s"),
    ("/etc/rancher/rke2/rke2.yaml", "rke2"),
    ("/var/lib/k0s/pki/admin.conf", "k0s"),
    ("/var/snap/microk8s/current/credentials/client.config", "MicroK8s"),
];

/// Findings over all files, in their order.
pub fn lint(kubeconfig: &Kubeconfig<'_>) -> Vec<Finding> {
    let names = Names::of(kubeconfig);
    let mut findings = vec![];
    for file in &kubeconfig.files {
        findings.extend(documents(file));
        findings.extend(mode(file));
        findings.extend(regenerated(file).map(|by| regenerated_finding(file, by)));
        findings.extend(keys::lint(file));
        findings.extend(file.clusters.iter().flat_map(lint_cluster));
        findings.extend(file.contexts.iter().flat_map(|context| names.dangling(context)));
    }
    findings.extend(names.dangling_current(kubeconfig));
    findings
}

/// Who writes this file anew, if anybody does.
pub fn regenerated(file: &File<'_>) -> Option<&'static str> {
    let is_it = |path: &str| file.seen.real.ends_with(path) || file.seen.path.ends_with(path);
    REGENERATED.iter().find(|(path, _)| is_it(path)).map(|(_, by)| *by)
}

fn regenerated_finding(file: &File<'_>, by: &str) -> Finding {
    let path = file.seen.path.display();
    let message = format!("{by} writes this file anew, and an edit is lost then");
    Finding::new(Code::KubeconfigRegenerated, path.to_string(), message)
        .remedy(format!("`cp {path} ~/.kube/config`, and edit that"))
}

fn documents(file: &File<'_>) -> Option<Finding> {
    let count = file.tree.documents();
    let message = format!("the file holds {count} YAML documents, of which clients read the first alone");
    (count > 1).then(|| {
        Finding::new(Code::KubeconfigDocuments, file.seen.path.display().to_string(), message)
            .remedy("put the others into files of their own, and list them in `KUBECONFIG`")
    })
}

fn mode(file: &File<'_>) -> Option<Finding> {
    let mode = file.seen.mode.filter(|mode| mode & 0o044 != 0)?;
    let path = file.seen.path.display();
    let message =
        format!("others on this machine can read the file and its credentials (mode {:04o})", mode & 0o7777);
    Some(Finding::new(Code::KubeconfigMode, path.to_string(), message).remedy(format!("`chmod 600 {path}`")))
}

/// Findings about one cluster alone, misspelt keys apart.
pub fn lint_cluster(cluster: &Cluster<'_>) -> Vec<Finding> {
    let mut findings = vec![];
    match &cluster.server {
        Some(server) => findings.extend(lint_server(cluster, server)),
        None if is_misspelt(cluster, "server") => {}
        None => findings.push(
            about(cluster, &cluster.name, Code::KubeconfigDangling, "names no server")
                .remedy("write `server: https://HOST:PORT` below `cluster:`"),
        ),
    }
    findings.extend(lint_trust(cluster));
    findings.extend(cluster.tls_server_name.as_ref().map(|name| {
        let message =
            format!("has its certificate checked against `{}`, not against the server's host", name.value);
        let host =
            cluster.endpoint().and_then(Result::ok).map_or("HOST".to_owned(), |at| at.host.to_string());
        let remedy =
            format!("`cpctl certs add-san {host}`, then remove the line `tls-server-name: {}`", name.value);
        about(cluster, name, Code::KubeconfigTlsServerName, &message).remedy(remedy)
    }));
    findings.extend(cluster.proxy_url.as_ref().map(|proxy| {
        about(
            cluster,
            proxy,
            Code::KubeconfigProxy,
            "is reached through a proxy, which must know the way to the server",
        )
    }));
    findings
}

/// What is wrong with the server's address.
pub(super) fn lint_server(cluster: &Cluster<'_>, server: &Field<'_>) -> Option<Finding> {
    let url = server.value.as_ref();
    if let Some(rest) = url.strip_prefix("http://") {
        let finding = about(
            cluster,
            server,
            Code::KubeconfigPlainHttp,
            "has a server of plain HTTP; an API server speaks TLS",
        );
        return Some(match rest.contains('@') {
            true => finding.remedy("write `https://` instead of `http://`"),
            false => finding.remedy(format!("write `server: https://{rest}`")),
        });
    }
    let endpoint = cluster.endpoint()?.ok()?;
    let meant = meant_port(&endpoint)?;
    let message = format!("has a server on port {}, where {meant} is usual", endpoint.port);
    let line = Endpoint::new(endpoint.host, meant).url();
    Some(
        about(cluster, server, Code::KubeconfigOddPort, &message)
            .remedy(format!("if it is a slip, write `server: {line}`")),
    )
}

/// The usual port that this one is a slip of the finger away from, the first digit being right.
pub fn meant_port(endpoint: &Endpoint) -> Option<u16> {
    let is_loopback = match &endpoint.host {
        San::Ip(IpAddr::V4(ip)) => ip.is_loopback(),
        San::Ip(IpAddr::V6(ip)) => ip.is_loopback(),
        San::Dns(name) => name.as_str() == "localhost",
    };
    if API_PORTS.contains(&endpoint.port) || OTHER_PORTS.contains(&endpoint.port) {
        return None;
    }
    let written = endpoint.port.to_string();
    let is_near = |port: &&u16| {
        let usual = port.to_string();
        usual.as_bytes()[0] == written.as_bytes()[0] && distance(&usual, &written) == 1
    };
    // On loopback, tools that run clusters in containers take any free port, none of which is near MicroK8s' own.
    let among = if is_loopback { &[MICROK8S_PORT] } else { API_PORTS };
    among.iter().rev().find(is_near).copied()
}

fn lint_trust(cluster: &Cluster<'_>) -> Option<Finding> {
    let has_authority = cluster.authority_data.is_some() || cluster.authority_file.is_some();
    match &cluster.insecure {
        Some(insecure) if has_authority => Some(
            about(cluster, insecure, Code::KubeconfigInsecureCa, "has a CA and skips verification; kubectl refuses the two together")
                .remedy("remove the line `insecure-skip-tls-verify: true`"),
        ),
        Some(insecure) => Some(
            about(cluster, insecure, Code::KubeconfigInsecure, "trusts whoever answers")
                .remedy("put `certificate-authority-data:` in place of `insecure-skip-tls-verify: true`"),
        ),
        None if has_authority => cluster.authority().err(),
        None if AUTHORITY_KEYS.iter().any(|key| is_misspelt(cluster, key)) => None,
        None => Some(
            about(cluster, &cluster.name, Code::KubeconfigNoCa, "names no CA, so clients trust the system's, which sign no cluster's own certificates")
                .remedy("write `certificate-authority-data:` below `cluster:`, as the cluster's own kubeconfig has it"),
        ),
    }
}

/// Whether a misspelt key is what is missing, so that one finding tells it.
fn is_misspelt(cluster: &Cluster<'_>, key: &str) -> bool {
    cluster.unknown.iter().any(|unknown| nearest(&unknown.value, [key]).is_some())
}

fn about(cluster: &Cluster<'_>, field: &Field<'_>, code: Code, message: &str) -> Finding {
    Finding::new(code, cluster.seen.at(field.line), format!("cluster `{}` {message}", cluster.name.value))
}
