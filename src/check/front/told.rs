//! The verdict on a balancer in words, and what is to be done about it.

use super::{Asks, Certainty, Chain, Evidence, User, Way};
use crate::{
    check::{some, unreachable},
    probe::Plain,
    report::{Code, Finding},
};

/// The verdict in one sentence.
pub(super) fn sentence(seen: &Evidence, way: &Way, certainty: Certainty) -> String {
    let at = &seen.endpoint;
    let seems = match certainty {
        Certainty::Certain => "",
        Certainty::Likely => ", it seems",
    };
    match way {
        Way::PassesThrough => format!("{at} passes TLS through to the API servers{seems}{}", reached(seen)),
        Way::Terminates => format!("{at} ends TLS itself{seems}, and no API server answers behind it"),
        Way::ReEncrypts => {
            format!(
                "{at} ends TLS itself and opens another to the API servers{seems}: client certificates are lost"
            )
        }
        Way::ApiInClear => format!("{at} serves the API in clear, without TLS"),
        Way::PlainHttp => format!("{at} speaks plain HTTP, and what answers is not the API"),
        Way::ExpectsProxyProtocol => {
            format!("{at} expects the PROXY protocol, which no client of an API server sends")
        }
        Way::SendsProxyProtocol => {
            format!("{at} sends the PROXY protocol to the API servers, which do not understand it")
        }
        Way::HangsUp if seen.nodes.is_empty() => format!(
            "{at} takes connections and closes them: it has no live server, or one side uses the PROXY protocol and the other does not"
        ),
        Way::HangsUp => format!(
            "{at} takes connections and closes them, though API servers answer at their own addresses: it sends them the PROXY protocol, or it holds all of them for dead"
        ),
        Way::DeadPool => format!("{at} takes connections, and no API server is there to answer them"),
        Way::WrongPort => match &seen.elsewhere {
            Some(elsewhere) => format!("{at} is the wrong port: the API answers at {elsewhere}"),
            None => format!("{at} is no API server's port{seems}: something else answers there"),
        },
        Way::AnotherCluster => format!("{at} leads to another cluster{seems}"),
        Way::OwnAddress(node) => format!("{at} is the own address of {node}: no balancer is in front of it"),
        Way::Unreachable => {
            format!("{at} does not answer: what is in front of the API servers cannot be judged")
        }
        Way::Untold => {
            format!("{at} answers in TLS, and whether an API server does so itself cannot be told")
        }
    }
}

/// Who answered the fresh connections; nothing where none was made.
fn reached(seen: &Evidence) -> String {
    let (met, made) = (seen.met(), seen.samples.len());
    let answered: usize = met.values().sum();
    if made == 0 {
        return String::new();
    }
    let known: Vec<&str> = seen.nodes.iter().map(|node| node.name.as_str()).collect();
    let nodes = known
        .into_iter()
        .filter(|name| met.keys().any(|fingerprint| seen.node_of(fingerprint) == Some(name)));
    let nodes: Vec<&str> = nodes.collect();
    if nodes.is_empty() {
        return format!(": {answered} of {made} fresh connections were answered");
    }
    format!(": {answered} of {made} fresh connections were answered, by {}", some(&nodes))
}

/// What is wrong with the way itself, and the next thing to do; nothing is wrong with passing through.
pub(super) fn fault(seen: &Evidence, way: &Way, certainty: Certainty) -> Option<Finding> {
    let finding = |code, message: String, remedy: &str| {
        Some(Finding::new(code, seen.endpoint.to_string(), message).remedy(remedy))
    };
    match way {
        Way::PassesThrough => None,
        Way::Terminates => finding(Code::TlsTerminated, sign(seen), PASS_THROUGH),
        Way::ReEncrypts => finding(Code::TlsReencrypted, sign(seen), PASS_THROUGH),
        Way::ApiInClear => finding(
            Code::ApiInClear,
            format!(
                "in plain HTTP `/readyz` answers {}: tokens travel in clear, and client certificates not at all",
                status(seen)
            ),
            "pass TCP through: `mode tcp` on the frontend and on the backend (one inherited from `defaults` counts), no `ssl` on `bind` and on `server`",
        ),
        Way::PlainHttp => finding(
            Code::EndpointNotTls,
            format!("it speaks plain HTTP, and `/readyz` answers {}", status(seen)),
            "write `mode tcp` in the balancer's frontend and backend (`mode http` is often inherited from `defaults`), or take the port that leads to the API servers",
        ),
        Way::ExpectsProxyProtocol => finding(
            Code::ProxyProtocolExpected,
            "it hangs up on a TLS greeting, and shakes hands behind a header of the PROXY protocol".into(),
            "take the PROXY protocol from its listening side (HAProxy: `accept-proxy` on `bind`, NGINX: `proxy_protocol` on `listen`)",
        ),
        Way::SendsProxyProtocol => finding(
            Code::ProxyProtocolSent,
            "a TLS server behind it complains before we have said anything, so the balancer speaks first"
                .into(),
            SEND_NO_PROXY,
        ),
        Way::HangsUp => finding(Code::BalancerHangsUp, hung_up(seen), LOOK_AT_BALANCER),
        Way::DeadPool => finding(
            Code::PoolDead,
            format!("it hangs up, and {} do not answer at their own addresses either", nodes(seen)),
            "start the API servers first: `cpctl verify` shows which of them answer",
        ),
        Way::WrongPort => finding(
            Code::PortWrong,
            wrong_port(seen),
            "write the right port in the kubeconfig, or have the balancer listen at this one",
        ),
        Way::AnotherCluster => finding(
            Code::WrongCluster,
            stray(seen, certainty),
            "look at the addresses in the balancer's pool; `cpctl certs inspect` shows the issuer of each endpoint",
        ),
        Way::OwnAddress(node) => finding(
            Code::BalancerAbsent,
            format!("it is the own address of {node}, and clients are lost when that node is"),
            "name the balancer's address: `cpctl lb check HOST:PORT`, or `endpoint:` in the inventory",
        ),
        Way::Unreachable => {
            let error = seen.front.tls.as_ref().err()?;
            Some(unreachable(&seen.endpoint.to_string(), &seen.endpoint, error))
        }
        Way::Untold => finding(
            Code::BalancerUntold,
            uncompared(seen).to_owned(),
            "name every API server with `--node` or in the inventory, and a kubeconfig with a client certificate",
        ),
    }
}

