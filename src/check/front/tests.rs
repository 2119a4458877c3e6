//! The whole table of what can stand in front of API servers, and how it is judged.

use super::*;
use crate::{
    probe::{Error, Speech},
    report::Code,
};
use Certainty::{Certain, Likely};
use evidence::{
    API, VIP, at, front, http, kill_nodes, met, mute, refused, said, shown, strays, through, with,
};

#[path = "../../../tests/cpctl/findings/evidence.rs"]
mod evidence;
mod mute;
mod pool;

fn codes(seen: &Evidence) -> Vec<Code> {
    judge(seen).findings.iter().map(|finding| finding.code).collect()
}

#[track_caller]
fn assert_judged(seen: &Evidence, way: &Way, certainty: Certainty, expected: &[Code]) {
    let judged = judge(seen);

    assert_eq!((&judged.way, judged.certainty), (way, certainty), "{}", judged.sentence);
    assert_eq!(codes(seen), expected, "{}", judged.sentence);
    assert!(judged.findings.iter().all(|finding| finding.remedy.is_some()), "{}", judged.sentence);
}

#[test]
fn a_handshake_tells_who_ends_it() {
    for (seen, way, certainty, expected) in [
        (through(), Way::PassesThrough, Certain, vec![]),
        (front(|front| front.asks = Asks::No), Way::ReEncrypts, Certain, vec![Code::TlsReencrypted]),
        (
            front(|front| (front.asks, front.said) = (Asks::No, None)),
            Way::Terminates,
            Certain,
            vec![Code::TlsTerminated],
        ),
        (
            front(|front| {
                (front.asks, front.said) =
                    (Asks::No, said(400, "Client sent an HTTP request to an HTTPS server."));
            }),
            Way::Terminates,
            Certain,
            vec![Code::TlsTerminated],
        ),
        (
            with(|seen| {
                seen.nodes.clear();
                seen.front.tls.as_mut().unwrap().asks = Asks::No;
            }),
            Way::ReEncrypts,
            Likely,
            vec![Code::TlsReencrypted],
        ),
        (front(strays), Way::AnotherCluster, Certain, vec![Code::WrongCluster]),
        (
            front(|front| {
                strays(front);
                front.names_kubernetes = false;
            }),
            Way::ReEncrypts,
            Likely,
            vec![Code::TlsReencrypted],
        ),
        (
            with(|seen| {
                let front = seen.front.tls.as_mut().unwrap();
                strays(front);
                (front.asks, front.said) = (Asks::No, said(404, "not found"));
                seen.elsewhere = Some(at("172.22.22.3:6443"));
            }),
            Way::WrongPort,
            Certain,
            vec![Code::PortWrong],
        ),
        (
            front(|front| {
                strays(front);
                front.asks = Asks::For(vec!["CN=other".into()]);
            }),
            Way::AnotherCluster,
            Certain,
            vec![Code::WrongCluster],
        ),
        (
            front(|front| {
                strays(front);
                front.asks = Asks::For(vec![]);
            }),
            Way::AnotherCluster,
            Certain,
            vec![Code::WrongCluster],
        ),
        (
            with(|seen| {
                strays(seen.front.tls.as_mut().unwrap());
                seen.nodes.clear();
            }),
            Way::AnotherCluster,
            Likely,
            vec![Code::WrongCluster],
        ),
        (
            with(|seen| seen.front.user = User::Named("system:anonymous".into())),
            Way::ReEncrypts,
            Certain,
            vec![Code::TlsReencrypted],
        ),
        (
            with(|seen| seen.front.user = User::Refused(401)),
            Way::ReEncrypts,
            Certain,
            vec![Code::TlsReencrypted],
        ),
        (
            with(|seen| (seen.front.user, seen.login) = (User::Refused(401), Some(Login::Token))),
            Way::PassesThrough,
            Certain,
            vec![],
        ),
        (with(|seen| seen.front.at = at("172.22.22.11:16443")), Way::PassesThrough, Certain, vec![]),
        (
            with(|seen| seen.endpoint = at("172.22.22.11:16443")),
            Way::OwnAddress("cp1".into()),
            Certain,
            vec![Code::BalancerAbsent],
        ),
    ] {
        assert_judged(&seen, &way, certainty, &expected);
    }
}

#[test]
fn what_no_node_shows_is_only_told_where_something_else_proves_it() {
    let unknown = |front: &mut Shown| front.fingerprint = "print9".into();
    for (seen, way, certainty, expected) in [
        (front(unknown), Way::PassesThrough, Certain, vec![]),
        (
            with(|seen| {
                unknown(seen.front.tls.as_mut().unwrap());
                seen.front.user = User::Untold;
            }),
            Way::Untold,
            Likely,
            vec![Code::BalancerUntold],
        ),
        (
            with(|seen| {
                unknown(seen.front.tls.as_mut().unwrap());
                seen.login = Some(Login::Token);
            }),
            Way::Untold,
            Likely,
            vec![Code::BalancerUntold],
        ),
        (
            front(|front| (front.fingerprint, front.chain) = ("print9".into(), Chain::Unjudged)),
            Way::Untold,
            Likely,
            vec![Code::BalancerUntold],
        ),
        (front(|front| front.chain = Chain::Unjudged), Way::PassesThrough, Certain, vec![]),
        (
            with(|seen| {
                seen.nodes.clear();
                seen.front.user = User::Untold;
            }),
            Way::PassesThrough,
            Likely,
            vec![],
        ),
        (
            with(|seen| {
                seen.nodes.clear();
                seen.front.tls.as_mut().unwrap().asks = Asks::Untold;
            }),
            Way::Untold,
            Likely,
            vec![Code::BalancerUntold],
        ),
    ] {
        assert_judged(&seen, &way, certainty, &expected);
    }
}

#[test]
fn an_nginx_that_ends_tls_gives_itself_away_in_plain_http() {
    let words =
        "<center>The plain HTTP request was sent to HTTPS port</center><hr><center>nginx/1.22.1</center>";
    let of = |plain: Plain| {
        let seen = with(|seen| {
            seen.front.plain = plain;
            seen.front.tls.as_mut().unwrap().asks = Asks::No;
        });
        judge(&seen).findings.remove(0).message
    };

    let (nginx, other) = (of(Plain::Said(said(400, words).unwrap())), of(Plain::HungUp));

    assert!(nginx.contains("the words of an NGINX") && !other.contains("NGINX"), "{nginx}\n{other}");
    assert!(other.contains("it hangs up on plain HTTP"), "{other}");
}
