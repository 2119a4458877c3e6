//! What it takes to sign: MicroK8s' functions, the CA, the keys, and an API server that serves what is signed.

use jiff::Timestamp;

use super::finding;
use crate::{
    cert::ServingCert,
    distro::{
        microk8s::{
            facts::{ARGUMENTS, CERTS, FUNCTIONS, Facts, KUBELITE},
            template::Template,
        },
        serving::{self, Key},
    },
    report::{Code, Finding},
};

/// The shell functions that a step calls by name, and how the file takes a name: without it a call does nothing.
const NEEDED: [&str; 4] =
    ["render_csr_conf()", "refresh_csr_conf()", "gen_server_cert()", "declare -F \"$1\""];

pub(super) fn findings(facts: &Facts, now: Timestamp) -> Vec<Finding> {
    let single = [elsewhere(facts), functions(facts), authority(facts), expired(facts, now)];
    let server = mismatch(facts, "server", &facts.server_key, facts.certificate.as_ref());
    single.into_iter().chain([server, unstored(facts), unsigned(facts)]).flatten().collect()
}

/// What joining writes into csr.conf, so that a certificate is signed by the cluster's CA; nothing does in 1.24 to 1.26 where
/// an address is pinned, and sometimes otherwise.
const UNSIGNED: &[u8] = b"changeme";

fn unsigned(facts: &Facts) -> Option<Finding> {
    let (authority, own) = (facts.authority.as_ref()?, facts.certificate.as_ref()?);
    let is_asked = facts.applied.as_ref().is_some_and(|text| text.trim_ascii() == UNSIGNED);
    (is_asked && !serving::is_signed_by(own, authority)).then(|| {
        finding(
            facts,
            Code::JoinUnsigned,
            format!("{CERTS}/server.crt is from before it joined: joining asked for another one, and nobody signed it"),
            "`sudo microk8s refresh-certs -e server.crt` on it; 1.27 and later sign when they join",
        )
    })
}

/// A certificate that could not be put back, because it is not there; the server shows what it read before.
fn unstored(facts: &Facts) -> Option<Finding> {
    (facts.certificate.is_none() && elsewhere(facts).is_none()).then(|| {
        finding(
            facts,
            Code::CertificateMissing,
            format!("there is no certificate in {CERTS}/server.crt, so nothing could be taken back"),
            format!(
                "put back what it still serves: `cpctl certs inspect` with its address and `-o pem` prints what belongs \
                 into {CERTS}/server.crt"
            ),
        )
    })
}

pub(super) fn other_authority(facts: &Facts, leaf: &ServingCert) -> Option<Finding> {
    let authority = facts.authority.as_ref()?;
    (!serving::is_signed_by(leaf, authority)).then(|| {
        finding(
            facts,
            Code::KeyMismatch,
            format!(
                "{CERTS}/ca.crt did not sign the certificate that is served: a new one would come from \
                 another CA"
            ),
            "find out who replaced the CA; clients trust the one that signed what is served",
        )
    })
}

/// A certificate on the wire that is not the one on the disk: another node's address, or a server that does not follow.
pub(super) fn served_elsewhere(facts: &Facts, leaf: &ServingCert) -> Option<Finding> {
    let own = facts.certificate.as_ref().filter(|own| !serving::is_same(own, leaf))?;
    if elsewhere(facts).is_some() {
        return None;
    }
    Some(finding(
        facts,
        Code::ServedElsewhere,
        format!(
            "its API address serves the certificate with serial {}, and {CERTS}/server.crt is the one with serial {}",
            leaf.serial, own.serial
        ),
        format!(
            "correct `api:` or `host:` in the inventory if the address is another node's; if the server does not \
             follow its file, `sudo systemctl restart {KUBELITE}` on the node"
        ),
    ))
}

pub(super) fn without_mark(facts: &Facts, template: &Template<'_>) -> Option<Finding> {
    (!template.has_mark).then(|| {
        finding(
            facts,
            Code::TemplateWithoutMoreIps,
            format!(
                "{CERTS}/csr.conf.template has no `#MOREIPS` line: the node's own addresses are in the \
                 certificate only if they are listed"
            ),
            // An edit by hand would have the kicker kill every pod of a first node.
            "the names that are served now are kept; for an address that is missing: `cpctl certs add-san ADDRESS`",
        )
    })
}

fn elsewhere(facts: &Facts) -> Option<Finding> {
    let file = facts.argument("tls-cert-file").filter(|file| !file.ends_with("/certs/server.crt"));
    let message = match (file, facts.argument("tls-sni-cert-key")) {
        (Some(file), _) => format!("its API server serves {file}, which MicroK8s does not sign"),
        (None, Some(_)) => {
            "its API server serves other certificates by name (`--tls-sni-cert-key`)".to_owned()
        }
        (None, None) => return None,
    };
    let remedy =
        format!("add the name where that certificate comes from, or take the argument out of {ARGUMENTS}");
    Some(finding(facts, Code::CertificateElsewhere, message, remedy))
}

fn functions(facts: &Facts) -> Option<Finding> {
    let missing = NEEDED.iter().find(|needed| !facts.functions.contains(*needed))?;
    Some(finding(
        facts,
        Code::SnapTooOld,
        format!(
            "its snap is too old: {FUNCTIONS} holds no `{missing}`, and without it a new certificate is signed \
             for the old names"
        ),
        "`sudo snap refresh microk8s`, to 1.27 or later, one minor version at a time",
    ))
}

fn authority(facts: &Facts) -> Option<Finding> {
    match (&facts.authority, &facts.authority_key) {
        (None, _) => Some(no_authority(facts, "ca.crt")),
        (_, Key::Missing) => Some(no_authority(facts, "ca.key")),
        (authority, key) => mismatch(facts, "ca", key, authority.as_ref()),
    }
}

fn expired(facts: &Facts, now: Timestamp) -> Option<Finding> {
    let ca = facts.authority.as_ref().filter(|ca| ca.not_after <= now)?;
    let message = format!("{CERTS}/ca.crt has expired on {}", ca.not_after);
    Some(
        finding(facts, Code::CertExpired, message, "the cluster needs a new CA before a new name")
            .about(&ca.fingerprint),
    )
}

fn no_authority(facts: &Facts, file: &str) -> Finding {
    finding(
        facts,
        Code::CaKeyMissing,
        format!("there is no {CERTS}/{file}, so it cannot sign a certificate"),
        format!("copy it from another control-plane node to {CERTS}/{file}, mode 0660, owner root:microk8s"),
    )
}

fn mismatch(facts: &Facts, name: &str, key: &Key, cert: Option<&ServingCert>) -> Option<Finding> {
    let message = match (key, cert) {
        (Key::Missing, _) => format!("there is no {CERTS}/{name}.key"),
        (Key::Public(public), Some(cert)) if *public != cert.public_key => {
            format!("{CERTS}/{name}.key is not the key of {name}.crt")
        }
        _ => return None,
    };
    let remedy =
        format!("put the key back that belongs to {name}.crt, or find out who replaced one of the two");
    Some(finding(facts, Code::KeyMismatch, message, remedy).about(name))
}