const PASS_THROUGH: &str = "pass TCP through instead (HAProxy: `mode tcp`, no `ssl` on `bind` and on `server`; NGINX: `stream`, no `ssl` on `listen`); no name in a certificate helps";

const SEND_NO_PROXY: &str =
    "take `send-proxy` from the balancer's `server` lines (NGINX: `proxy_protocol on`)";

const LOOK_AT_BALANCER: &str = "on a node look for `first record does not look like a TLS handshake` in the API server's log: then take `send-proxy` from the balancer's `server` lines; otherwise look at the balancer's statistics, and at the port of its `server` lines";

/// By what it was seen that TLS ends there.
fn sign(seen: &Evidence) -> String {
    let mut signs = vec![];
    if let Some(shown) = seen.shown() {
        if shown.asks == Asks::No {
            signs.push(match seen.nodes_shown().any(|(_, node)| matches!(node.asks, Asks::For(_))) {
                true => "it asks for no client certificate, as the nodes behind it do".to_owned(),
                false => "it asks for no client certificate, as every API server does".to_owned(),
            });
        }
        if let Chain::Strays(reason) = &shown.chain {
            signs.push(format!(
                "its certificate comes from {}, not from the cluster's CA ({reason})",
                shown.issuer
            ));
        }
    }
    signs.extend(identity(seen));
    if seen.front.plain == Plain::HungUp {
        signs.push("it hangs up on plain HTTP, which an API server answers".to_owned());
    }
    signs.join("; ")
}

fn identity(seen: &Evidence) -> Option<String> {
    let known = seen.nodes.iter().find_map(|node| match &node.face.user {
        User::Named(user) => Some((user, &node.name)),
        _ => None,
    });
    let (user, node) = known?;
    match &seen.front.user {
        User::Named(other) if other != user => {
            Some(format!("{node} knows us as {user}, and here we are {other}"))
        }
        User::Refused(status) => {
            Some(format!("{node} knows us as {user}, and here we are refused ({status})"))
        }
        _ => None,
    }
}

fn uncompared(seen: &Evidence) -> &'static str {
    if seen.nodes.is_empty() {
        return "no node is known, and no CA, to compare its certificate with";
    }
    "the certificate that it shows is none that a node was seen to present"
}

fn status(seen: &Evidence) -> String {
    match &seen.front.plain {
        Plain::Said(said) => said.status.to_string(),
        _ => "nothing".into(),
    }
}

fn hung_up(seen: &Evidence) -> String {
    let answer: Vec<&str> = seen.nodes_shown().map(|(name, _)| name).collect();
    if answer.is_empty() {
        return "it takes connections and closes them without a word, and no node is known to compare".into();
    }
    format!(
        "it takes connections and closes them without a word, while {} answer at their own addresses",
        some(&answer)
    )
}

fn nodes(seen: &Evidence) -> String {
    some(&seen.nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>())
}

fn wrong_port(seen: &Evidence) -> String {
    let error = match &seen.front.tls {
        Ok(shown) => format!("its certificate comes from {}, and what answers is not the API", shown.issuer),
        Err(error) => error.to_string(),
    };
    let place = format!("{}: ", seen.endpoint);
    let error = error.strip_prefix(&place).unwrap_or(&error);
    match &seen.elsewhere {
        Some(elsewhere) => format!("{error}; at {elsewhere} an API server of the cluster answers"),
        None => error.to_owned(),
    }
}

fn stray(seen: &Evidence, certainty: Certainty) -> String {
    let Some(shown) = seen.shown() else { return String::new() };
    let reason = match &shown.chain {
        Chain::Strays(reason) => reason.as_str(),
        Chain::Leads | Chain::Unjudged => "",
    };
    let among = match certainty {
        Certainty::Certain => "while those of the nodes do",
        Certainty::Likely => "and no node was seen to compare: a balancer may show one of its own",
    };
    format!(
        "its certificate comes from {} and does not lead to the cluster's CA ({reason}), {among}",
        shown.issuer
    )
}
