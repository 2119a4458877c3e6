//! What the balancer in front of the API servers does, judged by what was seen there and at every node: pure.

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use crate::{
    endpoint::Endpoint,
    probe::{self, Heard, Mark, Plain, Presented, Said},
    report::Finding,
    san::San,
};

mod fault;
mod holder;
mod pool;
mod sentence;
mod servers;
#[cfg(test)]
mod tests;
mod way;

pub use servers::servers;
pub use way::{Certainty, Way};

/// All that was seen in one run.
#[derive(Clone, Debug)]
pub struct Evidence {
    pub endpoint: Endpoint,
    /// The name that clients look for there.
    pub asked: San,
    pub front: Face,
    pub nodes: Vec<Node>,
    /// Fresh connections to the endpoint.
    pub samples: Vec<Result<Met, String>>,
    /// What was presented there, each certificate once.
    pub certificates: Vec<Presented>,
    /// What the endpoint does to a client that says nothing; asked only where it shows no certificate.
    pub heard: Option<Heard>,
    /// Where else on the endpoint's host the nodes' API answers.
    pub elsewhere: Option<Endpoint>,
    pub login: Option<Login>,
    /// Hardware addresses of machines on our own network.
    pub neighbours: BTreeMap<IpAddr, String>,
    /// Why something was not looked at at all.
    pub unlooked: Vec<String>,
}

/// A node at its own address.
#[derive(Clone, Debug)]
pub struct Node {
    pub name: String,
    pub face: Face,
}

/// What one address shows.
#[derive(Clone, Debug)]
pub struct Face {
    pub at: Endpoint,
    pub tls: Result<Shown, probe::Error>,
    pub plain: Plain,
    pub ready: Ready,
    pub user: User,
    /// The server's version, where it told one.
    pub version: Option<String>,
}

/// What a handshake shows, and a question inside it.
#[derive(Clone, Debug)]
pub struct Shown {
    pub fingerprint: String,
    pub issuer: String,
    pub chain: Chain,
    /// Whether the certificate carries the name that clients look for at the endpoint.
    pub names_host: bool,
    /// Whether it carries the name `kubernetes`, as that of every API server does and hardly another.
    pub names_kubernetes: bool,
    pub asks: Asks,
    pub alpn: Option<String>,
    pub version: String,
    /// `None` where nobody counted them.
    pub tickets: Option<u32>,
    pub said: Option<Said>,
    pub took: Option<Duration>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Chain {
    Leads,
    /// It does not lead to the cluster's CA, and why.
    Strays(String),
    /// There is no CA to judge by.
    Unjudged,
}

impl Chain {
    pub fn strays(&self) -> bool {
        matches!(self, Self::Strays(_))
    }
}

/// Whether a client certificate is asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Asks {
    No,
    /// Of these authorities; K3s names none.
    For(Vec<String>),
    /// It is so old that it could only be read by other means, which do not tell.
    Untold,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Ready {
    Yes,
    No(String),
    Untold,
}

/// Who the API says we are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum User {
    Named(String),
    /// It does not know us: 401 or 403.
    Refused(u16),
    Untold,
}

/// What we log in with; only a certificate is lost where TLS ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Login {
    Certificate,
    Token,
}

/// Who was met on one connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Met {
    pub fingerprint: String,
    pub chain: Chain,
    pub names_host: bool,
    /// What `/readyz` answered without a login.
    pub status: Option<u16>,
}

/// What it all comes to.
#[derive(Clone, Debug)]
pub struct Judgement {
    pub way: Way,
    pub certainty: Certainty,
    pub sentence: String,
    pub findings: Vec<Finding>,
    /// What cannot be told from what was looked at.
    pub untold: Vec<String>,
}

/// Says what the balancer does, and what is wrong with it.
pub fn judge(seen: &Evidence) -> Judgement {
    let (way, certainty) = way::way(seen);
    let sentence = sentence::sentence(seen, &way, certainty);
    let mut findings: Vec<Finding> = fault::fault(seen, &way, certainty).into_iter().collect();
    let mut untold = seen.unlooked.clone();
    if way.is_through() {
        findings.extend(pool::findings(seen));
    }
    findings.extend(pool::silent(seen));
    untold.extend(pool::untold(seen, &way));
    Judgement { way, certainty, sentence, findings, untold }
}

/// So many fresh connections that, of `backends` that are equally likely, none is missed in 99 of 100 runs.
pub fn sample_size(backends: usize) -> usize {
    const LEAST: usize = 3;
    const MISSED: f64 = 0.01;
    if backends < 2 {
        return LEAST;
    }
    let backends = backends as f64;
    ((MISSED / backends).ln() / (1.0 - 1.0 / backends).ln()).ceil() as usize
}

impl Evidence {
    /// What the endpoint showed, if anything.
    fn shown(&self) -> Option<&Shown> {
        self.front.tls.as_ref().ok()
    }

    /// What each node that answered showed at its own address.
    fn nodes_shown(&self) -> impl Iterator<Item = (&str, &Shown)> {
        self.nodes.iter().filter_map(|node| Some((node.name.as_str(), node.face.tls.as_ref().ok()?)))
    }

    /// The node that alone presents a certificate.
    pub fn node_of(&self, fingerprint: &str) -> Option<&str> {
        let mut presenting = self.nodes_shown().filter(|(_, shown)| shown.fingerprint == fingerprint);
        let (name, _) = presenting.next()?;
        presenting.next().is_none().then_some(name)
    }

    /// Whether nodes share a certificate, as servers of K3s do: then it is nobody's identity.
    pub fn shares_certificates(&self) -> bool {
        self.nodes_shown().any(|(_, shown)| self.node_of(&shown.fingerprint).is_none())
    }

    /// How many of the connections that were answered met each certificate.
    pub fn met(&self) -> BTreeMap<&str, usize> {
        let mut met = BTreeMap::new();
        for one in self.samples.iter().flatten() {
            *met.entry(one.fingerprint.as_str()).or_default() += 1;
        }
        met
    }
}

impl Shown {
    fn mark(&self) -> Mark {
        Mark {
            leads: match self.chain {
                Chain::Leads => Some(true),
                Chain::Strays(_) => Some(false),
                Chain::Unjudged => None,
            },
            asks: match self.asks {
                Asks::No => Some(false),
                Asks::For(_) => Some(true),
                Asks::Untold => None,
            },
        }
    }

    /// Whether an API server answers inside the connection.
    fn answers_as_api(&self) -> bool {
        self.said.as_ref().is_some_and(Said::is_of_api)
    }
}
