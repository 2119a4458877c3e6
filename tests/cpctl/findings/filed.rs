//! Findings about how certificates are made, and about those that lie on nodes, on certificates that are wrong in these ways.

use cpctl::{
    cert::{ServingCert, Use},
    check::{self, Filed},
    probe::Trust,
    report::Finding,
};
use jiff::Timestamp;
use openssl::{
    asn1::{Asn1Integer, Asn1Time},
    bn::BigNum,
    hash::MessageDigest,
    pkey::{PKey, Private},
    rsa::Rsa,
    x509::{X509, X509Builder, X509Extension, X509Name, extension::ExtendedKeyUsage},
};

use super::{assert_told, rendered};

const BEGIN: i64 = 1_767_225_600;
const DAY: i64 = 86_400;

/// How a certificate is made.
struct Made {
    version: i32,
    bits: u32,
    digest: MessageDigest,
    usage: Option<X509Extension>,
    days: i64,
}

impl Default for Made {
    fn default() -> Self {
        Self { version: 2, bits: 2048, digest: MessageDigest::sha256(), usage: None, days: 3_650 }
    }
}

fn named(name: &str) -> X509Name {
    let mut builder = X509Name::builder().unwrap();
    builder.append_entry_by_text("CN", name).unwrap();
    builder.build()
}

fn key(bits: u32) -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap()
}

fn made(made: Made) -> ServingCert {
    let Made { version, bits, digest, usage, days } = made;
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(version).unwrap();
    builder.set_subject_name(&named("kube-apiserver")).unwrap();
    builder.set_issuer_name(&named("10.152.183.1")).unwrap();
    builder.set_serial_number(&Asn1Integer::from_bn(&BigNum::from_u32(7).unwrap()).unwrap()).unwrap();
    builder.set_not_before(&Asn1Time::from_unix(BEGIN).unwrap()).unwrap();
    builder.set_not_after(&Asn1Time::from_unix(BEGIN + days * DAY).unwrap()).unwrap();
    builder.set_pubkey(&key(bits)).unwrap();
    if let Some(usage) = usage {
        builder.append_extension(usage).unwrap();
    }
    builder.sign(&key(2048), digest).unwrap();
    read(&builder.build())
}

fn read(cert: &X509) -> ServingCert {
    ServingCert::from_der(&cert.to_der().unwrap()).unwrap()
}

fn now() -> Timestamp {
    Timestamp::from_second(BEGIN + 100 * DAY).unwrap()
}

fn judged(place: &str, cert: &ServingCert, of: Use) -> Vec<Finding> {
    let filed = Filed { subject: "cp2", place, cert, of, at: None, renew: None };
    let first = filed.first_version().filter(|_| of == Use::Client);
    filed.validity(now()).into_iter().chain(filed.form()).chain(first).collect()
}

#[test]
fn how_a_certificate_is_made_is_told_where_clients_do_not_take_it() {
    let client = || ExtendedKeyUsage::new().client_auth().build().unwrap();
    let cases = [
        (
            "the certificate at 192.0.2.12:6443",
            Made { usage: Some(client()), ..Made::default() },
            Use::Server,
        ),
        ("/pki/admin.crt", Made { version: 0, ..Made::default() }, Use::Client),
        ("/pki/front.crt", Made { digest: MessageDigest::sha1(), ..Made::default() }, Use::Client),
        ("/pki/etcd.crt", Made { bits: 1024, ..Made::default() }, Use::Peer),
        ("/pki/soon.crt", Made { days: 120, ..Made::default() }, Use::Peer),
        ("/pki/ca.crt", Made { days: 270, ..Made::default() }, Use::Authority),
        ("/pki/late.crt", Made { days: 90, ..Made::default() }, Use::Client),
        ("/pki/good.crt", Made { usage: Some(client()), ..Made::default() }, Use::Client),
    ];

    let findings = cases.into_iter().flat_map(|(place, how, of)| judged(place, &made(how), of)).collect();

    assert_told!("papers", rendered(findings));
}

#[test]
fn another_authority_and_a_key_that_is_astray_are_told() {
    let (own, other) = (made(Made::default()), made(Made::default()));
    let trust = Trust::from_certs(vec![own.clone()]).unwrap();
    let differs = |cert| {
        let place = "/etc/kubernetes/pki/ca.crt";
        let filed = Filed { subject: "cp2", place, cert, of: Use::Authority, at: None, renew: None };
        filed.differs("production", &trust)
    };
    let astray = |public: &str| check::astray("lb1", "/etc/kubernetes/pki/ca.key", public, &trust);

    assert_eq!((differs(&own), astray(&other.public_key)), (None, None));
    let findings = differs(&other).into_iter().chain(astray(&own.public_key)).collect();
    assert_told!("authorities", rendered(findings));
}
