//! Signing a server certificate with a cluster's CA, as `openssl x509 -req -days 365` does.

use openssl::{
    asn1::{Asn1Integer, Asn1Time},
    bn::{BigNum, MsbOption},
    error::ErrorStack,
    hash::MessageDigest,
    pkey::{PKey, Private},
    x509::{
        X509, X509Name, X509NameRef, X509Req,
        extension::{
            AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName,
        },
    },
};

use super::csr::{Name, Request};

const YEAR: i64 = 365 * 24 * 60 * 60;

/// What is signed with, in PEM.
pub(super) struct Material<'a> {
    pub key: &'a [u8],
    pub ca: &'a [u8],
    pub ca_key: &'a [u8],
    /// The serial number that was given out last, in hexadecimal; without one a long random number starts the row.
    pub last_serial: Option<Vec<u8>>,
}

/// What came of it, in PEM.
pub(super) struct Signed {
    pub request: Vec<u8>,
    pub certificate: Vec<u8>,
    pub serial: String,
}

/// Signs the request for a year from `at`, seconds since 1970.
pub(super) fn sign(request: &Request, material: &Material<'_>, at: i64) -> Result<Signed, ErrorStack> {
    let key = PKey::private_key_from_pem(material.key)?;
    let ca = X509::from_pem(material.ca)?;
    let ca_key = PKey::private_key_from_pem(material.ca_key)?;
    let serial = next_serial(material.last_serial.as_deref())?;
    let subject = subject(request)?;

    let mut cert = X509::builder()?;
    cert.set_version(2)?;
    cert.set_serial_number(&*Asn1Integer::from_bn(&serial)?)?;
    cert.set_issuer_name(ca.subject_name())?;
    cert.set_subject_name(&subject)?;
    cert.set_pubkey(&key)?;
    cert.set_not_before(&*Asn1Time::from_unix(at)?)?;
    cert.set_not_after(&*Asn1Time::from_unix(at + YEAR)?)?;
    let from = cert.x509v3_context(Some(&ca), None);
    let extensions = [
        AuthorityKeyIdentifier::new().keyid(false).issuer(true).build(&from)?,
        BasicConstraints::new().build()?,
        KeyUsage::new().key_encipherment().data_encipherment().digital_signature().build()?,
        ExtendedKeyUsage::new().server_auth().client_auth().build()?,
        alternative_names(request).build(&from)?,
    ];
    for extension in extensions {
        cert.append_extension(extension)?;
    }
    cert.sign(&ca_key, MessageDigest::sha256())?;
    Ok(Signed {
        request: pem_request(&subject, &key)?,
        certificate: cert.build().to_pem()?,
        serial: format!("{}\n", serial.to_hex_str()?),
    })
}

fn alternative_names(request: &Request) -> SubjectAlternativeName {
    let mut names = SubjectAlternativeName::new();
    for name in &request.names {
        match name {
            Name::Dns(name) => names.dns(name),
            Name::Ip(ip) => names.ip(&ip.to_string()),
        };
    }
    names
}

fn subject(request: &Request) -> Result<X509Name, ErrorStack> {
    let mut subject = X509Name::builder()?;
    for (field, value) in &request.subject {
        subject.append_entry_by_text(field, value)?;
    }
    Ok(subject.build())
}

fn pem_request(subject: &X509NameRef, key: &PKey<Private>) -> Result<Vec<u8>, ErrorStack> {
    let mut request = X509Req::builder()?;
    request.set_subject_name(subject)?;
    request.set_pubkey(key)?;
    request.sign(key, MessageDigest::sha256())?;
    request.build().to_pem()
}

fn next_serial(last: Option<&[u8]>) -> Result<BigNum, ErrorStack> {
    let last = last.map(|hex| String::from_utf8_lossy(hex).trim().to_owned()).filter(|hex| !hex.is_empty());
    let Some(hex) = last else {
        let mut serial = BigNum::new()?;
        serial.rand(159, MsbOption::MAYBE_ZERO, false)?;
        return Ok(serial);
    };
    let mut serial = BigNum::from_hex_str(&hex)?;
    serial.add_word(1)?;
    Ok(serial)
}
