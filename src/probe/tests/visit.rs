//! What is seen of ports on several connections, with a question, and without TLS.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use super::*;
use crate::probe::server::{Ca, Tls, listen, says, serve, tls, tls_answering};

const ANSWER: &[u8] = b"HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n{\"kind\":\"Status\"}";

/// Reads the question before it answers, as every server of HTTP does.
fn answering(how: &Tls) -> Endpoint {
    tls_answering(&Ca::new("ca").sign(&["kubernetes"]), how, |stream| {
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(ANSWER);
        let _ = stream.shutdown();
    })
}

#[expect(clippy::disallowed_methods, reason = "the connection is what a node would pass on")]
fn connected(to: &Endpoint) -> TcpStream {
    TcpStream::connect(to.to_string()).unwrap()
}

#[test]
fn each_visit_shows_a_certificate_and_brings_an_answer() {
    let endpoint = answering(&Tls { asks: Some(Ca::new("client-ca").pem), ..Tls::default() });

    let visits = wire().visits(&endpoint, &endpoint.host, 10);

    assert_eq!(visits.len(), 10);
    for visit in visits {
        let visit = visit.unwrap();
        assert_eq!(visit.said.map(|said| said.status), Some(401));
        assert_eq!(visit.presented.client_cas, Some(vec!["CN=client-ca".to_owned()]));
        assert_eq!(visit.tickets, 2, "OpenSSL sends two");
    }
}

#[test]
fn a_visit_over_a_connection_of_somebody_else_shows_the_same() {
    let endpoint = answering(&Tls { asks: Some(Ca::new("client-ca").pem), ..Tls::default() });

    let visit = wire().visit_over(connected(&endpoint), &endpoint, &endpoint.host).unwrap();

    assert_eq!(visit.said.map(|said| said.status), Some(401));
    assert_eq!(visit.presented.client_cas, Some(vec!["CN=client-ca".to_owned()]));
    assert_eq!(visit.tickets, 2);
}

#[test]
fn what_hangs_up_or_speaks_no_tls_is_told_of_a_connection_of_somebody_else_too() {
    let hanging_up = serve(|mut tcp| {
        let _ = tcp.read(&mut [0; 1024]);
    });
    let in_clear = serve(|mut tcp| {
        let _ = tcp.read(&mut [0; 1024]);
        let _ = tcp.write_all(ANSWER);
    });
    let wire = wire();

    let hung_up = wire.visit_over(connected(&hanging_up), &hanging_up, &hanging_up.host);
    let no_tls = wire.visit_over(connected(&in_clear), &in_clear, &in_clear.host);
    let plain = wire.plain_over(connected(&in_clear), &in_clear);

    assert_eq!(hung_up, Err(Error::NotTls { endpoint: hanging_up, what: Speech::HangsUp }));
    assert!(matches!(no_tls, Err(Error::NotTls { what: Speech::Http(_), .. })), "{no_tls:?}");
    assert!(matches!(plain, Plain::Said(said) if said.status == 401));
}

#[test]
fn a_visit_asks_in_a_protocol_that_it_understands_and_a_look_offers_the_newer_one_too() {
    let endpoint = answering(&Tls { prefers_h2: true, ..Tls::default() });

    let looked = wire().presented_as(&endpoint, &endpoint.host).unwrap();
    let visit = wire().visits(&endpoint, &endpoint.host, 1).remove(0).unwrap();

    assert_eq!(looked.alpn.as_deref(), Some("h2"));
    assert_eq!(visit.presented.alpn.as_deref(), Some("http/1.1"));
}

#[test]
fn a_visit_greets_by_the_name_that_is_asked_for_and_never_by_an_address() {
    let (endpoint, greetings) = tls(&Ca::new("ca").sign(&["a"]), &Tls::default());

    for name in ["10.0.0.1", "api.example"] {
        wire().visits(&endpoint, &host(name), 1).remove(0).unwrap();
        wire().presented_as(&endpoint, &host(name)).unwrap();
    }

    let sent = Some("api.example".to_owned());
    assert_eq!(*greetings.lock().unwrap(), [None, None, sent.clone(), sent]);
}

#[test]
fn a_server_that_hangs_up_in_the_handshake_fails_each_visit() {
    let endpoint = serve(|mut tcp| {
        let _ = tcp.read(&mut [0; 1024]);
    });

    let visits = wire().visits(&endpoint, &endpoint.host, 2);

    let expected = Error::NotTls { endpoint, what: Speech::HangsUp };
    assert_eq!(visits, [Err(expected.clone()), Err(expected)]);
}

#[test]
fn a_question_in_plain_http_is_answered_refused_or_not_heard() {
    let clear = says("HTTP/1.1 200 OK\r\n\r\nok");
    let complains = says("\x15\x03\x01\0\x02\x02\x32");
    let hangs_up = answering(&Tls::default());
    let (listener, gone) = listen();
    drop(listener);

    let heard = [&clear, &complains, &hangs_up, &gone].map(|endpoint| wire().plain(endpoint));

    let said = Said { status: 200, body: "ok".into() };
    assert_eq!(heard, [Plain::Said(said), Plain::Else, Plain::HungUp, Plain::Unreached]);
}

#[test]
fn who_says_nothing_hears_a_server_wait_hang_up_speak_or_complain() {
    let waits = answering(&Tls::default());
    let hangs_up = serve(drop);
    let speaks = says("SSH-2.0-OpenSSH_9.2p1\r\n");
    let complains = serve(|mut tcp| drop(tcp.write_all(&[21, 3, 1, 0, 2, 2, 50])));
    let (listener, gone) = listen();
    drop(listener);

    let heard = [&waits, &hangs_up, &speaks, &complains, &gone].map(|endpoint| wire().listen(endpoint));

    let ssh = Speech::Ssh("SSH-2.0-OpenSSH_9.2p1".into());
    assert_eq!(heard, [Heard::Nothing, Heard::HungUp, Heard::Speech(ssh), Heard::Alert, Heard::Unreached]);
}

#[test]
fn an_answer_is_an_api_servers_by_what_it_says() {
    for (body, is_of_api) in [
        ("ok", true),
        ("[+]ping ok\n[-]etcd failed\n", true),
        ("[-]etcd failed\n", true),
        ("{\"kind\":\"Status\",\"apiVersion\":\"v1\"}", true),
        ("Client sent an HTTP request to an HTTPS server.\n", false),
        ("<html><body><h1>502 Bad Gateway</h1>", false),
        ("{\"kind\":\"Pod\"}", false),
        ("", false),
    ] {
        assert_eq!(Said { status: 200, body: body.into() }.is_of_api(), is_of_api, "{body}");
    }
}
