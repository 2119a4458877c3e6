//! What a balancer does with a connection, told from what it and the nodes show.

use super::{Asks, Chain, Evidence, Login, Shown, User};
use crate::probe::{self, Heard, Mark, Plain, Signs, Speech, signs};

/// What becomes of a client's TLS at the endpoint.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Way {
    PassesThrough,
    /// TLS ends there, and nothing behind it answers as an API server does.
    Terminates,
    /// TLS ends there, and another TLS leads to the API servers.
    ReEncrypts,
    /// The API answers without any TLS.
    ApiInClear,
    PlainHttp,
    ExpectsProxyProtocol,
    SendsProxyProtocol,
    /// It takes connections and closes them, while nodes answer at their own addresses.
    HangsUp,
    DeadPool,
    WrongPort,
    AnotherCluster,
    /// The endpoint is this node's own address.
    OwnAddress(String),
    Unreachable,
    Untold,
}

/// How sure it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Certainty {
    Certain,
    /// What would make it certain was not to be seen.
    Likely,
}

use Certainty::{Certain, Likely};

impl Way {
    pub fn id(&self) -> &'static str {
        match self {
            Self::PassesThrough => "passes-through",
            Self::Terminates => "terminates",
            Self::ReEncrypts => "re-encrypts",
            Self::ApiInClear => "api-in-clear",
            Self::PlainHttp => "plain-http",
            Self::ExpectsProxyProtocol => "expects-proxy-protocol",
            Self::SendsProxyProtocol => "sends-proxy-protocol",
            Self::HangsUp => "hangs-up",
            Self::DeadPool => "dead-pool",
            Self::WrongPort => "wrong-port",
            Self::AnotherCluster => "another-cluster",
            Self::OwnAddress(_) => "own-address",
            Self::Unreachable => "unreachable",
            Self::Untold => "untold",
        }
    }

    /// Whether what is met there are the API servers themselves.
    pub(super) fn is_through(&self) -> bool {
        matches!(self, Self::PassesThrough)
    }
}

pub(super) fn way(seen: &Evidence) -> (Way, Certainty) {
    if let Some(node) = seen.nodes.iter().find(|node| node.face.at == seen.endpoint) {
        return (Way::OwnAddress(node.name.clone()), Certain);
    }
    match &seen.front.tls {
        Ok(shown) => by_handshake(seen, shown),
        Err(error) => without_handshake(seen, error),
    }
}

fn without_handshake(seen: &Evidence, error: &probe::Error) -> (Way, Certainty) {
    let is_elsewhere = seen.elsewhere.is_some();
    match error {
        probe::Error::NotTls { what: Speech::WantsProxyProtocol, .. } => (Way::ExpectsProxyProtocol, Certain),
        probe::Error::NotTls { what: Speech::HangsUp, .. } => hanging_up(seen),
        probe::Error::NotTls { what: Speech::Http(_), .. } => in_http(seen),
        probe::Error::NotTls { .. } if is_elsewhere => (Way::WrongPort, Certain),
        probe::Error::NotTls { .. } => (Way::WrongPort, Likely),
        probe::Error::Handshake { .. } if seen.heard == Some(Heard::Alert) => {
            (Way::SendsProxyProtocol, Certain)
        }
        probe::Error::Handshake { .. } if seen.heard == Some(Heard::HungUp) => hanging_up(seen),
        probe::Error::Connect { .. } if is_elsewhere => (Way::WrongPort, Certain),
        probe::Error::Resolve { .. }
        | probe::Error::Connect { .. }
        | probe::Error::Timeout { .. }
        | probe::Error::Handshake { .. } => (Way::Unreachable, Certain),
    }
}

/// Plain HTTP for plain HTTP; that it complains of TLS as well shows that it is not an API server's own port.
fn in_http(seen: &Evidence) -> (Way, Certainty) {
    match &seen.front.plain {
        Plain::Said(said) if said.is_of_api() => (Way::ApiInClear, Certain),
        _ if seen.elsewhere.is_some() => (Way::WrongPort, Certain),
        _ => (Way::PlainHttp, Certain),
    }
}

/// Nodes that answer at their own addresses leave two causes that look alike from here: a PROXY header that Go's TLS
/// takes for garbage and hangs up on, and a pool that the balancer alone counts as down.
fn hanging_up(seen: &Evidence) -> (Way, Certainty) {
    if seen.heard == Some(Heard::Alert) {
        return (Way::SendsProxyProtocol, Certain);
    }
    if seen.nodes.is_empty() || seen.nodes_shown().next().is_some() {
        return (Way::HangsUp, Certain);
    }
    (Way::DeadPool, Certain)
}

fn by_handshake(seen: &Evidence, shown: &Shown) -> (Way, Certainty) {
    let nodes: Vec<Mark> = seen.nodes_shown().map(|(_, shown)| shown.mark()).collect();
    let Signs { is_foreign, is_silent } = signs(shown.mark(), &nodes);
    let ended = if shown.answers_as_api() { Way::ReEncrypts } else { Way::Terminates };
    // Something that neither is of the cluster nor answers as its API, where the API has another port.
    if is_foreign && !shown.answers_as_api() && seen.elsewhere.is_some() {
        return (Way::WrongPort, Certain);
    }
    if is_silent {
        return (ended, Certain);
    }
    // kube-apiserver asks every client; but here no node was seen to.
    if shown.asks == Asks::No && nodes.is_empty() {
        return (ended, Likely);
    }
    if loses_the_certificate(seen) {
        return (Way::ReEncrypts, Certain);
    }
    match shown.chain {
        // The names of CAs tell nothing: every cluster of a distribution calls its own the same.
        Chain::Strays(_) if !shown.names_kubernetes && shown.answers_as_api() => (Way::ReEncrypts, Likely),
        Chain::Strays(_) => (Way::AnotherCluster, if is_foreign { Certain } else { Likely }),
        Chain::Leads | Chain::Unjudged => by_certificate(seen, shown),
    }
}

fn by_certificate(seen: &Evidence, shown: &Shown) -> (Way, Certainty) {
    if seen.nodes_shown().any(|(_, node)| node.fingerprint == shown.fingerprint) {
        return (Way::PassesThrough, Certain);
    }
    let is_one_of_them = shown.chain == Chain::Leads && keeps_the_certificate(seen);
    if is_one_of_them {
        return (Way::PassesThrough, Certain);
    }
    let are_nodes_seen = seen.nodes_shown().next().is_some();
    if !are_nodes_seen && shown.chain == Chain::Leads && shown.asks != Asks::Untold {
        return (Way::PassesThrough, Likely);
    }
    (Way::Untold, Likely)
}

/// Whether a node knows us by our certificate, and the endpoint does not.
fn loses_the_certificate(seen: &Evidence) -> bool {
    let Some(direct) = user_at_a_node(seen) else { return false };
    match &seen.front.user {
        User::Named(user) => user != direct,
        User::Refused(_) => true,
        User::Untold => false,
    }
}

/// Whether our certificate has come through: TLS that ends on the way cannot hand it on.
fn keeps_the_certificate(seen: &Evidence) -> bool {
    let by_certificate = seen.login == Some(Login::Certificate);
    let user = user_at_a_node(seen);
    by_certificate && matches!(&seen.front.user, User::Named(name) if Some(name) == user)
}

/// Who a node says we are, where we log in by a certificate.
fn user_at_a_node(seen: &Evidence) -> Option<&String> {
    if seen.login != Some(Login::Certificate) {
        return None;
    }
    seen.nodes.iter().find_map(|node| match &node.face.user {
        User::Named(user) => Some(user),
        User::Refused(_) | User::Untold => None,
    })
}
