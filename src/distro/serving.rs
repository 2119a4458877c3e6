//! A certificate that an API server serves from a file: its keys, what makes it be served, and the proof of it.

use std::{path::PathBuf, time::Duration};

use jiff::Timestamp;
use openssl::x509::X509;

use crate::{
    cert::ServingCert,
    distro::Want,
    endpoint::Endpoint,
    node::Answer,
    plan::{Proof, Restart, Settle},
    report::{Code, Finding},
};

/// kube-apiserver follows a changed file within 0.2 s, and a change that its watch missed at its next poll, after at
/// most 60 s: only one that has not followed then has to be restarted.
const FOLLOWS_WITHIN: Duration = Duration::from_secs(75);

const RESTARTS_WITHIN: Duration = Duration::from_secs(120);
const READY_WITHIN: Duration = Duration::from_secs(120);
const PROVEN_WITHIN: Duration = Duration::from_secs(30);

/// Fresh connections in a row.
const CONNECTIONS: u32 = 5;

/// A private key, of which only the public half is known here.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Key {
    Missing,
    /// The SHA-256 of its public half.
    Public(String),
    /// It is there and the node could not read it: the reason.
    Unread(String),
}

/// Whether a new certificate is needed, or the one that is served will do.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Signing {
    Anew,
    /// All names are served already, by accident: they only have to be written down.
    NotNeeded,
}

impl Key {
    pub fn read(answer: Answer) -> Self {
        match answer {
            Answer::KeyDigest(public) => Self::Public(public),
            Answer::No(reason) => Self::Unread(reason),
            _ => Self::Missing,
        }
    }

    pub fn belongs_to(&self, cert: &ServingCert) -> bool {
        matches!(self, Self::Public(public) if *public == cert.public_key)
    }
}

/// Whether this CA's key signed the certificate.
pub(super) fn is_signed_by(leaf: &ServingCert, authority: &ServingCert) -> bool {
    let ca = X509::from_der(&authority.der).and_then(|ca| ca.public_key());
    ca.and_then(|ca| X509::from_der(&leaf.der)?.verify(&ca)).unwrap_or(false)
}

/// Whether the wire shows the certificate that the disk holds.
pub(super) fn is_same(own: &ServingCert, leaf: &ServingCert) -> bool {
    own.serial == leaf.serial && own.public_key == leaf.public_key
}

/// What makes the server serve the file, and waits until it does; `unit` is restarted where it does not follow.
pub(super) fn settle(endpoint: &Endpoint, file: PathBuf, unit: Option<&str>) -> Vec<Settle> {
    let otherwise =
        unit.map(|unit| Restart { unit: unit.to_owned(), within: RESTARTS_WITHIN, command: None });
    vec![
        Settle::ServesFile { endpoint: endpoint.clone(), file, within: FOLLOWS_WITHIN, otherwise },
        Settle::AwaitReady { endpoint: endpoint.clone(), within: READY_WITHIN },
    ]
}

/// What must be seen: the names of `leaf` and what is wanted of them, from the same issuer.
pub(super) fn proof(endpoint: Endpoint, leaf: &ServingCert, want: &Want, signing: Signing) -> Proof {
    Proof {
        covers: want.names_after(&leaf.sans),
        lacks: want.removes().clone(),
        outlasts: (*want == Want::Renew).then_some(leaf.not_after),
        not_serial: (signing == Signing::Anew).then(|| leaf.serial.clone()),
        issuer: Some(leaf.issuer.clone()),
        connections: CONNECTIONS,
        within: PROVEN_WITHIN,
        ..Proof::at(endpoint)
    }
}

/// Until when the certificate is valid, as the reason to renew it.
pub(super) fn term(leaf: &ServingCert, now: Timestamp) -> String {
    let end = leaf.not_after;
    match leaf.remaining(now).as_hours() / 24 {
        _ if end <= now => format!("the certificate has expired on {end}"),
        0 => format!("the certificate expires today, at {end}"),
        1 => format!("the certificate expires in 1 day, on {end}"),
        days => format!("the certificate expires in {days} days, on {end}"),
    }
}

/// A CA that ends no later than what it signed, so that nothing is gained by its signing anew.
pub(super) fn outlived(node: &str, leaf: &ServingCert, ca: &ServingCert) -> Option<Finding> {
    (ca.not_after <= leaf.not_after).then(|| {
        let message = format!(
            "its CA `{}` ends on {}, and the certificate that is served no earlier: a new one lasts no longer",
            ca.subject, ca.not_after
        );
        Finding::new(Code::ReissueImpossible, node, message).remedy("the cluster needs a new CA first")
    })
}

pub(super) fn not_yet_valid(node: &str, leaf: &ServingCert, now: Timestamp) -> Option<Finding> {
    (leaf.not_before > now).then(|| {
        let message = format!("the certificate that is served is valid only from {}", leaf.not_before);
        Finding::new(Code::ClockOff, node, message)
            .remedy("set the clocks of this machine and of the node: `sudo timedatectl set-ntp true`")
    })
}
