//! Findings about a balancer in front, each judged from what would be seen of such a one.

use cpctl::{
    check::front::{self, Asks, Chain, Evidence, Face, Login, Met, Node, Ready, Shown, User},
    endpoint::Endpoint,
    probe::{Error, Heard, Plain, Said, Speech},
    report::Finding,
};

use self::evidence::{at, http, kill_nodes, met, said, strays};
use super::{assert_told, rendered};

#[path = "evidence.rs"]
pub(super) mod evidence;

fn but(change: impl FnOnce(&mut Evidence)) -> Vec<Finding> {
    front::judge(&evidence::with(change)).findings
}

fn by_handshake(change: impl FnOnce(&mut Shown)) -> Vec<Finding> {
    front::judge(&evidence::front(change)).findings
}

fn mute(what: Speech, change: impl FnOnce(&mut Evidence)) -> Vec<Finding> {
    front::judge(&evidence::mute(what, change)).findings
}

#[test]
fn what_a_balancer_does_to_tls_is_told_with_what_gave_it_away() {
    let lost = |seen: &mut Evidence| seen.front.user = User::Named("system:anonymous".into());
    let foreign = |shown: &mut Shown| {
        strays(shown);
        shown.issuer = "CN=Example CA".into();
    };
    let told = [
        by_handshake(|front| (front.asks, front.said) = (Asks::No, None)),
        but(|seen| {
            lost(seen);
            seen.front.tls.as_mut().unwrap().asks = Asks::No;
            seen.front.plain = Plain::HungUp;
        }),
        but(lost),
        by_handshake(foreign),
        but(|seen| {
            foreign(seen.front.tls.as_mut().unwrap());
            seen.nodes.clear();
        }),
        by_handshake(|front| (front.fingerprint, front.chain) = ("other".into(), Chain::Unjudged)),
        mute(http(), |seen| seen.front.plain = Plain::Said(said(401, evidence::API).unwrap())),
        mute(http(), |seen| seen.front.plain = Plain::Said(said(502, "").unwrap())),
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
        mute(Speech::HangsUp, kill_nodes),
        mute(Speech::Ssh("SSH-2.0-OpenSSH_9.2p1".into()), |_| ()),
        mute(http(), elsewhere),
        but(|seen| seen.endpoint = at("172.22.22.11:16443")),
    ];

    assert_told!("front-mute", rendered(told.concat()));
}

#[test]
fn what_is_wrong_behind_a_balancer_is_told_with_how_often_it_was_met() {
    let told = [
        but(|seen| seen.samples = (0..15).map(|_| met("print1")).collect()),
        but(|seen| seen.samples = (0..15).map(|turn| met(&format!("print{}", turn % 2 + 1))).collect()),
        but(|seen| seen.nodes[1].face.ready = Ready::No("etcd failed".into())),
        but(|seen| seen.samples[0] = Err("no answer within 5 s".into())),
        but(|seen| seen.samples[0] = met("print9")),
        but(|seen| seen.samples[0] = Ok(Met { names_host: false, ..met("print9").unwrap() })),
    ];

    assert_told!("front-pool", rendered(told.concat()));
}
