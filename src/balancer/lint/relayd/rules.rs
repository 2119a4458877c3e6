//! What is wrong with a relay or redirect that leads to API servers.

use std::time::Duration;

use super::{
    super::{
        Facts, Spot,
        facts::{IDLE_AT_LEAST, SPOKEN_WITHIN},
    },
    forward::Forward,
};
use crate::{
    balancer::distribution::Distribution,
    report::{Code, Finding},
};

type Rule = fn(&Forward<'_, '_>, &Facts<'_>) -> Option<(Code, Spot)>;

const RULES: &[Rule] = &[
    check,
    check_code,
    check_timeout,
    slow,
    session_timeout,
    ends_tls,
    encrypts_again,
    pins,
    sticks,
    mode,
    unused,
];

/// Milliseconds that relayd waits for an answer, where nothing is said.
const CHECK_TIMEOUT: u64 = 200;
const CHECK_AT_LEAST: u64 = 1000;
/// Seconds between two looks, where nothing is said.
const INTERVAL: u64 = 10;
const SEEN_WITHIN: u64 = 30;
const MODES: &[&str] = &["hash", "least-states", "loadbalance", "random", "roundrobin", "source-hash"];
/// `GET /readyz HTTP/1.0`, and `HTTP/1.0 200`.
const BINARY: &str = "check binary send \"474554202f72656164797a20485454502f312e300d0a0d0a\" expect \
                      \"485454502f312e3020323030\" tls";

pub(super) fn judge(forward: &Forward<'_, '_>, facts: &Facts<'_>) -> Vec<Finding> {
    let told = RULES.iter().filter_map(|rule| rule(forward, facts));
    told.map(|(code, spot)| forward.config.source.finding(code, spot)).collect()
}

/// The line with another check.
fn with_check(forward: &Forward<'_, '_>, check: &str) -> String {
    let written = forward.written();
    let before = written.split(" check ").next().unwrap_or_default();
    format!("{before} {check}")
}

fn check(forward: &Forward<'_, '_>, _: &Facts<'_>) -> Option<(Code, Spot)> {
    let line = forward.it.line;
    let kind = forward.check().and_then(|words| words.first().map(|word| word.clone().into_owned()));
    let (code, why) = match kind.as_deref() {
        None => {
            (Code::CheckMissing, "nobody looks at the servers: dead ones keep their share of the clients")
        }
        Some("tcp" | "icmp" | "tls") => {
            (Code::CheckConnectOnly, "a server that hangs, or is shutting down, still takes connections")
        }
        Some("http") => (Code::CheckWithoutTls, "API servers speak TLS: they answer plain HTTP with 400"),
        Some(_) => return None,
    };
    Some((code, Spot::new(line, why).instead(with_check(forward, BINARY))))
}

/// relayd asks with HEAD, which no anonymous client of an API server may.
fn check_code(forward: &Forward<'_, '_>, facts: &Facts<'_>) -> Option<(Code, Spot)> {
    let words = forward.check().filter(|words| words.first().is_some_and(|word| word == "https"))?;
    let at = words.iter().position(|word| word == "code")?;
    let expected = words.get(at + 1)?;
    let nodes = facts.plane.map_or(&[][..], |plane| &plane.nodes);
    let names = nodes.iter().filter_map(|node| node.distribution.as_deref());
    let known: Vec<_> = names.filter_map(Distribution::of_known_answers).collect();
    let line = forward.it.line;
    let spot = |why: &str| Spot::new(line, why).instead(with_check(forward, BINARY));
    match expected.as_ref() {
        "401" if known.is_empty() => Some((
            Code::CheckUnauthorized,
            spot(
                "401 shows that somebody answers, not that he is ready; and where anonymous clients are let in, all \
                  servers count as dead",
            ),
        )),
        "401" if known.iter().all(|one| one.anonymous.codes().contains(&401)) => None,
        "401" => Some((
            Code::CheckStatus,
            spot("these API servers let anonymous clients in, and never answer 401"),
        )),
        _ => Some((
            Code::CheckMethod,
            spot("relayd asks with HEAD, which API servers refuse with 403: every server counts as dead"),
        )),
    }
}

fn check_timeout(forward: &Forward<'_, '_>, _: &Facts<'_>) -> Option<(Code, Spot)> {
    forward.check()?;
    let (timeout, line) = forward.config.global("timeout").unwrap_or((CHECK_TIMEOUT, forward.it.line));
    let why =
        format!("a busy API server needs longer than {timeout} ms for a TLS handshake, and counts as dead");
    (timeout < CHECK_AT_LEAST)
        .then(|| (Code::RelaydCheckTimeout, Spot::new(line, why).instead("timeout 1500")))
}

fn slow(forward: &Forward<'_, '_>, _: &Facts<'_>) -> Option<(Code, Spot)> {
    forward.check()?;
    let (interval, line) = forward.config.global("interval").unwrap_or((INTERVAL, forward.it.line));
    let why = format!("a server that is dead is seen after {interval} s only");
    (interval > SEEN_WITHIN).then(|| (Code::DetectionSlow, Spot::new(line, why).instead("interval 5")))
}

fn session_timeout(forward: &Forward<'_, '_>, _: &Facts<'_>) -> Option<(Code, Spot)> {
    let sessions = forward.around.all("session").last();
    let said = sessions.filter(|it| it.arg(0).is_some_and(|word| word == "timeout"));
    let instead = "session timeout 14400";
    let Some(said) = said else {
        let why = "without `session timeout` an `exec` or `logs` that is quiet for 600 s is cut";
        let spot = Spot::new(forward.around.line, why).instead(instead);
        return (!forward.is_redirect()).then_some((Code::RelaydSessionTimeout, spot));
    };
    let seconds: u64 = forward.config.meaning(*said.args().get(1)?)?.parse().ok()?;
    let code = match Duration::from_secs(seconds) {
        idle if idle <= SPOKEN_WITHIN => Code::IdleCut,
        idle if idle < IDLE_AT_LEAST => Code::IdleUnclear,
        _ => return None,
    };
    let why = format!(
        "a watch that is quiet for {seconds} s is cut; clients ask for a sign of life after 30 s only"
    );
    Some((code, Spot::new(said.line, why).instead(instead)))
}

fn ends_tls(forward: &Forward<'_, '_>, _: &Facts<'_>) -> Option<(Code, Spot)> {
    let mut listens = forward.around.all("listen");
    let tls = listens.find(|it| it.args().iter().any(|word| word.text == "tls"))?;
    let kept: Vec<_> = tls.words.iter().map(|word| word.text).filter(|word| *word != "tls").collect();
    let why = "`tls` ends the client's TLS here, and client certificates do not reach the API server";
    Some((Code::TlsTerminated, Spot::new(tls.line, why).instead(kept.join(" "))))
}

fn encrypts_again(forward: &Forward<'_, '_>, _: &Facts<'_>) -> Option<(Code, Spot)> {
    let args = forward.it.args();
    let is_it = args.first().is_some_and(|word| word.text == "with") && args.get(1)?.text == "tls";
    let why =
        "`with tls` begins a TLS of relayd's own, in which no client certificate reaches the API server";
    is_it.then(|| {
        let spot = Spot::new(forward.it.line, why).instead(forward.written().replacen(" with tls", "", 1));
        (Code::TlsReencrypted, spot)
    })
}

fn pins(forward: &Forward<'_, '_>, _: &Facts<'_>) -> Option<(Code, Spot)> {
    let mode = forward.after("mode").map(|word| word.text)?;
    matches!(mode, "loadbalance" | "hash" | "source-hash").then(|| {
        let why = format!(
            "`mode {mode}` always leads a client to the same API server; behind one router all of them are"
        );
        let instead = forward.written().replacen(&format!("mode {mode}"), "mode roundrobin", 1);
        (Code::PoolPinned, Spot::new(forward.it.line, why).instead(instead))
    })
}

fn sticks(forward: &Forward<'_, '_>, _: &Facts<'_>) -> Option<(Code, Spot)> {
    let it = forward.around.last("sticky-address")?;
    let why = "a client is always led to the same API server; behind one router all of them are";
    Some((Code::PoolPinned, Spot::new(it.line, why).instead("remove the line")))
}

fn mode(forward: &Forward<'_, '_>, _: &Facts<'_>) -> Option<(Code, Spot)> {
    let mode = forward.after("mode").map(|word| word.text)?;
    (!MODES.contains(&mode)).then(|| {
        let why = format!("relayd knows no `mode {mode}`; it has {}", MODES.join(", "));
        let instead = forward.written().replacen(&format!("mode {mode}"), "mode roundrobin", 1);
        (Code::RelaydMode, Spot::new(forward.it.line, why).instead(instead))
    })
}

/// A rule on requests in a protocol that reads none.
fn unused(forward: &Forward<'_, '_>, _: &Facts<'_>) -> Option<(Code, Spot)> {
    let name = forward.around.last("protocol")?.arg(0)?;
    let mut protocols = forward.config.statements.iter();
    let plain =
        protocols.find(|it| it.name() == "protocol" && it.arg(0).as_deref() == Some(name.as_ref()))?;
    let of_http = |it: &&super::super::words::Statement<'_>| {
        let is_rule = matches!(it.name(), "match" | "pass" | "block");
        is_rule
            && it
                .args()
                .iter()
                .any(|word| matches!(word.text, "url" | "header" | "path" | "query" | "cookie" | "method"))
    };
    let it = plain.body().iter().find(of_http)?;
    let why = "the protocol is not `http`: it reads no requests, and this matches nothing";
    Some((Code::RelaydRuleUnused, Spot::new(it.line, why).instead("remove the line")))
}
