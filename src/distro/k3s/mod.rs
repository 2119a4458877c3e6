//! K3s, and RKE2, which is made of it: names in files and flags, one certificate that all servers merge, and a restart
//! that takes new names in.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
};

use jiff::Timestamp;

use super::{ControlPlane, Distro, Given, Move, Reference, Role, Served, Trace, Trial, Want, service};
use crate::{
    cert::ServingCert,
    endpoint::{Endpoint, Vip},
    node::{self, Answer, Ask, LoadedUnit, Node},
    plan::Step,
    report::{Finding, Severity},
    san::{San, SanSet},
};
use facts::Facts;
use flavour::Flavour;
use found::Found;
use names::Names;

mod agent;
mod apart;
mod cautions;
pub mod config;
mod facts;
mod findings;
mod flavour;
mod found;
mod launch;
mod names;
mod old;
mod references;
mod secret;
mod served;
mod step;
#[cfg(test)]
mod tests;
mod version;

/// The server's port unless `https-listen-port` says otherwise.
const PORT: u16 = 6443;

/// What `service-cidr` is where nothing is said.
const SERVICES: &str = "10.43.0.0/16";

/// What `cluster-cidr` is where nothing is said.
const PODS: &str = "10.42.0.0/16";

/// A distribution that K3s is the heart of.
pub struct K3s(&'static Flavour);

pub static K3S: K3s = K3s(&flavour::K3S);
pub static RKE2: K3s = K3s(&flavour::RKE2);

impl Distro for K3s {
    fn name(&self) -> &'static str {
        self.0.name
    }

    fn asks(&self) -> Vec<Ask> {
        let flavour = self.0;
        let mut asks = vec![
            Ask::Units(flavour.units.into()),
            Ask::Directory(format!("{}.d", flavour.base()).into()),
            Ask::Exists(flavour.data.into()),
            Ask::Exists(flavour.home.into()),
        ];
        asks.extend(flavour.init_scripts.iter().map(|script| Ask::Exists(script.into())));
        asks
    }

    fn detect(&self, answers: &[Answer]) -> Trace {
        match () {
            () if self.found(answers).is_active() => Trace::Running,
            () if answers.iter().skip(2).any(Answer::is_present) => Trace::Installed,
            () => Trace::None,
        }
    }

    fn observe(&self, node: &dyn Node, answers: &[Answer]) -> Result<Box<dyn ControlPlane>, node::Error> {
        let names: &[String] = if let Some(Answer::Names(names)) = answers.get(1) { names } else { &[] };
        Ok(Box::new(Observed(facts::read(node, self.found(answers), names)?)))
    }
}

impl K3s {
    fn found(&self, answers: &[Answer]) -> Found {
        let units: &[LoadedUnit] = if let Some(Answer::Units(units)) = answers.first() { units } else { &[] };
        Found::among(self.0, units, answers.iter().skip(4).any(Answer::is_present))
    }
}

struct Observed(Facts);

impl ControlPlane for Observed {
    fn distribution(&self) -> &'static str {
        self.0.flavour().name
    }

    fn role(&self) -> Role {
        self.0.role()
    }

    /// An address wherever there is one: a name that is dialled while the server starts stays in its certificate.
    fn endpoint(&self) -> Endpoint {
        let own = || self.0.addresses.iter().find_map(|address| address.parse::<IpAddr>().ok());
        let host = self.0.host.parse().ok().or_else(own).unwrap_or(Ipv4Addr::LOCALHOST.into());
        let port = self.0.option("https-listen-port").and_then(|port| port.parse().ok());
        Endpoint::new(San::Ip(host), port.unwrap_or(PORT))
    }

    fn supervisor(&self, api: &Endpoint) -> Option<Endpoint> {
        let port = self.0.flavour().supervisor.filter(|_| self.0.role() != Role::Worker)?;
        Some(Endpoint::new(api.host.clone(), port))
    }

    fn configured(&self) -> SanSet {
        Names::read(&self.0).map(|names| names.configured()).unwrap_or_default()
    }

    fn derived(&self) -> SanSet {
        let addresses = || self.0.addresses.iter().filter_map(|address| address.parse().ok()).collect();
        self.0.own_names().unwrap_or_else(addresses)
    }

    fn needed(&self) -> SanSet {
        service::addresses(self.0.option("service-cidr").as_deref().unwrap_or(SERVICES))
    }

    fn ranges(&self) -> Vec<(&'static str, Vip)> {
        if self.role() == Role::Worker {
            return vec![];
        }
        let option = |key, usual: &str| self.0.option(key).unwrap_or_else(|| usual.to_owned());
        service::ranges(&option("service-cidr", SERVICES), &option("cluster-cidr", PODS))
    }

    /// That which servers share lies together with its key.
    fn on_disk(&self) -> Option<&ServingCert> {
        self.0.apart.as_ref()?.certificate()
    }

    fn keeps_names(&self) -> bool {
        self.0.apart.is_none()
    }

    fn findings(&self, now: Timestamp) -> Vec<Finding> {
        findings::of_node(&self.0, now)
    }

    fn plan(
        &self,
        want: &Want,
        served: &Served<'_>,
        given: &Given<'_>,
    ) -> Result<Option<Step>, Vec<Finding>> {
        let facts = &self.0;
        if facts.role() == Role::Worker {
            return Err(vec![findings::worker(facts)]);
        }
        let Want::Add(want) = want else {
            let presented = served.presented.leaf.sans.union(&served.shared().leaf.sans);
            let names = presented.union(&self.configured());
            return if want.is_met_by(&names) {
                Ok(None)
            } else {
                Err(vec![findings::unsupported(facts, want)])
            };
        };
        let refusals = || self.refusals(want, served, given.now);
        let names = Names::read(facts).map_err(|_| refusals())?;
        let step = step::plan(facts, &names, want, served)
            .map_err(|error| [refusals(), vec![findings::uneditable(facts, &error)]].concat())?;
        let refusals = if step.is_some() { refusals() } else { vec![] };
        if refusals.is_empty() { Ok(step) } else { Err(refusals) }
    }

    fn cautions(&self, _want: &Want) -> Vec<Finding> {
        cautions::cautions(&self.0)
    }

    fn secret(&self) -> Option<(&'static str, &'static str)> {
        Some((secret::NAMESPACE, self.0.flavour().secret))
    }

    fn bound_by(&self, annotations: &BTreeMap<String, String>) -> Option<Finding> {
        secret::bound_by(&self.0, annotations)
    }

    fn seen(&self) -> Vec<(PathBuf, String)> {
        step::seen(&self.0)
    }

    fn references(&self) -> Vec<Reference> {
        references::references(&self.0)
    }

    fn trial(&self) -> Option<Trial> {
        references::trial(&self.0)
    }

    fn findings_of_move(&self, wanted: &Move, _now: Timestamp) -> Vec<Finding> {
        references::findings(&self.0, wanted)
    }
}

impl Observed {
    /// All that must be put right before the first change, so that an operator learns of it at once.
    fn refusals(&self, want: &SanSet, served: &Served<'_>, now: Timestamp) -> Vec<Finding> {
        let of_served = served::findings(&self.0, want, served, now);
        let mut findings = [self.findings(now), of_served].concat();
        findings.retain(|finding| finding.code.severity() == Severity::Fail);
        findings
    }
}
