//! What is seen before anybody is led to an address, and what a run has to know of it.

use super::{site::Site, trials::Tried};
use crate::{
    command::shared::{proof::Client, sight::CONNECTIONS, survey::Surveyed},
    endpoint::Endpoint,
    plan::{HERE, Passage, Plan, Proof, SCHEMA, Step},
    report::Finding,
    san::SanSet,
    world::World,
};

impl Site {
    /// Tries the new address from here as the kubeconfig's clients would.
    pub(super) fn prove(&self, to: &Endpoint, world: &World) -> Result<(), Vec<Finding>> {
        let subject = format!("context {}", self.cluster.access.context);
        let (trust, access) = (self.cluster.trust.as_ref(), &self.cluster.access);
        Client { subject: &subject, trust, asks_for: self.promised.asked(to), access }.reaches(to, world)
    }

    /// What must be seen before the first client is led to an address that nobody serves yet.
    pub(super) fn shown_first(&self, to: &Endpoint, trials: &[Tried<'_>]) -> Option<Step> {
        if !self.promised.covers(to) {
            return None;
        }
        let servers = u32::try_from(self.servers().count()).unwrap_or(u32::MAX);
        let connections = CONNECTIONS.saturating_mul(servers);
        let here = Proof { connections, passage: Passage::Through, ..shown(to) };
        let there = trials.iter().flat_map(|(target, trial, endpoints)| {
            endpoints.iter().map(|endpoint| Proof {
                from: Some(target.name.clone()),
                listener: trial.listener,
                // At another port servers show another certificate than their API does.
                passage: if endpoint == to { Passage::Through } else { Passage::Any },
                connections: CONNECTIONS,
                ..shown(endpoint)
            })
        });
        Some(Step {
            node: HERE.into(),
            why: format!("see {} shown at {to} before a client is led there", to.host),
            holds: vec![],
            changes: vec![],
            settle: vec![],
            proofs: [here].into_iter().chain(there).collect(),
            notes: vec![],
        })
    }

    /// The steps with all that a run has to know beside them.
    pub(super) fn plan(&self, title: String, steps: Vec<Step>, relies_on: SanSet, to: &Endpoint) -> Plan {
        let sees = |proof: &Proof, name: &str| proof.from.as_deref() == Some(name);
        let takes =
            |step: &Step, name: &str| step.node == name || step.proofs.iter().any(|proof| sees(proof, name));
        let is_stepped = |name: &str| steps.iter().any(|step| takes(step, name));
        let is_server = |name: &str| self.servers().any(|node| node.name == name);
        let targets = self.targets.iter().filter(|node| is_server(&node.name) || is_stepped(&node.name));
        let servers = self.servers().map(|node: &Surveyed| (node.name.clone(), node.endpoint.clone()));
        Plan {
            schema: SCHEMA,
            title,
            cluster: self.cluster.for_plan(servers.collect()),
            nodes: targets.map(|target| (target.name.clone(), target.clone())).collect(),
            steps,
            finally: vec![shown(to)],
            provides: SanSet::default(),
            relies_on,
        }
    }
}

/// An address seen to show its name.
fn shown(to: &Endpoint) -> Proof {
    Proof { covers: [to.host.clone()].into_iter().collect(), ..Proof::at(to.clone()) }
}
