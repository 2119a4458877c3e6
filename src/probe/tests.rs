//! What is seen of servers, good and odd ones.

use std::io::Read as _;

use jiff::Timestamp;
use openssl::{
    ec::{EcGroup, EcKey},
    nid::Nid,
    pkey::PKey,
    ssl::SslVersion,
};
use rcgen::{CertificateParams, DnType, SanType, date_time_ymd};

use super::{
    server::{Ca, Identity, Tls, listen, params, read, says, self_signed, serve, tls},
    *,
};
use crate::san::San;

fn wire() -> Wire {
    Wire::new(Duration::from_secs(20))
}

fn impatient() -> Wire {
    Wire::new(Duration::from_millis(150))
}

fn now() -> Timestamp {
    "2027-06-01T00:00:00Z".parse().unwrap()
}

fn host(text: &str) -> San {
    text.parse().unwrap()
}

fn shown(identity: &Identity, how: &Tls) -> Presented {
    wire().presented(&tls(identity, how).0).unwrap()
}

fn judged(identity: &Identity, ca: &Ca, asked: &str, at: Timestamp) -> (Verdict, Option<String>) {
    let presented = shown(identity, &Tls::default());
    let verdict = Trust::from_pem(&ca.pem).unwrap().judge(&presented, &host(asked), at);
    let words = refusal(&presented, &verdict, &host(asked), at);
    (verdict, words)
}

#[test]
fn a_server_is_read_whole() {
    let ca = Ca::new("kubernetes-ca");
    let mut identity = ca.sign(&["kubernetes", "10.0.0.1"]);
    let leaf = read(&identity);
    identity.cert.push_str(&ca.pem);

    let presented = shown(&identity, &Tls { asks: Some(Ca::new("client-ca").pem), ..Tls::default() });

    assert_eq!(presented.leaf, leaf);
    assert_eq!(presented.chain, ServingCert::all_from_pem(ca.pem.as_bytes()).unwrap());
    assert_eq!(presented.version, "TLS 1.3");
    assert!(presented.cipher.starts_with("TLS_"), "{}", presented.cipher);
    assert_eq!(presented.client_cas, Some(vec!["CN=client-ca".to_owned()]));
    assert_eq!(presented.reader, Reader::Rustls);
}

#[test]
fn an_address_is_never_sent_as_a_server_name() {
    let (endpoint, greetings) = tls(&Ca::new("ca").sign(&["a"]), &Tls::default());

    wire().presented(&endpoint).unwrap();
    wire().presented(&Endpoint::new(host("localhost"), endpoint.port)).unwrap();

    assert_eq!(*greetings.lock().unwrap(), [None, Some("localhost".to_owned())]);
}

#[test]
fn openssl_sends_no_address_as_a_server_name_either() {
    let old = Tls { highest: Some(SslVersion::TLS1_1), ..Tls::default() };
    let (endpoint, greetings) = tls(&Ca::new("ca").sign(&["a"]), &old);

    wire().presented(&endpoint).unwrap();

    assert!(greetings.lock().unwrap().iter().all(Option::is_none));
}

#[test]
fn a_server_that_insists_on_a_client_certificate_still_shows_its_own() {
    let ca = Ca::new("ca");
    for highest in [SslVersion::TLS1_1, SslVersion::TLS1_2, SslVersion::TLS1_3] {
        let how = Tls { highest: Some(highest), demands: Some(ca.pem.clone()), ..Tls::default() };
        let identity = ca.sign(&["a"]);

        let presented = shown(&identity, &how);

        assert_eq!(presented.leaf, read(&identity), "{highest:?}");
        assert_eq!(presented.client_cas.is_some(), presented.reader == Reader::Rustls, "{highest:?}");
    }
}

#[test]
fn servers_older_than_rustls_are_read_by_openssl() {
    for (highest, version) in [(SslVersion::TLS1, "TLS 1.0"), (SslVersion::TLS1_1, "TLS 1.1")] {
        let presented = shown(&Ca::new("ca").sign(&["a"]), &Tls { highest: Some(highest), ..Tls::default() });

        assert_eq!((presented.version.as_str(), presented.reader), (version, Reader::OpenSsl));
    }
}

#[test]
fn keys_that_ring_does_not_know_are_read_all_the_same() {
    let curve = EcGroup::from_curve_name(Nid::SECP521R1).unwrap();
    let p521 = PKey::from_ec_key(EcKey::generate(&curve).unwrap()).unwrap();
    let rsa_1024 = PKey::from_rsa(openssl::rsa::Rsa::generate(1024).unwrap()).unwrap();
    for (key, told) in
        [(p521, "ECDSA P-521"), (PKey::generate_ed448().unwrap(), "Ed448"), (rsa_1024, "RSA 1024")]
    {
        for highest in [SslVersion::TLS1_2, SslVersion::TLS1_3] {
            let how = Tls { highest: Some(highest), ..Tls::default() };
            let presented = shown(&self_signed(&key), &how);

            assert_eq!((presented.leaf.key.as_str(), presented.version.is_empty()), (told, false));
            let by_rustls = presented.reader == Reader::Rustls;
            assert!(by_rustls || highest == SslVersion::TLS1_2, "{told}");
        }
    }
}

