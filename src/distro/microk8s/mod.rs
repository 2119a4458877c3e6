//! MicroK8s: a template for OpenSSL, its own functions to render and sign, and a kicker that must not notice.

use std::{
    net::Ipv4Addr,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::{ControlPlane, Distro, Given, Move, Reference, Role, Served, Trace, Trial, Want, service};
use crate::{
    cert::ServingCert,
    edit::openssl,
    endpoint::{Endpoint, Vip},
    node::{self, Answer, Ask, Node, UnitSeen},
    plan::Step,
    probe::Presented,
    report::{Finding, Severity},
    san::{San, SanSet},
};
use facts::{CERTS, DATA, Facts, KUBELITE};
use template::Template;

mod facts;
mod findings;
mod launch;
mod render;
mod step;
mod template;
#[cfg(test)]
mod tests;
mod worker;

/// The API server's port unless `--secure-port` says otherwise.
const PORT: u16 = 16443;

/// What MicroK8s takes where `--service-cluster-ip-range` is not given.
const SERVICES: &str = "10.152.183.0/24";

pub struct MicroK8s;

impl Distro for MicroK8s {
    fn name(&self) -> &'static str {
        "microk8s"
    }

    fn asks(&self) -> Vec<Ask> {
        vec![Ask::Exists(DATA.into()), Ask::Unit(KUBELITE.into()), Ask::Directory(launch::DIRECTORY.into())]
    }

    fn detect(&self, answers: &[Answer]) -> Trace {
        match answers {
            [_, Answer::Unit(UnitSeen::Active { .. }), ..] => Trace::Running,
            [data, ..] if data.is_present() => Trace::Installed,
            _ => Trace::None,
        }
    }

    fn observe(&self, node: &dyn Node, answers: &[Answer]) -> Result<Box<dyn ControlPlane>, node::Error> {
        let files = match answers {
            [_, _, Answer::Names(names)] => {
                names.iter().map(|name| Path::new(launch::DIRECTORY).join(name)).collect()
            }
            _ => vec![],
        };
        Ok(Box::new(Observed(facts::read(node, files)?)))
    }
}

struct Observed(Facts);

impl ControlPlane for Observed {
    fn distribution(&self) -> &'static str {
        MicroK8s.name()
    }

    fn role(&self) -> Role {
        self.0.role()
    }

    fn endpoint(&self) -> Endpoint {
        let own = || self.0.addresses.own().find_map(|address| address.parse().ok());
        let host = self.0.host.parse().ok().or_else(own).unwrap_or(San::Ip(Ipv4Addr::LOCALHOST.into()));
        let port = self.0.argument("secure-port").and_then(|port| port.parse().ok());
        Endpoint::new(host, port.unwrap_or(PORT))
    }

    fn configured(&self) -> SanSet {
        let text = self.0.template.as_ref().and_then(|text| text.as_deref().ok());
        text.and_then(|text| openssl::names(text).ok()).unwrap_or_default()
    }

    fn derived(&self) -> SanSet {
        let has_mark = Template::read(&self.0).is_ok_and(|template| template.has_mark);
        let own = self.0.addresses.own().filter(|_| has_mark);
        own.filter_map(|address| address.parse().ok()).collect()
    }

    fn needed(&self) -> SanSet {
        let announced = self.0.argument("advertise-address").and_then(|address| address.parse().ok());
        let mut needed = service::addresses(self.0.argument("service-cluster-ip-range").unwrap_or(SERVICES));
        announced.into_iter().for_each(|address| needed.insert(address));
        needed
    }

    fn ranges(&self) -> Vec<(&'static str, Vip)> {
        let services = self.0.argument("service-cluster-ip-range").unwrap_or(SERVICES);
        service::ranges(services, self.0.pods().unwrap_or_default())
    }

    fn on_disk(&self) -> Option<&ServingCert> {
        self.0.certificate.as_ref()
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
        let now = given.now;
        let facts = &self.0;
        if facts.role() == Role::Worker {
            return Err(vec![findings::worker(facts)]);
        }
        let template = Template::read(facts).map_err(|_| self.refusals(want, served.presented, now))?;
        let wish = step::Wish { want, served, now };
        let step = step::plan(facts, &template, &wish).map_err(|finding| vec![finding])?;
        let refusals = self.refusals(want, served.presented, now);
        if step.is_some() && !refusals.is_empty() { Err(refusals) } else { Ok(step) }
    }

    fn cautions(&self, want: &Want) -> Vec<Finding> {
        findings::of_wanted(&self.0, want)
    }

    fn seen(&self) -> Vec<(PathBuf, String)> {
        let text = self.0.template.as_ref().and_then(|text| text.as_ref().ok());
        text.map(|text| (Path::new(CERTS).join("csr.conf.template"), text.clone())).into_iter().collect()
    }

    fn references(&self) -> Vec<Reference> {
        if self.role() == Role::Worker { worker::references(&self.0) } else { vec![] }
    }

    fn trial(&self) -> Option<Trial> {
        worker::trial(&self.0)
    }

    /// A control plane leads to its own API server.
    fn findings_of_move(&self, _wanted: &Move, now: Timestamp) -> Vec<Finding> {
        if self.role() == Role::Worker { worker::findings(&self.0, now) } else { vec![] }
    }
}

impl Observed {
    /// All that must be put right before the first change, so that an operator learns of it at once.
    fn refusals(&self, want: &Want, served: &Presented, now: Timestamp) -> Vec<Finding> {
        let of_names = findings::of_names(&self.0, want, &served.leaf, now);
        let mut findings = [self.findings(now), of_names].concat();
        findings.retain(|finding| finding.code.severity() == Severity::Fail);
        findings
    }
}
