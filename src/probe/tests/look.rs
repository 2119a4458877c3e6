//! What is seen of servers, good and odd ones.

use std::io::Read as _;

use openssl::{
    ec::{EcGroup, EcKey},
    nid::Nid,
    pkey::PKey,
    ssl::SslVersion,
};

use super::*;
use crate::probe::server::{Ca, Identity, Tls, listen, read, says, self_signed, serve, tls};

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

    assert_eq!(error.to_string(), format!("{endpoint}: cannot connect: connection refused"));
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
