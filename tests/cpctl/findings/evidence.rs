//! What would be seen of a balancer that passes TLS through to three nodes, and of others; the unit tests take it from here.

use std::collections::BTreeMap;

use super::{
    Asks, Chain, Endpoint, Error, Evidence, Face, Heard, Login, Met, Node, Plain, Ready, Said, Shown, Speech,
    User,
};

pub const VIP: &str = "172.22.22.3:16443";

pub fn at(text: &str) -> Endpoint {
    text.parse().unwrap()
}

pub fn shown(fingerprint: &str) -> Shown {
    Shown {
        fingerprint: fingerprint.into(),
        issuer: "CN=10.152.183.1".into(),
        chain: Chain::Leads,
        names_host: true,
        names_kubernetes: true,
        asks: Asks::For(vec!["CN=10.152.183.1".into()]),
        alpn: Some("h2".into()),
        version: "TLS 1.3".into(),
        tickets: Some(1),
        said: said(401, API),
        took: None,
    }
}

pub const API: &str = r#"{"kind":"Status","status":"Failure"}"#;

pub fn said(status: u16, body: &str) -> Option<Said> {
    Some(Said { status, body: body.into() })
}

fn complains() -> Plain {
    Plain::Said(Said { status: 400, body: "Client sent an HTTP request to an HTTPS server.\n".into() })
}

fn face(place: &str, tls: Result<Shown, Error>) -> Face {
    let user = if tls.is_ok() { User::Named("admin".into()) } else { User::Untold };
    Face { at: at(place), tls, plain: complains(), ready: Ready::Yes, user, version: Some("v1.34.4".into()) }
}

pub fn met(fingerprint: &str) -> Result<Met, String> {
    Ok(Met { fingerprint: fingerprint.into(), names_host: true, status: Some(401) })
}

/// Three nodes behind a balancer that passes TLS through.
pub fn through() -> Evidence {
    let node = |number: usize| Node {
        name: format!("cp{number}"),
        face: face(&format!("172.22.22.1{number}:16443"), Ok(shown(&format!("print{number}")))),
    };
    Evidence {
        endpoint: at(VIP),
        asked: at(VIP).host,
        front: face(VIP, Ok(shown("print1"))),
        nodes: (1..=3).map(node).collect(),
        samples: (0..15).map(|turn| met(&format!("print{}", turn % 3 + 1))).collect(),
        heard: None,
        elsewhere: None,
        login: Some(Login::Certificate),
        neighbours: BTreeMap::new(),
        unlooked: vec![],
    }
}

/// The same with something else at the endpoint.
pub fn with(change: impl FnOnce(&mut Evidence)) -> Evidence {
    let mut seen = through();
    change(&mut seen);
    seen
}

pub fn front(change: impl FnOnce(&mut Shown)) -> Evidence {
    with(|seen| change(seen.front.tls.as_mut().unwrap()))
}

/// An endpoint that shows no certificate.
pub fn mute(what: Speech, change: impl FnOnce(&mut Evidence)) -> Evidence {
    with(|seen| {
        seen.front.tls = Err(Error::NotTls { endpoint: at(VIP), what });
        seen.front.plain = Plain::HungUp;
        seen.heard = Some(Heard::HungUp);
        seen.samples.clear();
        change(seen);
    })
}

pub fn refused(place: &str) -> Error {
    Error::Connect { endpoint: at(place), reason: "connection refused".into() }
}

pub fn kill_nodes(seen: &mut Evidence) {
    for node in &mut seen.nodes {
        node.face.tls = Err(refused(&node.face.at.to_string()));
    }
}

pub fn http() -> Speech {
    Speech::Http("HTTP/1.1 400 Bad Request".into())
}

pub fn strays(shown: &mut Shown) {
    (shown.fingerprint, shown.chain) =
        ("foreign".into(), Chain::Strays("unable to get local issuer certificate".into()));
}
