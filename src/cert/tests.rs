//! Certificates read back as they were made.

use proptest::prelude::*;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, DnValue, KeyPair, PKCS_ECDSA_P384_SHA384, PKCS_ED25519,
    SanType, SerialNumber, SignatureAlgorithm, date_time_ymd,
};

use super::*;

fn params(names: &[&str]) -> CertificateParams {
    CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap()
}

fn signed(params: CertificateParams) -> rcgen::Certificate {
    params.self_signed(&KeyPair::generate().unwrap()).unwrap()
}

fn with_key(algorithm: &'static SignatureAlgorithm) -> ServingCert {
    let key = KeyPair::generate_for(algorithm).unwrap();
    ServingCert::from_der(params(&["a"]).self_signed(&key).unwrap().der()).unwrap()
}

fn dns(text: &str) -> SanType {
    SanType::DnsName(text.try_into().unwrap())
}

#[test]
fn a_certificate_is_read_whole() {
    let mut params = params(&["kubernetes", "10.152.183.1", "fd00::1", "*.example.com"]);
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CountryName, "GB");
    params.distinguished_name.push(DnType::OrganizationName, "Canonical");
    params.distinguished_name.push(DnType::CommonName, "127.0.0.1");
    params.serial_number = Some(SerialNumber::from_slice(&[0x00, 0x0a, 0xbc]));
    params.not_before = date_time_ymd(2026, 1, 2);
    params.not_after = date_time_ymd(2027, 1, 2);
    let der = signed(params);

    let cert = ServingCert::from_der(der.der()).unwrap();

    assert_eq!(cert.sans.to_string(), "*.example.com, kubernetes, 10.152.183.1, fd00::1");
    assert_eq!(cert.subject, "C=GB, O=Canonical, CN=127.0.0.1");
    assert_eq!(cert.issuer, cert.subject);
    assert_eq!(cert.serial, "abc");
    assert_eq!(cert.not_before.to_string(), "2026-01-02T00:00:00Z");
    assert_eq!(cert.not_after.to_string(), "2027-01-02T00:00:00Z");
    assert_eq!(cert.key, "ECDSA P-256");
    assert_eq!(cert.useless_names, Vec::<String>::new());
    assert_eq!(cert.remaining("2027-01-03T00:00:00Z".parse().unwrap()).as_hours(), -24);
    let openssl = openssl::x509::X509::from_der(der.der()).unwrap();
    assert_eq!(cert.fingerprint, hex(&openssl.digest(openssl::hash::MessageDigest::sha256()).unwrap()));
    let key = openssl.public_key().unwrap().public_key_to_der().unwrap();
    assert_eq!(cert.public_key, digest(&key));
}

#[test]
fn names_keep_the_order_of_the_certificate_apart() {
    let cert = ServingCert::from_der(signed(params(&["z", "a", "10.0.0.1"])).der()).unwrap();

    let names: Vec<_> = cert.names_in_order().iter().map(ToString::to_string).collect();

    assert_eq!(names, ["z", "a", "10.0.0.1"]);
}

#[test]
fn an_address_written_as_a_dns_name_is_of_no_use() {
    let mut params = params(&["cp1"]);
    params.subject_alt_names.extend([dns("172.22.22.3"), dns("fd00::1"), dns("a\u{1b}[31mb")]);

    let cert = ServingCert::from_der(signed(params).der()).unwrap();

    assert_eq!(cert.sans.to_string(), "cp1");
    assert_eq!(cert.useless_names, ["172.22.22.3", "fd00::1", "a\u{fffd}[31mb"]);
    assert!(!cert.covers(&"172.22.22.3".parse().unwrap()));
}

#[test]
fn a_subject_cannot_steer_a_terminal() {
    let mut params = params(&["a"]);
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, DnValue::Utf8String("x\u{1b}]0;y\u{7}".into()));

    let cert = ServingCert::from_der(signed(params).der()).unwrap();

    assert!(!cert.subject.chars().any(char::is_control), "{:?}", cert.subject);
}

#[test]
fn keys_are_told_by_kind_and_size() {
    assert_eq!(with_key(&PKCS_ECDSA_P384_SHA384).key, "ECDSA P-384");
    assert_eq!(with_key(&PKCS_ED25519).key, "Ed25519");
    let rsa = openssl::rsa::Rsa::generate(2048).unwrap();
    let pem = openssl::pkey::PKey::from_rsa(rsa).unwrap().private_key_to_pem_pkcs8().unwrap();
    let key = KeyPair::from_pem(std::str::from_utf8(&pem).unwrap()).unwrap();
    assert_eq!(
        ServingCert::from_der(params(&["a"]).self_signed(&key).unwrap().der()).unwrap().key,
        "RSA 2048"
    );
}

#[test]
fn a_certificate_without_an_end_ends_when_time_does() {
    let mut params = params(&["a"]);
    params.not_after = date_time_ymd(9999, 12, 31);

    let cert = ServingCert::from_der(signed(params).der()).unwrap();

    assert_eq!(cert.not_after, Timestamp::MAX);
}

#[test]
fn pem_comes_back_as_it_went() {
    let certs: Vec<_> =
        ["a", "b"].map(|name| ServingCert::from_der(signed(params(&[name])).der()).unwrap()).into();
    let pem: String = certs.iter().map(ServingCert::to_pem).collect();

    assert_eq!(ServingCert::all_from_pem(pem.as_bytes()).unwrap(), certs);
    assert_eq!(openssl::x509::X509::stack_from_pem(pem.as_bytes()).unwrap().len(), 2);
}

#[test]
fn keys_words_and_line_ends_around_certificates_are_passed_over() {
    let key = KeyPair::generate().unwrap().serialize_pem();
    let cert = ServingCert::from_der(signed(params(&["a"])).der()).unwrap();
    let odd = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nnot base64!\n-----END RSA PRIVATE KEY-----\n";
    let text = format!("subject=CN = a\n{key}{odd}  {}tail", cert.to_pem()).replace('\n', "\r\n");

    assert_eq!(ServingCert::all_from_pem(text.as_bytes()).unwrap(), [cert]);
}

#[test]
fn what_holds_no_certificate_says_so() {
    let begin = "-----BEGIN CERTIFICATE-----\n";
    let end = "-----END CERTIFICATE-----\n";
    for (text, reason) in [
        (String::new(), "holds no certificate"),
        (KeyPair::generate().unwrap().serialize_pem(), "holds no certificate"),
        (format!("{begin}AAAA\n"), "has no end"),
        (format!("{begin}!\n{end}"), "not a certificate"),
        (format!("{begin}AAAA\n{end}"), "not a certificate"),
    ] {
        let error = ServingCert::all_from_pem(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(reason), "{text}: {error}");
    }
}

#[test]
fn bytes_after_a_certificate_are_refused() {
    let mut der = signed(params(&["a"])).der().to_vec();
    der.push(0);

    assert!(ServingCert::from_der(&der).unwrap_err().to_string().contains("bytes follow"));
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = ServingCert::from_der(&bytes);
        let _ = ServingCert::all_from_pem(&bytes);
    }

    #[test]
    fn no_damage_to_a_certificate_makes_the_reader_panic(
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        static GOOD: std::sync::LazyLock<Vec<u8>> =
            std::sync::LazyLock::new(|| signed(params(&["kubernetes", "10.0.0.1"])).der().to_vec());
        let mut der = GOOD.clone();
        for (index, byte) in damage {
            let at = index.index(der.len());
            der[at] = byte;
        }

        if let Ok(cert) = ServingCert::from_der(&der) {
            cert.names_in_order();
        }
    }
}
