//! The certificates in kubeconfigs, and where their entries lead.

use std::fs;

use jiff::Timestamp;

use crate::{
    cert::{ServingCert, Use},
    check::Filed,
    endpoint::Endpoint,
    kubeconfig::{Authority, Cluster, File, Held},
    report::{Code, Finding},
};

const RENEW: &str = "take a fresh kubeconfig from a control plane, for example from `microk8s config`, \
                     /etc/kubernetes/admin.conf or /etc/rancher/k3s/k3s.yaml";

/// What is wrong with the certificates that a kubeconfig holds or names; `subject` is what the file is called.
pub(super) fn certificates(
    subject: &str,
    file: &File<'_>,
    is_meant: impl Fn(&Held) -> bool,
    now: Timestamp,
) -> Vec<Finding> {
    let mut findings = vec![];
    for held in file.certificates().into_iter().filter(is_meant) {
        let pem = match held.source {
            Authority::Pem(pem) => pem,
            // A file that is not there is told by whoever needs it.
            Authority::File(path) => fs::read_to_string(path).unwrap_or_default(),
        };
        let at = Some((held.line, format!("{}: …", held.key)));
        for cert in ServingCert::all_from_pem(pem.as_bytes()).unwrap_or_default() {
            let (place, is_users) = (format!("the {}", held.what), held.key.starts_with("client"));
            let of = if is_users { Use::Client } else { Use::Authority };
            let filed = Filed { subject, place: &place, cert: &cert, of, at: at.clone(), renew: Some(RENEW) };
            findings.extend(filed.validity(now).into_iter().chain(filed.form()));
            findings.extend(filed.first_version().filter(|_| is_users));
        }
    }
    findings
}

/// An entry that leads to another address than the one that clients are to use.
pub(super) fn elsewhere(
    subject: &str,
    cluster: &Cluster<'_>,
    to: &Endpoint,
    remedy: &str,
) -> Option<Finding> {
    let (Some(Ok(server)), Some(field)) = (cluster.endpoint(), &cluster.server) else { return None };
    if server == *to {
        return None;
    }
    let message = format!("cluster `{}` leads to {server}, not to {to}", cluster.name.value);
    let finding = Finding::new(Code::KubeconfigElsewhere, subject, message).remedy(remedy);
    Some(finding.at(field.line, format!("server: {}", server.url())))
}
