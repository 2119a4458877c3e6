//! A CA made for one test, and what servers show that serve its certificates.

use openssl::{
    asn1::Asn1Time,
    bn::BigNum,
    ec::{EcGroup, EcKey},
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    x509::{X509, X509Builder, X509NameBuilder, extension::SubjectAlternativeName},
};

use super::machine::now;
use crate::{
    cert::ServingCert,
    probe::{Presented, Reader},
    san::{San, SanSet},
};

/// How long a CA lasts, from now.
const DAYS: i64 = 364;

/// A CA and the key that it signs for, made for one test.
pub struct Authority {
    key: PKey<Private>,
    pub cert: X509,
    server: PKey<Private>,
    /// How long the certificates last that it signs.
    pub days: i64,
}

impl Authority {
    pub fn new() -> Self {
        let (key, server) = (key(), key());
        let cert = build(&key, &key, "10.152.183.1", "10.152.183.1", 1, DAYS, &SanSet::default());
        Self { key, cert, server, days: DAYS }
    }

    pub fn sign(&self, names: &SanSet) -> X509 {
        build(&self.key, &self.server, "127.0.0.1", "10.152.183.1", 0xbeef, self.days, names)
    }
}

fn key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

fn build(
    signer: &PKey<Private>,
    key: &PKey<Private>,
    subject: &str,
    issuer: &str,
    serial: u32,
    days: i64,
    names: &SanSet,
) -> X509 {
    let name = |common: &str| {
        let mut name = X509NameBuilder::new().unwrap();
        name.append_entry_by_nid(Nid::COMMONNAME, common).unwrap();
        name.build()
    };
    let day = 86_400;
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    builder.set_serial_number(&BigNum::from_u32(serial).unwrap().to_asn1_integer().unwrap()).unwrap();
    builder.set_subject_name(&name(subject)).unwrap();
    builder.set_issuer_name(&name(issuer)).unwrap();
    builder.set_pubkey(key).unwrap();
    builder.set_not_before(&Asn1Time::from_unix(now().as_second() - day).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::from_unix(now().as_second() + days * day).unwrap()).unwrap();
    if !names.is_empty() {
        let mut alternative = SubjectAlternativeName::new();
        for san in names.iter() {
            match san {
                San::Dns(dns) => alternative.dns(dns.as_str()),
                San::Ip(ip) => alternative.ip(&ip.to_string()),
            };
        }
        let extension = alternative.build(&builder.x509v3_context(None, None)).unwrap();
        builder.append_extension(extension).unwrap();
    }
    builder.sign(signer, MessageDigest::sha256()).unwrap();
    builder.build()
}

/// What a server shows that serves this certificate.
pub fn presented(cert: &X509) -> Presented {
    Presented {
        leaf: ServingCert::from_der(&cert.to_der().unwrap()).unwrap(),
        chain: vec![],
        version: "TLS 1.3".into(),
        cipher: "TLS_AES_128_GCM_SHA256".into(),
        alpn: None,
        client_cas: None,
        reader: Reader::Rustls,
    }
}
