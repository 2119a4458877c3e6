//! Serving certificates, read from DER or PEM.

use jiff::{SignedDuration, Timestamp};
use openssl::sha::Sha256;
use x509_parser::{
    error::X509Error,
    nom::{Err, error::ErrorKind},
    prelude::{FromDer, X509Certificate, X509Name},
};

use crate::san::{San, SanSet};

mod der;
mod form;
mod key;
mod names;
mod pem;
pub mod reissue;

pub use form::{Form, Use};

/// One certificate as a server presents it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ServingCert {
    pub sans: SanSet,
    /// Its parts in the certificate's own order: `C=GB, O=Canonical, CN=127.0.0.1`.
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
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        Self::from_owned(der.to_vec())
    }

    /// Reads a certificate and keeps the bytes it is given.
    pub fn from_owned(der: Vec<u8>) -> Result<Self, Error> {
        let cert = parse(&der)?;
        let names = names::read(&cert)?;
        Ok(Self {
            sans: names.sans,
            useless_names: names.useless,
            subject: printable(&cert.subject().to_string()),
            issuer: printable(&cert.issuer().to_string()),
            serial: serial(cert.raw_serial()),
            not_before: timestamp(cert.validity().not_before.timestamp()),
            not_after: timestamp(cert.validity().not_after.timestamp()),
            key: key::describe(cert.public_key()),
            fingerprint: digest(&der),
            public_key: digest(cert.public_key().raw),
            der,
        })
    }

    /// All certificates of a PEM text in their order; other blocks are passed over.
    pub fn all_from_pem(pem: &[u8]) -> Result<Vec<Self>, Error> {
        let certs: Vec<_> =
            pem::certificates(pem)?.into_iter().map(Self::from_owned).collect::<Result<_, _>>()?;
        if certs.is_empty() { Err(Error::Empty) } else { Ok(certs) }
    }

    /// Whether others may be signed by it.
    pub fn is_ca(&self) -> bool {
        let is_ca = |cert: X509Certificate<'_>| {
            cert.basic_constraints().is_ok_and(|said| said.is_some_and(|said| said.value.ca))
        };
        parse(&self.der).is_ok_and(is_ca)
    }

    pub fn to_pem(&self) -> String {
        pem::write(&self.der)
    }

    /// Whether a client that asks for `host` is answered, wildcards included.
    pub fn covers(&self, host: &San) -> bool {
        self.sans.covers(host)
    }

    /// The names in the order in which they stand in the certificate.
    pub fn names_in_order(&self) -> Vec<San> {
        parse(&self.der)
            .and_then(|cert| names::read(&cert))
            .map_or_else(|_| Vec::new(), |names| names.in_order)
    }

    /// How long it is still valid; negative once it has expired.
    pub fn remaining(&self, now: Timestamp) -> SignedDuration {
        self.not_after.duration_since(now)
    }
}

/// An X.501 name on its own, as servers list the CAs of their clients.
pub(crate) fn name_from_der(der: &[u8]) -> Option<String> {
    X509Name::from_der(der).ok().map(|(_, name)| printable(&name.to_string()))
}

fn parse(der: &[u8]) -> Result<X509Certificate<'_>, Error> {
    let (rest, cert) = X509Certificate::from_der(der).map_err(|error| Error::Malformed(fault(error)))?;
    if rest.is_empty() { Ok(cert) } else { Err(Error::Malformed("bytes follow the certificate".into())) }
}

/// What is wrong with the bytes, in words: the parser's own name its states.
fn fault(error: Err<X509Error>) -> String {
    match error {
        Err::Incomplete(_) | Err::Error(X509Error::NomError(ErrorKind::Eof)) => {
            "its DER ends too early".into()
        }
        Err::Error(X509Error::NomError(_) | X509Error::Der(_)) => "its DER makes no sense".into(),
        Err::Error(error) | Err::Failure(error) => printable(&error.to_string()),
    }
}

/// A foreign server chooses these letters: none of them may steer a terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

fn serial(raw: &[u8]) -> String {
    let digits = hex(raw);
    match digits.trim_start_matches('0') {
        "" => "0".into(),
        rest => rest.into(),
    }
}

/// RFC 5280's "no expiry", 9999-12-31T23:59:59Z, is a day later than a `Timestamp` can be.
fn timestamp(seconds: i64) -> Timestamp {
    let last = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_second(seconds).unwrap_or(last)
}

/// SHA-256 in hexadecimal letters.
pub(crate) fn digest(bytes: &[u8]) -> String {
    // OpenSSL's digest in one call sets it up to be taken down at exit, under threads that still use it.
    let mut digest = Sha256::new();
    digest.update(bytes);
    hex(&digest.finish())
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(DIGITS[usize::from(byte >> 4)].into());
        text.push(DIGITS[usize::from(byte & 15)].into());
    }
    text
}

#[cfg(test)]
mod tests;
