//! An API server that somebody set up by hand, as "Kubernetes the Hard Way" does: what its process was started with
//! says where everything lies, and the cluster's CA signs its certificate anew.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{ControlPlane, Distro, Given, Move, Role, Served, Trace, Want};
use crate::{
    cert::ServingCert,
    endpoint::{Endpoint, Vip},
    node::{self, Answer, Ask, Node, UnitSeen},
    plan::Step,
    report::{Finding, Severity},
    san::SanSet,
};
use facts::Facts;
use process::Process;
use worker::Worker;

mod authority;
pub(super) mod cautions;
pub(super) mod facts;
pub(super) mod findings;
pub(super) mod issuers;
pub(super) mod paths;
pub(super) mod process;
pub(super) mod step;
#[cfg(test)]
mod tests;
mod worker;

/// The name that an inventory gives it.
pub(super) const NAME: &str = "by-hand";

/// The program, and the unit that guides call the same.
pub(super) const SERVER: &str = "kube-apiserver";
const UNIT_FILE: &str = "/etc/systemd/system/kube-apiserver.service";

pub struct ByHand;

impl Distro for ByHand {
    fn name(&self) -> &'static str {
        NAME
    }

    fn asks(&self) -> Vec<Ask> {
        vec![
            Ask::Processes(SERVER.into()),
            Ask::Processes("etcd".into()),
            Ask::Exists(UNIT_FILE.into()),
            Ask::Unit(SERVER.into()),
            Ask::Processes(worker::KUBELET.into()),
            Ask::Processes(worker::PROXY.into()),
        ]
    }

    fn detect(&self, answers: &[Answer]) -> Trace {
        match answers {
            [servers, ..] if !process::own(servers).is_empty() => Trace::Running,
            // The last one counts, since a masked or a running unit tells nothing here.
            [_, _, file, Answer::Unit(UnitSeen::Inactive), ..] if file.is_present() => Trace::Installed,
            [_, _, _, _, kubelets, ..] if !process::clients(kubelets).is_empty() => Trace::Running,
            _ => Trace::None,
        }
    }

    fn observe(&self, node: &dyn Node, answers: &[Answer]) -> Result<Box<dyn ControlPlane>, node::Error> {
        let of = |index: usize| answers.get(index).map(process::own).unwrap_or_default();
        let server: Option<Process> = of(0).into_iter().next();
        let client = |index: usize| answers.get(index).and_then(|answer| process::clients(answer).pop());
        let is_server = server.is_some() || answers.get(2).is_some_and(Answer::is_present);
        if let Some(kubelet) = client(4).filter(|_| !is_server) {
            return Ok(Box::new(Worker::read(node, kubelet, client(5))?));
        }
        Ok(Box::new(Observed(facts::read(node, server, of(1))?)))
    }
}

struct Observed(Facts);

impl ControlPlane for Observed {
    fn distribution(&self) -> &'static str {
        NAME
    }

    /// Nodes are set up one by one, and no one of them is the first.
    fn role(&self) -> Role {
        Role::First
    }

    fn endpoint(&self) -> Endpoint {
        self.0.endpoint()
    }

    /// There is no configuration but the certificate.
    fn configured(&self) -> SanSet {
        self.0.certificate.leaf().map(|cert| cert.sans.clone()).unwrap_or_default()
    }

    fn derived(&self) -> SanSet {
        SanSet::default()
    }

    fn needed(&self) -> SanSet {
        cautions::service_addresses(&self.0).union(&self.0.peers())
    }

    fn ranges(&self) -> Vec<(&'static str, Vip)> {
        cautions::ranges(&self.0)
    }

    fn on_disk(&self) -> Option<&ServingCert> {
        self.0.certificate.leaf()
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
        let (facts, leaf) = (&self.0, &served.presented.leaf);
        let mut refusals = findings::of_node(facts, given.now);
        refusals.retain(|finding| finding.code.severity() == Severity::Fail);
        let is_settled = facts.is_stored(leaf) && want.is_met_by(&leaf.sans);
        if is_settled && !facts.is_self_signed() {
            return Ok(None);
        }
        refusals.extend(findings::of_served(facts, want, leaf, given.now));
        if !refusals.is_empty() {
            return Err(refusals);
        }
        step::plan(facts, want, served, given).map(Some).map_err(|finding| vec![finding])
    }

    fn cautions(&self, want: &Want) -> Vec<Finding> {
        cautions::findings(&self.0, want)
    }

    fn seen(&self) -> Vec<(PathBuf, String)> {
        vec![]
    }

    /// What leads a control plane to its own API server stays.
    fn findings_of_move(&self, wanted: &Move, _now: Timestamp) -> Vec<Finding> {
        issuers::findings(&self.0, wanted)
    }
}
