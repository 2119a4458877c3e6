//! A question over a connection that somebody else made.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use super::super::{
    passed_on::{Said, Unheard, ask},
    server::{Ca, Tls, tls_answering},
};
use crate::{endpoint::Endpoint, probe::Trust};

/// A server with this name that answers whatever it is asked.
fn server(ca: &Ca, name: &str, answer: &'static str) -> Endpoint {
    tls_answering(&ca.sign(&[name]), &Tls::default(), move |stream| {
        let count = stream.read(&mut [0; 512]).unwrap_or_default();
        if count > 0 {
            let _ = stream.write_all(answer.as_bytes());
        }
    })
}

fn asked(endpoint: &Endpoint, ca: &Ca) -> Result<Said, Unheard> {
    let trust = Trust::from_pem(&ca.pem).unwrap();
    let now = "2026-11-21T12:00:00Z".parse().unwrap();
    ask(&mut connected(endpoint), (endpoint, &endpoint.host), &trust, "/ping", now)
}

#[expect(clippy::disallowed_methods, reason = "the connection is what a node would pass on")]
fn connected(endpoint: &Endpoint) -> TcpStream {
    TcpStream::connect(endpoint.to_string()).unwrap()
}

#[test]
fn a_server_that_is_recognised_answers() {
    let ca = Ca::new("k3s-server-ca");
    let endpoint = server(&ca, "127.0.0.1", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npong");

    assert_eq!(asked(&endpoint, &ca), Ok(Said { status: 200, body: "pong".into() }));
}

#[test]
fn a_server_that_is_not_recognised_is_asked_nothing_and_told_in_gos_words() {
    let ca = Ca::new("k3s-server-ca");
    let answer = "HTTP/1.1 200 OK\r\n\r\npong";
    for (endpoint, words) in [
        (server(&ca, "10.0.0.9", answer), "x509: certificate is valid for 10.0.0.9, not 127.0.0.1"),
        (
            server(&Ca::new("another"), "127.0.0.1", answer),
            "x509: certificate signed by unknown authority (unable to get local issuer certificate)",
        ),
    ] {
        let Err(Unheard::Refused { words: told, .. }) = asked(&endpoint, &ca) else { panic!("{words}") };

        assert_eq!(told, words);
    }
}

#[test]
fn a_server_that_says_nothing_or_something_else_is_not_believed() {
    let ca = Ca::new("k3s-server-ca");
    for answer in ["", "pong"] {
        let endpoint = server(&ca, "127.0.0.1", answer);

        assert!(matches!(asked(&endpoint, &ca), Err(Unheard::Broken(_))), "{answer}");
    }
}
