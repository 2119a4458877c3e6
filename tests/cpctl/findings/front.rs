//! Findings about a balancer in front, each judged from what would be seen of such a one.

use cpctl::{
    check::front::{self, Asks, Chain, Evidence, Face, Login, Met, Node, Ready, Shown, User},
    endpoint::Endpoint,
    probe::{Error, Heard, Plain, Said, Speech},
    report::Finding,
};

use super::{assert_told, rendered};

const VIP: &str = "172.22.22.3:16443";

fn at(text: &str) -> Endpoint {
    text.parse().unwrap()
}

fn shown(fingerprint: &str) -> Shown {
    Shown {
        fingerprint: fingerprint.into(),
        issuer: "CN=10.152.183.1".into(),
        chain: Chain::Leads,
        names_host: true,
        names_kubernetes: true,
        asks: Asks::For(vec![]),
        alpn: None,
        version: "TLS 1.3".into(),
        tickets: None,
        said: Some(api()),
        took: None,
    }
}

fn api() -> Said {
    Said { status: 401, body: r#"{"kind":"Status"}"#.into() }
}

fn face(place: &str, tls: Result<Shown, Error>) -> Face {
    let user = User::Named("admin".into());
    Face { at: at(place), tls, plain: Plain::HungUp, ready: Ready::Yes, user }
}

fn met(fingerprint: &str) -> Result<Met, String> {
    Ok(Met { fingerprint: fingerprint.into(), names_host: true, status: Some(401) })
}

/// Two nodes behind a balancer that is set up right, but for this.
fn but(change: impl FnOnce(&mut Evidence)) -> Vec<Finding> {
    let node = |number: usize| Node {
        name: format!("cp{number}"),
        face: face(&format!("172.22.22.1{number}:16443"), Ok(shown(&format!("print{number}")))),
    };
    let mut seen = Evidence {
        endpoint: at(VIP),
        asked: at(VIP).host,
        front: face(VIP, Ok(shown("print1"))),
        nodes: vec![node(1), node(2)],
        samples: (0..8).map(|turn| met(&format!("print{}", turn % 2 + 1))).collect(),
        heard: None,
        elsewhere: None,
        login: Some(Login::Certificate),
        unlooked: vec![],
    };
    change(&mut seen);
    front::judge(&seen).findings
}

fn by_handshake(change: impl FnOnce(&mut Shown)) -> Vec<Finding> {
    but(|seen| change(seen.front.tls.as_mut().unwrap()))
}

fn mute(what: Speech, change: impl FnOnce(&mut Evidence)) -> Vec<Finding> {
    but(|seen| {
        seen.front.tls = Err(Error::NotTls { endpoint: at(VIP), what });
        change(seen);
    })
}

fn http() -> Speech {
    Speech::Http("HTTP/1.1 400 Bad Request".into())
}

#[test]
fn what_a_balancer_does_to_tls_is_told_with_what_gave_it_away() {
    let lost = |seen: &mut Evidence| seen.front.user = User::Named("system:anonymous".into());
    let foreign = |shown: &mut Shown| {
        shown.chain = Chain::Strays("unable to get local issuer certificate".into());
        (shown.issuer, shown.fingerprint) = ("CN=Example CA".into(), "foreign".into());
    };
    let told = [
        by_handshake(|front| (front.asks, front.said) = (Asks::No, None)),
        but(|seen| {
            lost(seen);
            seen.front.tls.as_mut().unwrap().asks = Asks::No;
        }),
        but(lost),
        by_handshake(foreign),
        but(|seen| {
            foreign(seen.front.tls.as_mut().unwrap());
            seen.nodes.clear();
        }),
        by_handshake(|front| (front.fingerprint, front.chain) = ("other".into(), Chain::Unjudged)),
        mute(http(), |seen| seen.front.plain = Plain::Said(api())),
        mute(http(), |seen| seen.front.plain = Plain::Said(Said { status: 502, body: String::new() })),
    ];

    assert_told!("front-tls", rendered(told.concat()));
}

#[test]
fn a_balancer_that_shows_no_certificate_is_told_with_where_to_look() {
    let elsewhere = |seen: &mut Evidence| seen.elsewhere = Some(at("172.22.22.3:6443"));
    let told = [
        mute(Speech::WantsProxyProtocol, |_| ()),
        mute(Speech::HangsUp, |seen| seen.heard = Some(Heard::Alert)),
        mute(Speech::HangsUp, |_| ()),
        mute(Speech::HangsUp, |seen| seen.nodes.clear()),
        mute(Speech::HangsUp, |seen| {
            for node in &mut seen.nodes {
                let (endpoint, reason) = (node.face.at.clone(), "connection refused".into());
                node.face.tls = Err(Error::Connect { endpoint, reason });
            }
        }),
        mute(Speech::Ssh("SSH-2.0-OpenSSH_9.2p1".into()), |_| ()),
        mute(http(), elsewhere),
        but(|seen| seen.endpoint = at("172.22.22.11:16443")),
    ];

    assert_told!("front-mute", rendered(told.concat()));
}

#[test]
fn what_is_wrong_behind_a_balancer_is_told_with_how_often_it_was_met() {
    let told = [
        but(|seen| seen.samples = (0..8).map(|_| met("print1")).collect()),
        but(|seen| {
            let third = face("172.22.22.13:16443", Ok(shown("print3")));
            seen.nodes.push(Node { name: "cp3".into(), face: third });
            seen.samples = (0..15).map(|turn| met(&format!("print{}", turn % 2 + 1))).collect();
        }),
        but(|seen| seen.nodes[1].face.ready = Ready::No("etcd failed".into())),
        but(|seen| seen.samples[0] = Err("no answer within 5 s".into())),
        but(|seen| seen.samples[0] = met("print9")),
        but(|seen| seen.samples[0] = Ok(Met { names_host: false, ..met("print9").unwrap() })),
    ];

    assert_told!("front-pool", rendered(told.concat()));
}
