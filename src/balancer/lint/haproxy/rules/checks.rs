//! Whether somebody looks at the servers, and sees what clients would see.

use std::net::IpAddr;

use super::{Api, Seen, Spot, in_place_of, with, without};
use crate::balancer::lint::{
    Serves,
    haproxy::{
        check::{Check, kinds_in, request_of},
        server::Server,
    },
};

const READYZ: &str = "option httpchk GET /readyz";

pub fn missing(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let unseen =
        api.servers.iter().filter(|server| server.has("check").is_none() && server.says("track").is_none());
    let spot = |server: &Server<'_>| {
        let why = format!("nobody looks at {}, so it counts as up for ever", server.name);
        let instead = match server.misspelt("check") {
            Some(wrong) => in_place_of(server.line, wrong, "check"),
            None => with(server.line, "check"),
        };
        Spot::new(server.line.number, why).instead(instead)
    };
    unseen.map(spot).collect()
}

pub fn connect_only(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let (Check::Connect(line), Some(first), Serves::Api) =
        (Check::of(&api.backend), api.asked().next(), api.serves)
    else {
        return vec![];
    };
    let why = "a connection that opens is all that is asked for, and a server that hangs or is not ready has that too";
    let line = line.unwrap_or(first.line);
    vec![
        Spot::new(line.number, why)
            .instead(format!("{READYZ}, and on the servers `check-ssl verify required ca-file FILE`")),
    ]
}

pub fn without_tls(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let Some(request) = request_of(api) else { return vec![] };
    let plain = api.asked().filter(|server| !request.is_tls(server));
    let spot = |server: &Server<'_>| {
        let why = format!("the check speaks plain HTTP to a TLS port, so {} is always down", server.name);
        Spot::new(server.line.number, why)
            .instead(with(server.line, "check-ssl verify required ca-file FILE"))
    };
    plain.map(spot).collect()
}

pub fn overridden(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let mut spots = vec![];
    for scope in api.backend.scopes() {
        let kinds = kinds_in(&api.backend, scope);
        let Some((last, others)) = kinds.split_last() else { continue };
        let winner = last.word(1).unwrap_or_default();
        let lost = others.iter().filter(|line| line.word(1) != Some(winner));
        spots.extend(lost.map(|line| {
            let why = format!(
                "`option {winner}` in line {} takes this one's place: the last one holds",
                last.number
            );
            Spot::new(line.number, why).instead(format!("remove line {}", last.number))
        }));
    }
    spots
}

pub fn ssl_hello(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let Some(line) = api.backend.option("ssl-hello-chk") else { return vec![] };
    let why = "it sends an SSLv3 ClientHello, which no API server takes: each look is an error in its log, and readiness is not seen";
    vec![Spot::new(line.number, why).instead(READYZ)]
}

pub fn unverifiable(api: &Api<'_>, seen: &Seen<'_>) -> Vec<Spot> {
    let global = seen.global().unwrap_or_default();
    // An export without `global` may well have a file of CAs there.
    let is_told = seen.is_fragment()
        || global.iter().any(|line| line.begins(&["ssl-server-verify", "none"]) || line.begins(&["ca-base"]));
    if is_told {
        return vec![];
    }
    let is_blind = |server: &&Server<'_>| {
        let is_tls = server.has("check-ssl").is_some() || server.has("ssl").is_some();
        is_tls && server.says("ca-file").is_none() && server.value("verify") != Some("none")
    };
    let spot = |server: &Server<'_>| {
        let why = format!("{} is to be verified and no CA is named, so HAProxy does not start", server.name);
        Spot::new(server.line.number, why).instead(with(server.line, "ca-file FILE"))
    };
    api.servers.iter().filter(is_blind).map(spot).collect()
}

pub fn verifies_address(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let spot = |server: &Server<'_>| {
        let (line, name) = (server.says("verifyhost")?, server.value("verifyhost")?);
        name.parse::<IpAddr>().is_ok().then(|| {
            let why = format!("HAProxy compares DNS names alone, and {name} is none: every server is down");
            Spot::new(line.number, why)
                .instead(without(line, &[], &["verifyhost"]) + " verifyhost kubernetes")
        })
    };
    let mut spots: Vec<Spot> = api.servers.iter().filter_map(spot).collect();
    spots.dedup();
    spots
}

pub fn unverified(api: &Api<'_>, _: &Seen<'_>) -> Vec<Spot> {
    let is_blind = |server: &&Server<'_>| server.value("verify") == Some("none");
    let lines = api.servers.iter().filter(is_blind).filter_map(|server| server.says("verify"));
    let why = "the check takes any TLS server on that port for the API server";
    let instead = |line| without(line, &[], &["verify"]) + " verify required ca-file FILE";
    let mut spots: Vec<Spot> = lines.map(|line| Spot::new(line.number, why).instead(instead(line))).collect();
    spots.dedup();
    spots
}
