//! Nodes as kubeadm leaves them, and the plans that come of them.

use std::path::Path;

use super::Kubeadm;
use crate::{
    distro::{
        ControlPlane, Distro, Given, Served, Signer, Want,
        tests::{
            authority::{Authority, presented},
            machine::{Machine, now, set},
            told,
        },
    },
    node::Node,
    plan::Step,
    probe::Presented,
    report::Finding,
    san::SanSet,
};

mod configurations;
mod moves;
mod plans;
mod refusals;

const WANTED: [&str; 2] = ["172.22.22.3", "cp.example.internal"];
const MANIFEST: &str = "/etc/kubernetes/manifests/kube-apiserver.yaml";
const CERTIFICATE: &str = "/etc/kubernetes/pki/apiserver.crt";
const GROUP: &str =
    "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod12.slice/cri-containerd-ab.scope";

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/kubeadm").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// A node, and what its API server serves.
struct Cluster {
    machine: Machine,
    authority: Authority,
    leaf: openssl::x509::X509,
}

impl Cluster {
    /// A control plane as kubeadm 1.34 leaves it.
    fn new() -> Self {
        let authority = Authority::new();
        let leaf = authority.sign(&set(&["api.lab.example", "kubernetes", "172.22.22.11"]));
        let text = |cert: &openssl::x509::X509| String::from_utf8(cert.to_pem().unwrap()).unwrap();
        let mut machine = Machine::empty()
            .with_running("kubelet")
            .with_file("/etc/kubernetes/kubelet.conf", "")
            .with_file(MANIFEST, &fixture("kube-apiserver.yaml"))
            .with_file(CERTIFICATE, &text(&leaf))
            .with_file("/etc/kubernetes/pki/ca.crt", &text(&authority.cert))
            .with_process(GROUP, &started());
        let public = |cert: &openssl::x509::X509| presented(cert).leaf.public_key;
        machine.public_keys.insert("/etc/kubernetes/pki/apiserver.key".into(), public(&leaf));
        machine.public_keys.insert("/etc/kubernetes/pki/ca.key".into(), public(&authority.cert));
        Self { machine, authority, leaf }
    }

    fn worker() -> Self {
        let machine = Machine::empty().with_running("kubelet").with_file("/etc/kubernetes/kubelet.conf", "");
        Self { machine, ..Self::new() }
    }

    fn on(mut self, change: impl FnOnce(Machine) -> Machine) -> Self {
        self.machine = change(self.machine);
        self
    }

    fn observe(&self) -> Box<dyn ControlPlane> {
        let answers = self.machine.look(&Kubeadm.asks()).unwrap();
        Kubeadm.observe(&self.machine, &answers).unwrap()
    }

    fn presented(&self) -> Presented {
        presented(&self.leaf)
    }

    fn plan(&self, want: &[&str]) -> Result<Option<Step>, Vec<Finding>> {
        self.plan_with(want, None)
    }

    fn plan_with(&self, want: &[&str], signer: Option<&Signer>) -> Result<Option<Step>, Vec<Finding>> {
        let node = self.observe();
        let given = Given { now: now(), serial: [7; 16].into(), signer };
        let presented = self.presented();
        node.plan(&adds(want), &Served::alone(&node.endpoint(), &presented), &given)
    }

    fn step(&self) -> Step {
        self.plan(&WANTED).unwrap().unwrap()
    }
}

fn adds(names: &[&str]) -> Want {
    Want::Add(set(names))
}

/// The line that the manifest's process is started with.
fn started() -> String {
    super::manifest::command(&fixture("kube-apiserver.yaml")).join(" ")
}

/// Findings as an operator reads them.
fn read(findings: &[Finding]) -> String {
    let told = |finding: &Finding| {
        let remedy = finding.remedy.as_deref().unwrap();
        format!("{}: {}: {}\n  {remedy}", finding.code.id(), finding.subject, finding.message)
    };
    findings.iter().map(told).collect::<Vec<_>>().join("\n")
}

/// All names that a certificate signed by the step would carry.
fn names(step: &Step) -> SanSet {
    step.proofs[0].covers.clone()
}
