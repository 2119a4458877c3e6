//! Serving certificates, read from DER or PEM.

use jiff::{SignedDuration, Timestamp};

use crate::san::{San, SanSet};

/// One certificate as a server presents it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ServingCert {
    pub sans: SanSet,
    /// RFC 4514, most specific part first is kept as in the certificate: `C=GB, O=Canonical, CN=127.0.0.1`.
    pub subject: String,
    pub issuer: String,
    /// Lower-case hexadecimal without leading zeros.
    pub serial: String,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
    /// `RSA 2048`, `ECDSA P-256`, `Ed25519`.
    pub key: String,
    /// SHA-256 over the DER, lower-case hexadecimal.
    pub fingerprint: String,
    /// SHA-256 over the DER of the SubjectPublicKeyInfo.
    pub public_key: String,
    /// Names that stand in the certificate in a form no client accepts, such as an address written as a DNS name.
    pub useless_names: Vec<String>,
    pub der: Vec<u8>,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("it holds no certificate")]
    Empty,
    #[error("it is not a certificate: {0}")]
    Malformed(String),
}

impl ServingCert {
    pub fn from_der(_der: &[u8]) -> Result<Self, Error> {
        unimplemented!()
    }

    /// All certificates of a PEM text in their order; other blocks are passed over.
    pub fn all_from_pem(_pem: &[u8]) -> Result<Vec<Self>, Error> {
        unimplemented!()
    }

    pub fn to_pem(&self) -> String {
        unimplemented!()
    }

    /// Whether a client that asks for `host` is answered, wildcards included.
    pub fn covers(&self, host: &San) -> bool {
        self.sans.covers(host)
    }

    /// How long it is still valid; negative once it has expired.
    pub fn remaining(&self, now: Timestamp) -> SignedDuration {
        self.not_after.duration_since(now)
    }
}
