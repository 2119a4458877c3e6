//! Names that are in one place of a node and not in another: its configuration, its disk, the wire.

use crate::{
    cert::ServingCert,
    endpoint::Endpoint,
    report::{Code, Finding},
    san::SanSet,
};

/// A node, and the names in each of its places.
pub struct Standing<'s> {
    pub node: &'s str,
    pub endpoint: &'s Endpoint,
    pub configured: &'s SanSet,
    /// Names that come in by themselves.
    pub derived: &'s SanSet,
    pub on_disk: Option<&'s ServingCert>,
    pub served: &'s ServingCert,
    /// Names that the configurations of other servers with this certificate ask for.
    pub asked_by_others: &'s SanSet,
    /// Whether the certificate lies where no look reaches, and keeps every name that was ever in it.
    pub keeps_names: bool,
}

/// What differs on a node.
pub fn drift(standing: &Standing<'_>) -> Vec<Finding> {
    let Standing { configured, derived, on_disk, served, .. } = standing;
    if standing.keeps_names {
        let unsigned = configured.missing_from(&served.sans);
        let unwritten = standing.asked_by_others.shared_with(&served.sans).missing_from(configured);
        let unserved = (!unsigned.is_empty()).then(|| unserved(standing, &unsigned));
        let lent = (!unwritten.is_empty()).then(|| lent(standing, &unwritten));
        return unserved.into_iter().chain(lent).collect();
    }
    let names = |cert: &ServingCert| cert.sans.clone();
    // What the disk holds and the wire does not is told as one thing: the server does not follow its file.
    let signed = on_disk.map_or_else(|| names(served), |cert| cert.sans.union(&served.sans));
    let lasting = on_disk.map_or_else(|| names(served), |cert| cert.sans.shared_with(&served.sans));
    let unsigned = configured.missing_from(&signed);
    let unwritten = lasting.missing_from(configured).missing_from(derived);
    let to_come = derived.missing_from(&signed);
    let on_disk = match on_disk {
        None => Some(missing(standing)),
        Some(cert) => (cert.der != served.der).then(|| elsewhere(standing, cert)),
    };
    on_disk
        .into_iter()
        .chain((!unsigned.is_empty()).then(|| unserved(standing, &unsigned)))
        .chain((!unwritten.is_empty()).then(|| unconfigured(standing, &unwritten)))
        .chain((!to_come.is_empty()).then(|| pending(standing, &to_come)))
        .collect()
}

fn missing(standing: &Standing<'_>) -> Finding {
    let message = "no certificate for its API server to serve can be read from its disk";
    Finding::new(Code::CertificateMissing, standing.node, message)
        .remedy(format!("put back what it still serves: `cpctl certs inspect {} -o pem`", standing.endpoint))
}

fn elsewhere(standing: &Standing<'_>, on_disk: &ServingCert) -> Finding {
    let message = format!(
        "{} serves the certificate with serial {}, and the one on its disk has serial {}",
        standing.endpoint, standing.served.serial, on_disk.serial
    );
    Finding::new(Code::ServedElsewhere, standing.node, message).remedy(format!(
        "a server follows its file within a minute (`cpctl certs inspect {}`), or when it is restarted; if the address \
         is another node's, correct `api:` or `host:` in the inventory",
        standing.endpoint
    ))
}

fn unserved(standing: &Standing<'_>, names: &SanSet) -> Finding {
    let message =
        format!("{names} {} configured, and no certificate was signed for {}", is(names), it(names));
    Finding::new(Code::NameUnserved, standing.node, message)
        .remedy(format!("`cpctl certs add-san {}`", words(names)))
}

/// Names that are asked for and that the API server serves, but not the port at which servers and agents join.
pub fn unshared(node: &str, joining: &Endpoint, names: &SanSet) -> Option<Finding> {
    (!names.is_empty()).then(|| {
        let message = format!("{names} {} configured, and {joining} does not serve {}", is(names), it(names));
        Finding::new(Code::NameUnserved, node, message)
            .remedy(format!("`cpctl certs add-san {}`", words(names)))
    })
}

fn unconfigured(standing: &Standing<'_>, names: &SanSet) -> Finding {
    let message = format!(
        "{names} {} served, and the configuration does not ask for {}: the next certificate may lack {}",
        is(names),
        it(names),
        it(names)
    );
    let names = words(names);
    Finding::new(Code::NameUnconfigured, standing.node, message).remedy(format!(
        "`cpctl certs add-san {names}` writes it down; `cpctl certs remove-san {names}` takes it out, or says how"
    ))
}

/// The certificate is made from the configurations of all, and outlives none of them for sure.
fn lent(standing: &Standing<'_>, names: &SanSet) -> Finding {
    let message = format!(
        "{names} {} served because other servers ask for {}; this one's configuration does not: were they gone, the next \
         certificate would lack {}",
        is(names),
        it(names),
        it(names)
    );
    let remedy = format!("`cpctl certs add-san {}` writes it down, without a restart", words(names));
    Finding::new(Code::NameUnconfigured, standing.node, message).remedy(remedy)
}

fn pending(standing: &Standing<'_>, names: &SanSet) -> Finding {
    let message = format!("its next certificate names {names} as well, without being asked to");
    Finding::new(Code::NamePending, standing.node, message)
        .remedy(format!("`cpctl certs renew --limit {}` has it signed now", standing.node))
}

/// Names in a certificate that is never given up, which nothing that is known brings in.
pub fn strays(subject: &str, names: &SanSet) -> Finding {
    let message = format!(
        "{names} {} served, and no configuration asks for {}: a client asked for {} once, or {} called so",
        is(names),
        it(names),
        it(names),
        if names.len() == 1 { "a node is" } else { "nodes are" }
    );
    Finding::new(Code::NameStray, subject, message).remedy(format!(
        "`cpctl certs add-san {}` writes down what clients use; `tls-san-security: true` on every server keeps further ones out",
        words(names)
    ))
}

fn is(names: &SanSet) -> &'static str {
    if names.len() == 1 { "is" } else { "are" }
}

fn it(names: &SanSet) -> &'static str {
    if names.len() == 1 { "it" } else { "them" }
}

fn words(names: &SanSet) -> String {
    let words: Vec<_> = names.iter().map(ToString::to_string).collect();
    words.join(" ")
}