#[test]
fn what_is_not_tls_is_named() {
    let hangs_up = serve(drop);
    let identity = Ca::new("ca").sign(&["a"]);
    let (wants_proxy, _) = tls(&identity, &Tls { wants_proxy_header: true, ..Tls::default() });
    for (endpoint, told) in [
        (says("HTTP/1.0 400 Bad Request\r\n\r\n"), "does not speak TLS: it answers in plain HTTP"),
        (says("SSH-2.0-OpenSSH_9.2p1\r\n"), "does not speak TLS: it is an SSH server"),
        (hangs_up, "does not speak TLS: it takes the connection and closes it at once"),
        (wants_proxy, "does not speak TLS: it waits for the PROXY protocol"),
    ] {
        let error = wire().presented(&endpoint).unwrap_err();

        assert!(error.to_string().contains(told), "{error}");
    }
}

#[test]
fn a_silent_port_runs_out_of_time() {
    let endpoint = serve(|mut tcp| while tcp.read(&mut [0; 512]).is_ok_and(|count| count > 0) {});

    let error = impatient().presented(&endpoint).unwrap_err();

    assert_eq!(error, Error::Timeout { endpoint, seconds: 1 });
}

#[test]
fn a_closed_port_refuses() {
    let (listener, endpoint) = listen();
    drop(listener);

    let error = wire().presented(&endpoint).unwrap_err();

    assert_eq!(error.to_string(), format!("{endpoint}: cannot connect: connection refused ({endpoint})"));
}

#[test]
fn a_name_that_is_not_there_cannot_be_resolved() {
    let endpoint = Endpoint::new(host("no-such-host.invalid"), 1);

    assert_eq!(wire().presented(&endpoint).unwrap_err(), Error::Resolve { endpoint });
}

#[test]
fn a_server_without_the_key_to_its_certificate_is_not_believed() {
    let ca = Ca::new("ca");
    let endpoint = serve_with_wrong_key(&ca.sign(&["a"]), &ca.sign(&["a"]));

    let error = wire().presented(&endpoint).unwrap_err();

    assert!(error.to_string().contains("does not prove that it holds the key"), "{error}");
}

/// rustls lets a server sign with any key.
fn serve_with_wrong_key(shown: &Identity, used: &Identity) -> Endpoint {
    use rustls::{pki_types::PrivateKeyDer, server::ResolvesServerCert, sign::CertifiedKey};

    #[derive(Debug)]
    struct Always(Arc<CertifiedKey>);
    impl ResolvesServerCert for Always {
        fn resolve(&self, _: rustls::server::ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
            Some(self.0.clone())
        }
    }

    let key = PKey::private_key_from_pem(used.key.as_bytes()).unwrap().private_key_to_pkcs8().unwrap();
    let key = PrivateKeyDer::Pkcs8(key.into());
    let key = rustls::crypto::ring::sign::any_supported_type(&key).unwrap();
    let certified = CertifiedKey::new(vec![read(shown).der.into()], key);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Always(Arc::new(certified))));
    let config = Arc::new(config);
    serve(move |mut tcp| {
        let mut tls = rustls::ServerConnection::new(config.clone()).unwrap();
        let _ = tls.complete_io(&mut tcp);
    })
}

#[test]
fn many_endpoints_are_each_told_once() {
    let ca = Ca::new("ca");
    let endpoints: Vec<_> = (0..6)
        .map(|index| match index % 2 {
            0 => tls(&ca.sign(&[&format!("n{index}")]), &Tls::default()).0,
            _ => says("SSH-2.0-x\r\n"),
        })
        .collect();
    let mut told = vec![None; endpoints.len()];

    let wire = wire();
    wire.presented_many(&endpoints, 3, |index, presented| {
        let names = presented.map(|presented| presented.leaf.sans.to_string()).unwrap_or_default();
        assert_eq!(told[index].replace(names), None);
    });

    assert_eq!(std::sync::Arc::strong_count(&wire.runtime), 1, "no worker keeps the runtime");

    let told: Vec<_> = told.into_iter().map(Option::unwrap).collect();
    assert_eq!(told, ["n0", "", "n2", "", "n4", ""]);
}

#[test]
fn looking_at_nothing_tells_nothing() {
    wire().presented_many(&[], CONCURRENCY, |_, _| panic!("there is nothing to tell"));
}

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

#[test]
fn a_wire_may_be_let_go_of_on_its_own_threads() {
    let wire = wire();
    let (clone, (ended, end)) = (wire.clone(), std::sync::mpsc::channel());
    let (begin, begun) = tokio::sync::oneshot::channel::<()>();
    wire.runtime().unwrap().spawn(async move {
        let _ = begun.await;
        let ended_well = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(clone))).is_ok();
        let _ = ended.send(ended_well);
    });

    drop(wire);
    begin.send(()).unwrap();

    assert!(end.recv().unwrap(), "the last clone is dropped by a thread of the runtime");
}

#[test]
fn a_wire_that_dials_nothing_starts_nothing() {
    assert!(wire().runtime.0.get().is_none());
}
