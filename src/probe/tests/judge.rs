//! What is believed of servers, and in which words it is not.

use rcgen::{CertificateParams, DnType, SanType, date_time_ymd};

use super::*;
use crate::probe::server::{Ca, Identity, Tls, params};

#[test]
fn a_chain_to_the_cluster_ca_and_a_served_name_are_accepted() {
    let ca = Ca::new("ca");

    let (verdict, words) = judged(&ca.sign(&["a", "10.0.0.1"]), &ca, "10.0.0.1", now());

    assert!(verdict.is_accepted(), "{verdict:?}");
    assert_eq!(words, None);
}

#[test]
fn another_ca_is_not_trusted_even_where_the_name_fits() {
    let (verdict, words) = judged(&Ca::new("other").sign(&["a"]), &Ca::new("ca"), "a", now());

    assert!(verdict.chain.is_some() && verdict.names_host);
    assert!(words.unwrap().starts_with("x509: certificate signed by unknown authority"));
}

#[test]
fn a_ca_of_the_same_name_with_another_key_is_not_trusted() {
    let (verdict, _) = judged(&Ca::new("ca").sign(&["a"]), &Ca::new("ca"), "a", now());

    assert!(verdict.chain.is_some());
}

#[test]
fn a_missing_name_is_told_as_go_tells_it() {
    let ca = Ca::new("ca");
    let identity = ca.sign(&["kubernetes", "cp2", "10.0.0.2", "10.0.0.1"]);

    for (asked, told) in [
        ("172.22.22.3", "x509: certificate is valid for 10.0.0.2, 10.0.0.1, not 172.22.22.3"),
        ("cp.example.internal", "x509: certificate is valid for kubernetes, cp2, not cp.example.internal"),
    ] {
        let (verdict, words) = judged(&identity, &ca, asked, now());

        assert_eq!((verdict.chain, verdict.names_host), (None, false));
        assert_eq!(words.as_deref(), Some(told));
    }
}

#[test]
fn a_certificate_without_addresses_is_told_as_go_tells_it() {
    let ca = Ca::new("ca");

    let (_, words) = judged(&ca.sign(&["a"]), &ca, "10.0.0.1", now());

    let told = "x509: cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs";
    assert_eq!(words.as_deref(), Some(told));
}

#[test]
fn time_is_told_apart_from_trust() {
    let ca = Ca::new("ca");
    let identity = ca.sign(&["a"]);
    for (at, validity, told) in [
        (
            "2030-01-01T00:00:01Z",
            Validity::Expired { since: "2030-01-01T00:00:00Z".parse().unwrap() },
            "current time 2030-01-01T00:00:01Z is after 2030-01-01T00:00:00Z",
        ),
        (
            "2025-12-31T00:00:00Z",
            Validity::NotYetValid { until: "2026-01-01T00:00:00Z".parse().unwrap() },
            "current time 2025-12-31T00:00:00Z is before 2026-01-01T00:00:00Z",
        ),
    ] {
        let (verdict, words) = judged(&identity, &ca, "a", at.parse().unwrap());
        let (untrusted, _) = judged(&identity, &Ca::new("other"), "a", at.parse().unwrap());

        assert_eq!((verdict.chain, verdict.validity), (None, validity));
        assert!(words.unwrap().ends_with(told));
        assert!(untrusted.chain.is_some() && untrusted.validity == validity);
    }
}

#[test]
fn a_wildcard_answers_for_one_label() {
    let ca = Ca::new("ca");
    let identity = ca.sign(&["*.example.com"]);

    assert!(judged(&identity, &ca, "api.example.com", now()).0.is_accepted());
    assert!(!judged(&identity, &ca, "a.b.example.com", now()).0.names_host);
}

#[test]
fn an_address_written_as_a_dns_name_is_not_a_name() {
    let ca = Ca::new("ca");
    let mut params = params(&["a"]);
    params.subject_alt_names.push(SanType::DnsName("172.22.22.3".try_into().unwrap()));

    let (verdict, words) = judged(&sign(&ca, params), &ca, "172.22.22.3", now());

    assert!(!verdict.names_host);
    assert!(words.unwrap().contains("doesn't contain any IP SANs"));
}

