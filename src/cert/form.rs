//! What there is to a certificate beside its names and its term: what it may be used for, and how strong it is.

use x509_parser::{prelude::X509Certificate, public_key::PublicKey, x509::X509Version};

use super::{ServingCert, parse};

/// Signature algorithms whose digest is broken, by their object identifiers.
const BROKEN: &[(&str, &str)] = &[
    ("1.2.840.113549.1.1.4", "MD5"),
    ("1.2.840.113549.1.1.5", "SHA-1"),
    ("1.2.840.10040.4.3", "SHA-1"),
    ("1.2.840.10045.4.1", "SHA-1"),
];

/// What a certificate is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Use {
    /// It signs others.
    Authority,
    /// It is what a server shows.
    Server,
    /// It is what a client logs in with.
    Client,
    /// Both ends show it, such as the members of a store.
    Peer,
}

/// How a certificate is made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Form {
    /// A certificate of the first version holds no extension.
    pub is_first_version: bool,
    /// The digest of its signature, where that is a broken one.
    pub broken_digest: Option<&'static str>,
    /// The length of an RSA key.
    pub rsa_bits: Option<usize>,
    /// Whether it has names at all, beside the subject's.
    pub has_names: bool,
    /// Whether its extended key usage lets it serve.
    pub may_serve: bool,
    /// Whether its extended key usage lets it log in.
    pub may_log_in: bool,
    /// Whether it is its own issuer, so that nobody looks at its signature.
    pub is_own_issuer: bool,
}

impl ServingCert {
    /// How it is made; `None` where it cannot be read again.
    pub fn form(&self) -> Option<Form> {
        let cert = parse(&self.der).ok()?;
        let usage = cert.extended_key_usage().ok().flatten().map(|extension| extension.value);
        let names = cert.subject_alternative_name().ok().flatten();
        Some(Form {
            is_first_version: cert.version() == X509Version::V1,
            broken_digest: broken_digest(&cert),
            rsa_bits: rsa_bits(&cert),
            has_names: names.is_some_and(|names| !names.value.general_names.is_empty()),
            may_serve: usage.is_none_or(|usage| usage.any || usage.server_auth),
            may_log_in: usage.is_none_or(|usage| usage.any || usage.client_auth),
            is_own_issuer: cert.subject().as_raw() == cert.issuer().as_raw(),
        })
    }
}

fn broken_digest(cert: &X509Certificate<'_>) -> Option<&'static str> {
    let algorithm = cert.signature_algorithm.algorithm.to_id_string();
    BROKEN.iter().find(|(oid, _)| *oid == algorithm).map(|(_, digest)| *digest)
}

fn rsa_bits(cert: &X509Certificate<'_>) -> Option<usize> {
    match cert.public_key().parsed() {
        Ok(PublicKey::RSA(rsa)) => Some(rsa.key_size()),
        _ => None,
    }
}
