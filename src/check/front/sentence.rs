//! The verdict on a balancer in one sentence.

use super::{Certainty, Evidence, Way};
use crate::check::some;

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
        Way::PlainHttp => format!("{at} speaks plain HTTP, and no API answers in it"),
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
            "{at} takes connections and closes them, though API servers answer at their own addresses: it sends them the PROXY protocol, or it counts all of them as down"
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
