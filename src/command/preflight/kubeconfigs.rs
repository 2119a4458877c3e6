//! The certificates in kubeconfigs, and where their entries lead.

use std::{
    fs::{self, File as Opened},
    io::Read,
    path::Path,
};

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

/// More than any bundle of CAs holds.
const MOST_BYTES: u64 = 1 << 20;

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
            Authority::File(path) => read(&path).unwrap_or_default(),
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

/// A regular file of a size that makes sense: a kubeconfig may name a device or a pipe, which would never end.
fn read(path: &Path) -> Option<String> {
    let seen = fs::metadata(path).ok().filter(|seen| seen.is_file() && seen.len() <= MOST_BYTES)?;
    let mut text = String::new();
    Opened::open(path).ok()?.take(seen.len()).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Whether a certificate stands in the kubeconfig itself or in a file below its directory.
pub(super) fn is_beside(held: &Held, kubeconfig: &Path) -> bool {
    let Authority::File(path) = &held.source else { return true };
    let directory =
        kubeconfig.parent().filter(|directory| *directory != Path::new("")).unwrap_or(Path::new("."));
    let real = |path: &Path| fs::canonicalize(path).ok();
    real(path).zip(real(directory)).is_some_and(|(path, directory)| path.starts_with(directory))
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