#[test]
fn a_common_name_is_not_a_name() {
    let ca = Ca::new("ca");
    let mut params = params(&[]);
    params.distinguished_name.push(DnType::CommonName, "cp.example.com");

    let (verdict, words) = judged(&sign(&ca, params), &ca, "cp.example.com", now());

    assert_eq!((verdict.chain, verdict.names_host), (None, false));
    assert!(words.unwrap().contains("relies on legacy Common Name field"));
}

#[test]
fn a_certificate_for_clients_is_not_a_servers() {
    let ca = Ca::new("ca");
    let mut params = params(&["a"]);
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];

    assert!(judged(&sign(&ca, params), &ca, "a", now()).0.chain.is_some());
}

fn sign(ca: &Ca, params: CertificateParams) -> Identity {
    ca.sign_with(params, &rcgen::PKCS_ECDSA_P256_SHA256)
}

#[test]
fn a_pinned_certificate_is_an_anchor_of_its_own() {
    let identity = Ca::new("ca").sign(&["a"]);
    let presented = shown(&identity, &Tls::default());

    let verdict = Trust::from_pem(&identity.cert).unwrap().judge(&presented, &host("a"), now());

    assert!(verdict.is_accepted(), "{verdict:?}");
}

#[test]
fn a_renewed_ca_beside_its_expired_certificate_is_trusted() {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut authority = params(&[]);
    authority.distinguished_name.push(DnType::CommonName, "ca");
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let new = authority.self_signed(&key).unwrap().pem();
    authority.not_after = date_time_ymd(2026, 6, 1);
    let old = authority.self_signed(&key).unwrap().pem();
    let leaf_key = rcgen::KeyPair::generate().unwrap();
    let issuer = rcgen::Issuer::new(authority, key);
    let cert = params(&["a"]).signed_by(&leaf_key, &issuer).unwrap().pem();
    let presented = shown(&Identity { cert, key: leaf_key.serialize_pem() }, &Tls::default());
    let judge = |pem: String| Trust::from_pem(&pem).unwrap().judge(&presented, &host("a"), now());

    assert!(judge(format!("{old}{new}")).is_accepted());
    assert!(judge(format!("{new}{old}")).is_accepted());
    assert!(matches!(judge(old), Verdict { chain: None, validity: Validity::Expired { .. }, .. }));
}

#[test]
fn a_balancer_with_a_certificate_of_its_own_ends_tls() {
    let (ca, clients) = (Ca::new("ca"), Ca::new("clients").pem);
    let trust = Trust::from_pem(&ca.pem).unwrap();
    let asking = Tls { asks: Some(clients), ..Tls::default() };
    let node = shown(&ca.sign(&["a"]), &asking);
    let nodes = std::slice::from_ref(&node);
    let missing_name = shown(&ca.sign(&["b"]), &asking);
    let own_certificate = shown(&Ca::new("public").sign(&["a"]), &asking);
    let copied_certificate = Presented { client_cas: None, ..node.clone() };
    let unknown = Presented { reader: Reader::OpenSsl, ..copied_certificate.clone() };

    assert!(!is_terminated(&node, nodes, &trust, now()));
    assert!(!is_terminated(&missing_name, nodes, &trust, now()));
    assert!(is_terminated(&own_certificate, nodes, &trust, now()));
    assert!(is_terminated(&copied_certificate, nodes, &trust, now()));
    assert!(!is_terminated(&unknown, nodes, &trust, now()));
    assert!(!is_terminated(&own_certificate, std::slice::from_ref(&own_certificate), &trust, now()));
}

#[test]
fn a_trust_is_named_by_its_first_certificate() {
    let (first, second) = (Ca::new("a"), Ca::new("b"));
    let trust = Trust::from_pem(&format!("{}{}", first.pem, second.pem)).unwrap();

    assert_eq!(trust.fingerprint(), ServingCert::all_from_pem(first.pem.as_bytes()).unwrap()[0].fingerprint);
    assert!(Trust::from_pem("").is_err());
}
