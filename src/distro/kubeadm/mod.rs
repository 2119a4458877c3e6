//! Kubernetes as kubeadm sets it up: the kubelet runs the API server as a static pod.
//!
//! Its certificate is signed anew with the CA's key, as that of a server set up by hand, and not made by `kubeadm init
//! phase certs apiserver`. That keeps a certificate that is there and says nothing of it, so it would have to be moved
//! away first, and for a minute after a file was absent kube-apiserver sees no other one in its place; it makes a new
//! key, takes the address of the default route where it is not told the node's, and leaves out names that are only in
//! the certificate. Signed here, key, subject, usages and every old name stay, the file is never absent, and nothing
//! depends on which kubeadm the node has. What kubeadm itself goes by later, `certSANs` of its configuration, gets the
//! names too.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{
    ControlPlane, Distro, Given, Move, ObjectSeen, Reference, Role, Served, Trace, Trial, Want, byhand,
};
use crate::{
    cert::ServingCert,
    endpoint::{Endpoint, Vip},
    node::{self, Answer, Ask, Node, UnitSeen},
    plan::{Object, Step},
    report::{Finding, Severity},
    san::SanSet,
};
use facts::Facts;

mod configuration;
mod facts;
mod findings;
mod manifest;
mod references;
mod step;
#[cfg(test)]
mod tests;

/// The name that an inventory gives it.
pub(super) const NAME: &str = "kubeadm";

const MANIFEST: &str = "/etc/kubernetes/manifests/kube-apiserver.yaml";
/// What the kubelet logs in with; a worker has it too.
const KUBELET_CONF: &str = "/etc/kubernetes/kubelet.conf";
const KUBELET: &str = "kubelet";
/// The CA of the API servers' certificates, on workers too.
const AUTHORITY: &str = "/etc/kubernetes/pki/ca.crt";

pub struct Kubeadm;

impl Distro for Kubeadm {
    fn name(&self) -> &'static str {
        NAME
    }

    fn asks(&self) -> Vec<Ask> {
        vec![
            Ask::File(MANIFEST.into()),
            Ask::Exists(KUBELET_CONF.into()),
            Ask::Unit(KUBELET.into()),
            Ask::Processes(byhand::SERVER.into()),
            Ask::Processes(NAME.into()),
        ]
    }

    fn detect(&self, answers: &[Answer]) -> Trace {
        let [manifest, conf, kubelet, ..] = answers else { return Trace::None };
        let is_installed = manifest.is_present() || conf.is_present();
        match (is_installed, kubelet) {
            (true, Answer::Unit(UnitSeen::Active { .. })) => Trace::Running,
            (true, _) => Trace::Installed,
            (false, _) => Trace::None,
        }
    }

    fn observe(&self, node: &dyn Node, answers: &[Answer]) -> Result<Box<dyn ControlPlane>, node::Error> {
        Ok(Box::new(Observed(facts::read(node, answers)?)))
    }
}

struct Observed(Facts);

impl ControlPlane for Observed {
    fn distribution(&self) -> &'static str {
        NAME
    }

    /// Control planes that joined are like the first one.
    fn role(&self) -> Role {
        if self.0.is_worker { Role::Worker } else { Role::First }
    }

    fn endpoint(&self) -> Endpoint {
        self.0.server.endpoint()
    }

    /// What kubeadm goes by lies in the cluster; on the node there is the certificate.
    fn configured(&self) -> SanSet {
        self.0.server.certificate.leaf().map(|cert| cert.sans.clone()).unwrap_or_default()
    }

    fn derived(&self) -> SanSet {
        SanSet::default()
    }

    fn needed(&self) -> SanSet {
        let server = &self.0.server;
        byhand::cautions::service_addresses(server).union(&server.peers())
    }

    fn ranges(&self) -> Vec<(&'static str, Vip)> {
        if self.0.is_worker { vec![] } else { byhand::cautions::ranges(&self.0.server) }
    }

    fn on_disk(&self) -> Option<&ServingCert> {
        self.0.server.certificate.leaf()
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
        let edits = step::edits(facts, want.adds());
        let is_settled = facts.server.is_stored(leaf) && want.is_met_by(&leaf.sans);
        if is_settled && edits.is_empty() {
            return Ok(None);
        }
        if !is_settled {
            refusals.extend(byhand::findings::of_served(&facts.server, want, leaf, given.now));
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }
        if is_settled {
            return Ok(Some(step::written_down(facts, want.adds(), edits)));
        }
        step::plan(facts, want, served, given, edits).map(Some).map_err(|finding| vec![finding])
    }

    fn cautions(&self, want: &Want) -> Vec<Finding> {
        findings::cautions(&self.0, want)
    }

    fn seen(&self) -> Vec<(PathBuf, String)> {
        self.0.configurations.clone()
    }

    fn register(&self) -> Option<Object> {
        (!self.0.is_worker).then(configuration::object)
    }

    fn plan_register(&self, want: &Want, seen: Result<&str, String>) -> Result<Option<Step>, Finding> {
        configuration::plan(want, seen)
    }

    fn references(&self) -> Vec<Reference> {
        references::on_node(&self.0)
    }

    fn shared(&self) -> Vec<Object> {
        if self.0.is_worker { vec![] } else { references::shared() }
    }

    fn references_in(&self, object: &Object, seen: &ObjectSeen) -> Result<Vec<Reference>, Finding> {
        references::in_object(object, seen)
    }

    fn trial(&self) -> Option<Trial> {
        Some(references::trial(&self.0))
    }

    fn admin_confs(&self) -> Vec<PathBuf> {
        if self.0.is_worker { vec![] } else { references::ADMIN_CONFS.map(PathBuf::from).to_vec() }
    }

    fn references_in_admin_conf(&self, path: &Path, text: &str) -> Result<Vec<Reference>, Finding> {
        references::in_admin_conf(&self.0, path, text)
    }

    fn findings_of_move(&self, wanted: &Move, now: Timestamp) -> Vec<Finding> {
        references::findings(&self.0, wanted, now)
    }
}
