//! What is wrong with the way that a connection goes, what gave it away, and what is to be done about it.

use super::{Asks, Certainty, Chain, Evidence, User, Way, pool::answer};
use crate::{
    check::{some, unreachable},
    probe::Plain,
    report::{Code, Finding},
};

/// The finding on the way itself; nothing is wrong with passing through.
pub(super) fn fault(seen: &Evidence, way: &Way, certainty: Certainty) -> Option<Finding> {
    let subject = seen.endpoint.to_string();
    if *way == Way::Unreachable {
        let error = seen.front.tls.as_ref().err()?;
        return Some(unreachable(&subject, &seen.endpoint, error));
    }
    let (code, message) = what(seen, way, certainty)?;
    Some(Finding::new(code, subject, message).remedy(remedy(way)))
}

fn what(seen: &Evidence, way: &Way, certainty: Certainty) -> Option<(Code, String)> {
    Some(match way {
        Way::PassesThrough | Way::Unreachable => return None,
        Way::Terminates => (Code::TlsTerminated, sign(seen)),
        Way::ReEncrypts => (Code::TlsReencrypted, sign(seen)),
        Way::ApiInClear => {
            let said = status(seen);
            let message = format!(
                "in plain HTTP `/readyz` answers {said}: tokens travel in clear, and client certificates not at all"
            );
            (Code::ApiInClear, message)
        }
        Way::PlainHttp => {
            let message =
                format!("it takes TLS for HTTP, and in plain HTTP `/readyz` answers {}", status(seen));
            (Code::EndpointNotTls, message)
        }
        Way::ExpectsProxyProtocol => (
            Code::ProxyProtocolExpected,
            "it hangs up on a TLS greeting, and shakes hands behind a header of the PROXY protocol".into(),
        ),
        Way::SendsProxyProtocol => (
            Code::ProxyProtocolSent,
            "a TLS server behind it complains before we have said anything, so the balancer speaks first"
                .into(),
        ),
        Way::HangsUp => (Code::BalancerHangsUp, hung_up(seen)),
        Way::DeadPool => {
            let nodes = nodes(seen);
            (Code::PoolDead, format!("it hangs up, and at their own addresses {nodes} do not answer either"))
        }
        Way::WrongPort => (Code::PortWrong, wrong_port(seen)),
        Way::AnotherCluster => (Code::WrongCluster, stray(seen, certainty)),
        Way::OwnAddress(node) => (
            Code::BalancerAbsent,
            format!("it is the own address of {node}, and clients are lost when that node is"),
        ),
        Way::Untold => (Code::BalancerUntold, uncompared(seen).to_owned()),
    })
}

pub(super) fn remedy(way: &Way) -> &'static str {
    match way {
        Way::PassesThrough | Way::Unreachable => "",
        Way::Terminates | Way::ReEncrypts => {
            "pass TCP through instead (HAProxy: `mode tcp`, no `ssl` on `bind` and on `server`; NGINX: `stream`, no `ssl` on `listen`); no name in a certificate helps"
        }
        Way::ApiInClear => {
            "pass TCP through: `mode tcp` on the frontend and on the backend (one inherited from `defaults` counts), no `ssl` on `bind` and on `server`"
        }
        Way::PlainHttp => {
            "write `mode tcp` in the balancer's frontend and backend (`mode http` is often inherited from `defaults`), or take the port that leads to the API servers"
        }
        Way::ExpectsProxyProtocol => {
            "take the PROXY protocol from its listening side (HAProxy: `accept-proxy` on `bind`, NGINX: `proxy_protocol` on `listen`)"
        }
        Way::SendsProxyProtocol => {
            "take `send-proxy` from the balancer's `server` lines (NGINX: `proxy_protocol on`)"
        }
        Way::HangsUp => {
            "on a node look for `first record does not look like a TLS handshake` in the API server's log: then take `send-proxy` from the balancer's `server` lines; otherwise look at the balancer's statistics, and at the port of its `server` lines"
        }
        Way::DeadPool => "start the API servers first: `cpctl verify` shows which of them answer",
        Way::WrongPort => "write the right port in the kubeconfig, or have the balancer listen at this one",
        Way::AnotherCluster => {
            "look at the addresses in the balancer's pool; `cpctl certs inspect` shows the issuer of each endpoint"
        }
        Way::OwnAddress(_) => {
            "name the balancer's address: `cpctl lb check HOST:PORT`, or `endpoint:` in the inventory"
        }
        Way::Untold => {
            "name every API server with `--node` or in the inventory, and a kubeconfig with a client certificate"
        }
    }
}

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
    match &seen.front.plain {
        Plain::HungUp => signs.push("it hangs up on plain HTTP, which an API server answers".to_owned()),
        Plain::Said(said) if said.is_of_nginx() => {
            signs.push("it answers plain HTTP with the words of an NGINX that ends TLS".to_owned());
        }
        _ => {}
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
    let alive: Vec<&str> = seen.nodes_shown().map(|(name, _)| name).collect();
    if alive.is_empty() {
        return "it takes connections and closes them without a word, and no node is known to compare".into();
    }
    let nodes = some(&alive);
    format!("it takes connections and closes them without a word, while {nodes} {}", answer(&alive))
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
