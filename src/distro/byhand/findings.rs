//! What stands in the way of a change on a node whose API server was set up by hand.

use jiff::Timestamp;

use super::{
    SERVER,
    facts::{Facts, Stored},
};
use crate::{
    cert::ServingCert,
    distro::{Want, serving, version::RELOADS},
    report::{Code, Finding},
};

/// What guides call the certificate that the cluster's CA signs for the API server.
const CERTIFICATES: [&str; 5] =
    ["kube-api-server.crt", "kubernetes.pem", "kube-apiserver.crt", "kube-apiserver.pem", "apiserver.crt"];

/// Everything that does not depend on what is served.
pub(in crate::distro) fn of_node(facts: &Facts, now: Timestamp) -> Vec<Finding> {
    let ground = &facts.ground;
    let certificate = if facts.is_self_signed() { Some(self_signed(facts)) } else { certificate(facts) };
    let single =
        [ground.locked(), stopped(facts), ground.clock_off(now), by_name(facts), certificate, reload(facts)];
    single.into_iter().flatten().chain(ground.narrow()).collect()
}

/// What the certificate that is served adds to that.
pub(in crate::distro) fn of_served(
    facts: &Facts,
    want: &Want,
    leaf: &ServingCert,
    now: Timestamp,
) -> Vec<Finding> {
    let authority = facts.authority_of(leaf);
    let other = authority.is_none().then(|| other_authority(facts, leaf));
    let expired = authority.filter(|ca| ca.not_after <= now).map(|ca| expired(facts, ca));
    let elsewhere = if other.is_none() { served_elsewhere(facts, leaf) } else { None };
    let renewed = authority.filter(|_| *want == Want::Renew);
    let outlived = renewed.and_then(|ca| serving::outlived(&facts.node, leaf, ca));
    let found = [other, expired, outlived, elsewhere, serving::not_yet_valid(&facts.node, leaf, now)];
    found.into_iter().flatten().filter(|_| !facts.is_self_signed()).collect()
}

fn finding(facts: &Facts, code: Code, message: impl Into<String>, remedy: impl Into<String>) -> Finding {
    Finding::new(code, &facts.node, message).remedy(remedy)
}

fn stopped(facts: &Facts) -> Option<Finding> {
    facts.server.is_none().then(|| {
        finding(
            facts,
            Code::ServiceStopped,
            format!("{SERVER} is not running, so nobody tells where its certificate lies"),
            format!("`sudo systemctl start {SERVER}`; `journalctl -u {SERVER}` tells why it does not stay"),
        )
    })
}

/// What its version does not do yet.
fn reload(facts: &Facts) -> Option<Finding> {
    let version = facts.version.filter(|version| *version < RELOADS)?;
    let message = format!(
        "{SERVER} {version} reads its certificate once, when it starts: each change of its names restarts it, and it is \
         away for that time"
    );
    let remedy = format!(
        "carry on with balancers that can be drained in the inventory, or upgrade to {RELOADS} or later"
    );
    Some(finding(facts, Code::ReloadMissing, message, remedy))
}

/// Without a certificate of its own the API server makes one, in a directory that is empty after each boot.
fn self_signed(facts: &Facts) -> Finding {
    let unit = facts.unit().unwrap_or(SERVER);
    let home = facts.paths.home.display();
    let known = CERTIFICATES.iter().find(|name| facts.beside.iter().any(|file| file == *name));
    let pair = known.map_or_else(
        || "--tls-cert-file=… --tls-private-key-file=…".to_owned(),
        |cert| format!("--tls-cert-file={home}/{cert} --tls-private-key-file={home}/{}", key_of(cert)),
    );
    finding(
        facts,
        Code::SelfSigned,
        format!(
            "{SERVER} is started without `--tls-cert-file`: it serves {}, which it signs itself where there is none, \
             so no new name in another file is ever served",
            facts.paths.certificate.display()
        ),
        format!(
            "give it a certificate that the cluster's CA signed: add `{pair}` with `sudo systemctl edit --full {unit}`, \
             then `sudo systemctl restart {unit}`"
        ),
    )
}

fn key_of(certificate: &str) -> String {
    match certificate.rsplit_once('.') {
        Some((stem, "pem")) => format!("{stem}-key.pem"),
        Some((stem, _)) => format!("{stem}.key"),
        None => format!("{certificate}.key"),
    }
}

/// Certificates for single names: which of them a client is shown depends on what it asks for.
fn by_name(facts: &Facts) -> Option<Finding> {
    facts.server.as_ref()?.arguments.value("tls-sni-cert-key").map(|_| {
        finding(
            facts,
            Code::CertificateElsewhere,
            "its API server serves other certificates by name (`--tls-sni-cert-key`)",
            "add the name where that certificate comes from, or take the flag out of the unit and restart it",
        )
    })
}

fn certificate(facts: &Facts) -> Option<Finding> {
    facts.server.as_ref()?;
    let (file, key) = (facts.paths.certificate.display(), facts.paths.key.display());
    match &facts.certificate {
        Stored::WithKey => Some(finding(
            facts,
            Code::KeyInside,
            format!("{file} holds a private key too, so it is not read: the key would leave the node"),
            format!(
                "put the certificate into a file of its own: `sudo openssl x509 -in {file} -out {file}.crt`, name it \
                 as `--tls-cert-file`, and restart the API server"
            ),
        )),
        Stored::Missing => Some(unusable(facts, "is not there")),
        Stored::Nonsense(reason) => Some(unusable(facts, &format!("cannot be used: {reason}"))),
        Stored::Chain(chain) if !facts.server_key.belongs_to(&chain[0]) => Some(finding(
            facts,
            Code::KeyMismatch,
            format!("{key} is not the key of {file}"),
            "put the key back that belongs to the certificate, or find out who replaced one of the two",
        )),
        Stored::Chain(_) => None,
    }
}

fn unusable(facts: &Facts, why: &str) -> Finding {
    finding(
        facts,
        Code::ReissueImpossible,
        format!("{}, which the API server was started with, {why}", facts.paths.certificate.display()),
        "put the certificate back; what the server shows now is what it read before",
    )
}

fn other_authority(facts: &Facts, leaf: &ServingCert) -> Finding {
    let files: Vec<_> = facts.paths.authorities.iter().map(|path| path.display().to_string()).collect();
    finding(
        facts,
        Code::KeyMismatch,
        format!(
            "`{}` signed the certificate that is served, and its own is not among the CAs that the API server is \
             given ({})",
            leaf.issuer,
            files.join(", ")
        ),
        "append its certificate to `--client-ca-file`, or to the served certificate as its chain",
    )
}

fn expired(facts: &Facts, ca: &ServingCert) -> Finding {
    let message = format!("the CA `{}` has expired on {}", ca.subject, ca.not_after);
    finding(facts, Code::CertExpired, message, "the cluster needs a new CA before a new name")
        .about(&ca.fingerprint)
}

/// A certificate on the wire that is not the one on the disk: another node's address, or a server that does not follow.
fn served_elsewhere(facts: &Facts, leaf: &ServingCert) -> Option<Finding> {
    let own = facts.certificate.leaf().filter(|own| !serving::is_same(own, leaf))?;
    let restart = facts.restart();
    Some(finding(
        facts,
        Code::ServedElsewhere,
        format!(
            "its API address serves the certificate with serial {}, and {} is the one with serial {}",
            leaf.serial,
            facts.paths.certificate.display(),
            own.serial
        ),
        format!(
            "correct `api:` or `host:` in the inventory if the address is another node's; if the server does not \
             follow its file, `{restart}` on the node"
        ),
    ))
}
