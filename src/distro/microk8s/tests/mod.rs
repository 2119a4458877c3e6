//! Fixtures as found on nodes, and the plans that come of them.

use jiff::Timestamp;

use crate::{
    distro::{
        ControlPlane, Distro, Given, Served, Want,
        tests::{
            authority::{Authority, presented},
            machine::{Machine, fixture, now, set},
        },
    },
    plan::{Hold, Step},
    probe::Presented,
    report::Finding,
    san::SanSet,
};

use super::{MicroK8s, render};

mod corpus;
mod plans;
mod refusals;
mod removals;
mod undo;
mod workers;

/// A node and what it serves.
struct Cluster {
    machine: Machine,
    authority: Authority,
    served: SanSet,
}

impl Cluster {
    /// A node that serves what MicroK8s makes of this template.
    fn with_template(template: &str) -> Self {
        let machine = Machine::microk8s();
        let served = crate::edit::openssl::names(&render::render(template, &addresses(&machine))).unwrap();
        let authority = Authority::new();
        Self { machine: machine.with_certs(template, &authority, &served), authority, served }
    }

    fn shipped() -> Self {
        Self::with_template(&fixture("templates/shipped.conf"))
    }

    /// The same node, serving and storing a certificate with these names as well.
    fn serving(mut self, names: &[&str]) -> Self {
        let template = String::from_utf8(self.template()).unwrap();
        self.served = self.served.union(&set(names));
        self.machine = self.machine.with_certs(&template, &self.authority, &self.served);
        self
    }

    fn on(mut self, change: impl FnOnce(Machine) -> Machine) -> Self {
        self.machine = change(self.machine);
        self
    }

    fn joined(self) -> Self {
        self.on(|machine| machine.with_file("/var/snap/microk8s/current/var/lock/no-cert-reissue", ""))
    }

    fn template(&self) -> Vec<u8> {
        self.machine.files["/var/snap/microk8s/current/certs/csr.conf.template".as_ref() as &std::path::Path]
            .clone()
    }

    fn observe(&self) -> Box<dyn ControlPlane> {
        let answers = crate::node::Node::look(&self.machine, &MicroK8s.asks()).unwrap();
        MicroK8s.observe(&self.machine, &answers).unwrap()
    }

    /// The same node with a certificate that ends earlier.
    fn ending_in(mut self, days: i64) -> Self {
        self.authority.days = days;
        self.serving(&[])
    }

    fn plan(&self, want: &[&str]) -> Result<Option<Step>, Vec<Finding>> {
        let presented = presented(&self.authority.sign(&self.served));
        self.plan_at(want, &presented, now())
    }

    /// The plan for the blog's address where something else is served, or at another time.
    fn plan_with(&self, presented: &Presented, now: Timestamp) -> Result<Option<Step>, Vec<Finding>> {
        self.plan_at(&["172.22.22.3"], presented, now)
    }

    fn plan_at(
        &self,
        want: &[&str],
        presented: &Presented,
        now: Timestamp,
    ) -> Result<Option<Step>, Vec<Finding>> {
        self.plan_as(&Want::Add(set(want)), presented, now)
    }

    fn plan_as(
        &self,
        want: &Want,
        presented: &Presented,
        now: Timestamp,
    ) -> Result<Option<Step>, Vec<Finding>> {
        let node = self.observe();
        let given = Given { now, serial: [7; 16].into(), signer: None };
        node.plan(want, &Served::alone(&node.endpoint(), presented), &given)
    }

    /// The plan for anything else than further names.
    fn plan_for(&self, want: &Want) -> Result<Option<Step>, Vec<Finding>> {
        self.plan_as(want, &presented(&self.authority.sign(&self.served)), now())
    }

    fn step(&self, want: &[&str]) -> Step {
        self.plan(want).unwrap().unwrap()
    }
}

fn addresses(machine: &Machine) -> render::Addresses {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    render::Addresses { all: words(&machine.addresses), pods: words(&machine.pod_addresses) }
}

/// A step as an operator reads it.
fn told(step: &Step) -> String {
    crate::distro::tests::told(step).replace("/var/snap/microk8s/current", "$SNAP_DATA")
}

/// The change that edits the template, in a few words.
fn edit(step: &Step) -> String {
    step.changes.first().map(ToString::to_string).unwrap_or_default()
}
