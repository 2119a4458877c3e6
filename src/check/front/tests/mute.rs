//! Endpoints that show no certificate.

use super::*;

#[test]
fn an_endpoint_without_a_certificate_is_told_by_what_it_does_instead() {
    let elsewhere = |seen: &mut Evidence| seen.elsewhere = Some(at("172.22.22.3:6443"));
    let in_clear = |seen: &mut Evidence| seen.front.plain = Plain::Said(said(401, API).unwrap());
    let bad_gateway = |seen: &mut Evidence| seen.front.plain = Plain::Said(said(502, "<html>").unwrap());
    let alert = |seen: &mut Evidence| {
        seen.front.tls = Err(Error::Handshake { endpoint: at(VIP), reason: "received fatal alert".into() });
        seen.heard = Some(Heard::Alert);
    };
    for (seen, way, certainty, expected) in [
        (mute(http(), in_clear), Way::ApiInClear, Certain, vec![Code::ApiInClear]),
        (mute(http(), bad_gateway), Way::PlainHttp, Certain, vec![Code::EndpointNotTls]),
        (
            mute(http(), |seen| {
                bad_gateway(seen);
                elsewhere(seen);
            }),
            Way::WrongPort,
            Certain,
            vec![Code::PortWrong],
        ),
        (
            mute(Speech::WantsProxyProtocol, |_| ()),
            Way::ExpectsProxyProtocol,
            Certain,
            vec![Code::ProxyProtocolExpected],
        ),
        (mute(Speech::HangsUp, alert), Way::SendsProxyProtocol, Certain, vec![Code::ProxyProtocolSent]),
        (
            mute(Speech::HangsUp, |seen| seen.heard = Some(Heard::Alert)),
            Way::SendsProxyProtocol,
            Certain,
            vec![Code::ProxyProtocolSent],
        ),
        (mute(Speech::HangsUp, |_| ()), Way::HangsUp, Certain, vec![Code::BalancerHangsUp]),
        (
            mute(Speech::HangsUp, |seen| seen.nodes.clear()),
            Way::HangsUp,
            Certain,
            vec![Code::BalancerHangsUp],
        ),
        (mute(Speech::Ssh("SSH-2.0".into()), |_| ()), Way::WrongPort, Likely, vec![Code::PortWrong]),
        (mute(Speech::Ssh("SSH-2.0".into()), elsewhere), Way::WrongPort, Certain, vec![Code::PortWrong]),
        (
            mute(Speech::HangsUp, |seen| seen.front.tls = Err(refused(VIP))),
            Way::Unreachable,
            Certain,
            vec![Code::EndpointUnreachable],
        ),
        (
            mute(Speech::HangsUp, |seen| {
                seen.front.tls = Err(refused(VIP));
                elsewhere(seen);
            }),
            Way::WrongPort,
            Certain,
            vec![Code::PortWrong],
        ),
        (
            mute(Speech::HangsUp, |seen| {
                alert(seen);
                seen.heard = Some(Heard::Nothing);
            }),
            Way::Unreachable,
            Certain,
            vec![Code::EndpointUnreachable],
        ),
    ] {
        assert_judged(&seen, &way, certainty, &expected);
    }
}

#[test]
fn a_pool_is_dead_only_where_no_node_answers_either() {
    let silent = [Code::BackendSilent; 3];

    let dead = mute(Speech::HangsUp, kill_nodes);

    assert_judged(&dead, &Way::DeadPool, Certain, &[&[Code::PoolDead], &silent[..]].concat());
    let one_lives = mute(Speech::HangsUp, |seen| {
        kill_nodes(seen);
        seen.nodes[1].face.tls = Ok(shown("print2"));
    });
    assert_judged(&one_lives, &Way::HangsUp, Certain, &[&[Code::BalancerHangsUp], &silent[..2]].concat());
}

#[test]
fn a_hang_up_with_nodes_alive_names_both_of_its_causes() {
    let judged = judge(&mute(Speech::HangsUp, |_| ()));

    assert!(
        judged.sentence.contains("PROXY protocol") && judged.sentence.contains("as down"),
        "{}",
        judged.sentence
    );
}
