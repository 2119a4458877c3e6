//! k0s: names in `spec.api.sans` of each controller's configuration, and a start that signs every certificate anew.
//!
//! <https://docs.k0sproject.io/stable/configuration/#specapi>; `pkg/apis/k0s/v1beta1/api.go` in k0sproject/k0s.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
};

use jiff::Timestamp;

use super::{ControlPlane, Distro, Given, Role, Served, Store, Trace, Want};
use crate::{
    cert::ServingCert,
    endpoint::{Endpoint, Vip},
    node::{self, Answer, Ask, LoadedUnit, Node},
    plan::Step,
    report::{Finding, Severity},
    san::{San, SanSet},
};
use config::Config;
use facts::{DATA, Facts};
use found::Found;

mod config;
mod facts;
mod findings;
mod found;
mod step;
#[cfg(test)]
mod tests;

/// The API server's port unless `spec.api.port` says otherwise.
const PORT: u16 = 6443;

pub struct K0s;

impl Distro for K0s {
    fn name(&self) -> &'static str {
        "k0s"
    }

    fn asks(&self) -> Vec<Ask> {
        vec![
            Ask::Units("k0s*.service".into()),
            Ask::Exists(DATA.into()),
            Ask::Exists("/etc/k0s".into()),
            Ask::Exists("/etc/init.d/k0scontroller".into()),
            Ask::Exists("/etc/init.d/k0sworker".into()),
        ]
    }

    fn detect(&self, answers: &[Answer]) -> Trace {
        match () {
            () if found(answers).is_active => Trace::Running,
            () if answers.iter().skip(1).any(Answer::is_present) => Trace::Installed,
            () => Trace::None,
        }
    }

    fn observe(&self, node: &dyn Node, answers: &[Answer]) -> Result<Box<dyn ControlPlane>, node::Error> {
        Ok(Box::new(Observed(facts::read(node, found(answers))?)))
    }
}

fn found(answers: &[Answer]) -> Found {
    let units: &[LoadedUnit] = if let Some(Answer::Units(units)) = answers.first() { units } else { &[] };
    Found::among(units, answers.iter().skip(3).any(Answer::is_present))
}

struct Observed(Facts);

impl ControlPlane for Observed {
    fn distribution(&self) -> &'static str {
        K0s.name()
    }

    fn role(&self) -> Role {
        self.0.role()
    }

    fn endpoint(&self) -> Endpoint {
        let own = || self.0.addresses.iter().find_map(|address| address.parse::<IpAddr>().ok()).map(San::Ip);
        let host = self.0.host.parse().ok().or_else(own).unwrap_or(San::Ip(Ipv4Addr::LOCALHOST.into()));
        let port = self.0.config().ok().and_then(|config| config.port());
        Endpoint::new(host, port.unwrap_or(PORT))
    }

    fn configured(&self) -> SanSet {
        self.0.config().map(|config: Config<'_>| config.names()).unwrap_or_default()
    }

    fn derived(&self) -> SanSet {
        let (Some(cert), Ok(config)) = (self.on_disk(), self.0.config()) else { return SanSet::default() };
        cert.sans.iter().filter(|san| self.0.is_own(san, &config)).cloned().collect()
    }

    fn needed(&self) -> SanSet {
        self.0.config().map(|config| config.service()).unwrap_or_default()
    }

    fn ranges(&self) -> Vec<(&'static str, Vip)> {
        let is_controller = self.role() != Role::Worker;
        let config = self.0.config().ok().filter(|_| is_controller);
        config.map(|config| config.ranges()).unwrap_or_default()
    }

    fn on_disk(&self) -> Option<&ServingCert> {
        self.0.certificate.as_ref()
    }

    fn store(&self) -> Option<Store> {
        self.0.store()
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
        if let Want::Remove(names) = want {
            let there = served.presented.leaf.sans.union(&self.configured());
            return if want.is_met_by(&there) {
                Ok(None)
            } else {
                Err(vec![findings::not_removed(facts, names)])
            };
        }
        let refusals = || self.refusals(want, served, given.now);
        let config = facts.config().map_err(|_| refusals())?;
        let step = step::plan(facts, &config, want, served, given.now)
            .map_err(|error| [refusals(), vec![findings::uneditable(facts, &error)]].concat())?;
        let refusals = if step.is_some() { refusals() } else { vec![] };
        if refusals.is_empty() { Ok(step) } else { Err(refusals) }
    }

    fn cautions(&self, _want: &Want) -> Vec<Finding> {
        findings::cautions(&self.0)
    }

    /// None: what stands around the names may be the password of a data store.
    fn seen(&self) -> Vec<(PathBuf, String)> {
        vec![]
    }
}

impl Observed {
    /// All that must be put right before the first change, so that an operator learns of it at once.
    fn refusals(&self, want: &Want, served: &Served<'_>, now: Timestamp) -> Vec<Finding> {
        let of_served = findings::of_served(&self.0, want, &served.presented.leaf, now);
        let mut findings = [self.findings(now), of_served].concat();
        findings.retain(|finding| finding.code.severity() == Severity::Fail);
        findings
    }
}
