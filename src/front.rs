//! Looks at what stands in front of the API servers and at each of them, and puts down what there is to judge.

use std::{collections::BTreeSet, panic::resume_unwind, thread};

use crate::{
    api::{Access, VerifyAs},
    check::front::{Asks, Chain, Evidence, Face, Met, Node, Ready, Shown, User, sample_size},
    endpoint::Endpoint,
    probe::{self, Presented, Reader, Trust, Visit},
    san::San,
    world::World,
};

mod beside;
mod login;
mod met;

use met::{certificates, shown_to, telling};

/// Where to look, and as whom.
pub struct Look<'l> {
    pub world: &'l World,
    pub access: Option<&'l Access>,
    /// The cluster's CA.
    pub trust: Option<&'l Trust>,
    /// The name that clients look for at the endpoint; nodes are greeted by it too, or they might show another certificate.
    pub asked: San,
}

/// What became of several fresh connections.
pub type Visits = Vec<Result<Visit, probe::Error>>;

impl Look<'_> {
    pub fn gather(
        &self,
        endpoint: Endpoint,
        nodes: Vec<(String, Endpoint)>,
        mut unlooked: Vec<String>,
    ) -> Evidence {
        let nodes = self.nodes(nodes);
        let presented = self.world.wire.presented_as(&endpoint, &self.asked);
        let (visits, samples) = self.visits(&endpoint, &presented, nodes.len());
        if visits.is_empty() && matches!(&presented, Ok(shown) if shown.reader == Reader::OpenSsl) {
            unlooked
                .push("who answers fresh connections: the endpoint speaks a TLS that is too old".to_owned());
        }
        let presented = self.preferred(presented, &visits);
        let certificates = match visits.iter().any(Result::is_ok) {
            true => certificates(shown_to(&visits)),
            false => certificates(presented.iter()),
        };
        let front = self.face(endpoint.clone(), presented, &visits, VerifyAs::Host);
        let is_strange = front.tls.as_ref().is_ok_and(|shown| shown.chain.strays());
        let is_mute = front.tls.is_err();
        Evidence {
            heard: is_mute.then(|| self.world.wire.listen(&endpoint)),
            elsewhere: if is_mute || is_strange { self.elsewhere(&endpoint, &nodes) } else { None },
            login: self.login(&endpoint),
            neighbours: probe::neighbours(),
            asked: self.asked.clone(),
            endpoint,
            front,
            nodes,
            samples,
            certificates,
            unlooked,
        }
    }

    fn nodes(&self, nodes: Vec<(String, Endpoint)>) -> Vec<Node> {
        thread::scope(|scope| {
            let looks: Vec<_> = nodes
                .into_iter()
                .map(|(name, at)| scope.spawn(move || Node { name, face: self.node(at) }))
                .collect();
            looks.into_iter().map(|look| look.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
        })
    }

    fn node(&self, at: Endpoint) -> Face {
        let presented = self.world.wire.presented_as(&at, &self.asked);
        let visits = match &presented {
            Ok(shown) if shown.reader == Reader::Rustls => self.world.wire.visits(&at, &self.asked, 1),
            _ => vec![],
        };
        self.face(at, presented, &visits, VerifyAs::Kubernetes)
    }

    /// Fresh connections to the endpoint. One that failed, or that had to be made by other means, says little of a
    /// balancer, so each server gets its turn before nobody is thought to answer.
    fn visits(
        &self,
        endpoint: &Endpoint,
        presented: &Result<Presented, probe::Error>,
        nodes: usize,
    ) -> (Visits, Vec<Result<Met, String>>) {
        let visits = |count| self.world.wire.visits(endpoint, &self.asked, count);
        let wanted = sample_size(nodes);
        let made = match presented {
            Ok(shown) if shown.reader == Reader::Rustls => visits(wanted),
            Err(error) if is_settled(error) => vec![],
            Ok(_) | Err(_) => {
                let first = visits(nodes.clamp(1, wanted));
                match first.iter().any(Result::is_ok) {
                    true => first.into_iter().chain(visits(wanted.saturating_sub(nodes))).collect(),
                    false => vec![],
                }
            }
        };
        let samples = made.iter().map(|visit| self.met(endpoint, visit)).collect();
        (made, samples)
    }

    fn met(&self, endpoint: &Endpoint, visit: &Result<Visit, probe::Error>) -> Result<Met, String> {
        match visit {
            Ok(visit) => Ok(Met {
                fingerprint: visit.presented.leaf.fingerprint.clone(),
                chain: self.chain(&visit.presented),
                names_host: visit.presented.leaf.covers(&self.asked),
                status: visit.said.as_ref().map(|said| said.status),
            }),
            Err(error) => {
                let (words, place) = (error.to_string(), format!("{endpoint}: "));
                Err(words.strip_prefix(&place).unwrap_or(&words).to_owned())
            }
        }
    }

    fn face(
        &self,
        at: Endpoint,
        presented: Result<Presented, probe::Error>,
        visits: &Visits,
        verify: VerifyAs,
    ) -> Face {
        let visit = telling(&presented, visits);
        let presented = match (presented, visit) {
            (Err(_) | Ok(Presented { reader: Reader::OpenSsl, .. }), Some(visit)) => {
                Ok(visit.presented.clone())
            }
            (presented, _) => presented,
        };
        let tls = presented.map(|presented| self.shown(&presented, visit));
        let ready = visit.and_then(|visit| visit.said.as_ref()).map_or(Ready::Untold, login::ready);
        let (ready, user, version) = match &tls {
            Ok(shown) => {
                let verify = if shown.names_host { verify } else { VerifyAs::Kubernetes };
                self.by_credentials(&at, shown, verify, ready)
            }
            Err(_) => (ready, User::Untold, None),
        };
        Face { plain: self.world.wire.plain(&at), at, tls, ready, user, version }
    }

    fn shown(&self, presented: &Presented, visit: Option<&Visit>) -> Shown {
        Shown {
            fingerprint: presented.leaf.fingerprint.clone(),
            issuer: presented.leaf.issuer.clone(),
            chain: self.chain(presented),
            names_host: presented.leaf.covers(&self.asked),
            names_kubernetes: presented.leaf.covers(&San::kubernetes()),
            asks: match (&presented.client_cas, presented.reader) {
                (Some(names), _) => Asks::For(names.clone()),
                (None, Reader::Rustls) => Asks::No,
                (None, Reader::OpenSsl) => Asks::Untold,
            },
            alpn: presented.alpn.clone(),
            version: presented.version.clone(),
            tickets: visit.map(|visit| visit.tickets),
            said: visit.and_then(|visit| visit.said.clone()),
            took: visit.map(|visit| visit.took),
        }
    }

    fn chain(&self, presented: &Presented) -> Chain {
        let verdict = self.trust.map(|trust| trust.judge(presented, &self.asked, (self.world.now)()));
        match verdict.map(|verdict| verdict.chain) {
            None => Chain::Unjudged,
            Some(None) => Chain::Leads,
            Some(Some(reason)) => Chain::Strays(reason),
        }
    }

    /// The endpoint's host at a port of the nodes, where it presents what a node presents; a node that happens to live
    /// there proves nothing of a balancer.
    fn elsewhere(&self, endpoint: &Endpoint, nodes: &[Node]) -> Option<Endpoint> {
        let ports: BTreeSet<u16> = nodes.iter().map(|node| node.face.at.port).collect();
        let others = ports.into_iter().filter(|port| *port != endpoint.port);
        let candidates = others.map(|port| Endpoint::new(endpoint.host.clone(), port));
        let is_node = |candidate: &Endpoint| nodes.iter().any(|node| node.face.at == *candidate);
        let mut candidates = candidates.filter(|candidate| !is_node(candidate));
        candidates.find(|candidate| {
            let shown = self.world.wire.presented_as(candidate, &self.asked);
            shown.is_ok_and(|shown| {
                let fingerprint = &shown.leaf.fingerprint;
                nodes
                    .iter()
                    .any(|node| node.face.tls.as_ref().is_ok_and(|tls| tls.fingerprint == *fingerprint))
            })
        })
    }
}

/// Whether more connections would come to the same.
fn is_settled(error: &probe::Error) -> bool {
    match error {
        probe::Error::Resolve { .. } | probe::Error::Connect { .. } => true,
        probe::Error::NotTls { what, .. } => *what != probe::Speech::HangsUp,
        probe::Error::Timeout { .. } | probe::Error::Handshake { .. } => false,
    }
}
