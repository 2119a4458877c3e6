//! Nodes as editions of the guide leave them, and the plans that come of them.

use std::path::Path;

use super::ByHand;
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
    plan::{Authority as Place, Step},
    probe::Presented,
    report::Finding,
    san::SanSet,
};

mod corpus;
mod plans;
mod refusals;
mod removals;
mod workers;

const WANTED: &str = "172.22.22.3";
const GROUP: &str = "/system.slice/kube-apiserver.service";

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/byhand").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// What systemd starts by a unit.
fn started_by(unit: &str) -> String {
    let text = fixture(unit);
    let (_, command) = text.split_once("ExecStart=").unwrap();
    let lines: Vec<_> = command.split_inclusive('\n').collect();
    let last = lines.iter().position(|line| !line.ends_with("\\\n")).unwrap();
    lines[..=last].concat()
}

/// A node and what it serves.
struct Cluster {
    machine: Machine,
    authority: Authority,
    leaf: openssl::x509::X509,
}

impl Cluster {
    /// One PEM for the API server and for etcd, which has a copy.
    fn old() -> Self {
        let names = "10.32.0.1 10.240.0.10 10.240.0.11 10.240.0.12 34.82.1.2 127.0.0.1 kubernetes \
                     kubernetes.default kubernetes.default.svc";
        let cluster = Self::of("kube-apiserver-old.service", "kubernetes.pem", "ca.pem", names);
        let leaf = String::from_utf8(cluster.leaf.to_pem().unwrap()).unwrap();
        cluster.on(|machine| {
            machine
                .with_process("/system.slice/etcd.service", &started_by("etcd-old.service"))
                .with_file("/etc/etcd/kubernetes.pem", &leaf)
        })
    }

    /// A server of its own, with the file that it was signed from.
    fn new() -> Self {
        let names = "127.0.0.1 10.32.0.1 kubernetes kubernetes.default kubernetes.default.svc \
                     server.kubernetes.local";
        let cluster = Self::of("kube-apiserver-new.service", "kube-api-server.crt", "ca.crt", names);
        cluster.on(|machine| machine.with_file("/var/lib/kubernetes/ca.conf", &fixture("ca.conf")))
    }

    fn of(unit: &str, certificate: &str, ca: &str, names: &str) -> Self {
        let authority = Authority::new();
        let leaf = authority.sign(&set(&names.split_whitespace().collect::<Vec<_>>()));
        let text = |cert: &openssl::x509::X509| String::from_utf8(cert.to_pem().unwrap()).unwrap();
        let home = "/var/lib/kubernetes";
        let mut machine = Machine::empty()
            .with_running("kube-apiserver")
            .with_process(GROUP, &started_by(unit))
            .with_file(&format!("{home}/{certificate}"), &text(&leaf))
            .with_file(&format!("{home}/{ca}"), &text(&authority.cert));
        let key = |certificate: &str| match certificate.rsplit_once('.') {
            Some((stem, "pem")) => format!("{home}/{stem}-key.pem"),
            Some((stem, _)) => format!("{home}/{stem}.key"),
            None => unreachable!(),
        };
        let public = |cert: &openssl::x509::X509| presented(cert).leaf.public_key;
        machine.public_keys.insert(key(certificate).into(), public(&leaf));
        machine.public_keys.insert(key(ca).into(), public(&authority.cert));
        Self { machine, authority, leaf }
    }

    /// The same node with a certificate that ends earlier.
    fn ending_in(mut self, days: i64) -> Self {
        self.authority.days = days;
        self.leaf = self.authority.sign(&self.presented().leaf.sans);
        let text = String::from_utf8(self.leaf.to_pem().unwrap()).unwrap();
        self.on(|machine| {
            machine
                .with_file("/var/lib/kubernetes/kubernetes.pem", &text)
                .with_file("/etc/etcd/kubernetes.pem", &text)
        })
    }

    fn on(mut self, change: impl FnOnce(Machine) -> Machine) -> Self {
        self.machine = change(self.machine);
        self
    }

    /// The same node, whose API server was started with something else.
    fn started(self, change: impl FnOnce(String) -> String) -> Self {
        self.on(|mut machine| {
            let line = machine.processes.remove(0).arguments.join(" ");
            let mut others = std::mem::take(&mut machine.processes);
            let mut machine = machine.with_process(GROUP, &change(line));
            machine.processes.append(&mut others);
            machine
        })
    }

    /// The same node without the CA's key.
    fn without_ca_key(self) -> Self {
        self.on(|mut machine| {
            machine.public_keys.retain(|path, _| !path.ends_with("ca-key.pem") && !path.ends_with("ca.key"));
            machine
        })
    }

    fn observe(&self) -> Box<dyn ControlPlane> {
        let answers = self.machine.look(&ByHand.asks()).unwrap();
        ByHand.observe(&self.machine, &answers).unwrap()
    }

    fn presented(&self) -> Presented {
        presented(&self.leaf)
    }

    /// The plan for anything else than further names.
    fn plan_for(&self, want: &Want) -> Result<Option<Step>, Vec<Finding>> {
        let node = self.observe();
        let (presented, endpoint) = (self.presented(), node.endpoint());
        let served = Served::alone(&endpoint, &presented);
        node.plan(want, &served, &Given { now: now(), serial: [7; 16].into(), signer: None })
    }

    fn plan(&self, want: &[&str]) -> Result<Option<Step>, Vec<Finding>> {
        self.plan_with(want, &self.presented(), None)
    }

    fn plan_with(
        &self,
        want: &[&str],
        presented: &Presented,
        signer: Option<&Signer>,
    ) -> Result<Option<Step>, Vec<Finding>> {
        let node = self.observe();
        let given = Given { now: now(), serial: [7; 16].into(), signer };
        node.plan(&Want::Add(set(want)), &Served::alone(&node.endpoint(), presented), &given)
    }

    fn step(&self) -> Step {
        self.plan(&[WANTED, "cp.example.internal"]).unwrap().unwrap()
    }

    /// A key for this node, at a place that the operator names.
    fn signer(&self, node: Option<&str>) -> Signer {
        let authority = Place { node: node.map(str::to_owned), key: "/root/ca-key.pem".into() };
        Signer { authority, public_key: presented(&self.authority.cert).leaf.public_key }
    }
}

/// Findings as an operator reads them.
fn read(findings: &[Finding]) -> String {
    let told = |finding: &Finding| {
        let remedy = finding.remedy.as_deref().unwrap();
        format!("{}: {}\n  {remedy}", finding.code.id(), finding.message)
    };
    findings.iter().map(told).collect::<Vec<_>>().join("\n")
}

/// All names that a certificate signed by the step would carry.
fn names(step: &Step) -> SanSet {
    step.proofs[0].covers.clone()
}
