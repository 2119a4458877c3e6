//! Controllers of k0s as they are found, and the plans that come of them.

use std::path::Path;

use openssl::x509::X509;

use crate::{
    distro::{
        ControlPlane, Given, Observed, Served, Want,
        tests::{
            authority::{Authority, presented},
            machine::{Machine, now, set},
            told,
        },
    },
    plan::{Change, Step},
    report::Finding,
    san::SanSet,
};

mod corpus;
mod looks;
mod plans;
mod refusals;

const CONFIG: &str = "/etc/k0s/k0s.yaml";
const CA: &str = "/var/lib/k0s/pki/ca.crt";
const CA_KEY: &str = "/var/lib/k0s/pki/ca.key";

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/k0s").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// A controller and what it serves.
struct Controller {
    machine: Machine,
    authority: Authority,
    served: SanSet,
}

impl Controller {
    /// One as `k0s install controller` makes it, without a configuration.
    fn installed() -> Self {
        Self::started_by("k0scontroller", "controller.service")
    }

    fn started_by(unit: &str, text: &str) -> Self {
        let authority = Authority::new();
        let mut machine = Machine::empty()
            .with_running(unit)
            .with_file("/var/lib/k0s", "")
            .with_file(CA, &String::from_utf8(authority.cert.to_pem().unwrap()).unwrap());
        machine.units.insert(format!("{unit}.service"), fixture(text));
        machine.addresses = "10.0.3.2 10.244.0.1".into();
        machine.public_keys.insert(CA_KEY.into(), public(&authority.cert));
        let served =
            set(&["kubernetes", "kubernetes.default.svc", "localhost", "127.0.0.1", "10.96.0.1", "10.0.3.2"]);
        Self { machine, authority, served }
    }

    fn config(self, name: &str) -> Self {
        let text = fixture(&format!("configs/{name}.yaml"));
        self.with_file(CONFIG, &text)
    }

    fn with_file(self, path: &str, text: &str) -> Self {
        self.on(|machine| machine.with_file(path, text))
    }

    fn on(mut self, change: impl FnOnce(Machine) -> Machine) -> Self {
        self.machine = change(self.machine);
        self
    }

    fn serving(mut self, names: &[&str]) -> Self {
        self.served = self.served.union(&set(names));
        self
    }

    fn observe(&self) -> Box<dyn ControlPlane> {
        match crate::distro::observe(&self.machine, None).unwrap() {
            Observed::Known(control_plane) => control_plane,
            Observed::Refused(finding) => panic!("{finding:?}"),
        }
    }

    fn plan(&self, want: &[&str]) -> Result<Option<Step>, Vec<Finding>> {
        self.plan_beside(&Want::Add(set(want)), &self.authority)
    }

    /// The plan where this CA signed what is served.
    fn plan_beside(&self, want: &Want, authority: &Authority) -> Result<Option<Step>, Vec<Finding>> {
        let control_plane = self.observe();
        let presented = presented(&authority.sign(&self.served));
        let endpoint = control_plane.endpoint();
        let served = Served::alone(&endpoint, &presented);
        let given = Given { now: now(), serial: [7; 16].into(), signer: None };
        control_plane.plan(want, &served, &given)
    }

    fn step(&self, want: &[&str]) -> Step {
        self.plan(want).unwrap().unwrap()
    }

    /// The text of its configuration after a step.
    fn after(&self, step: &Step) -> String {
        let before = self.machine.files.get(Path::new(CONFIG)).map(|bytes| String::from_utf8_lossy(bytes));
        match (&step.changes[..], before) {
            ([Change::Edit { edit, .. }], Some(text)) => edit.make(&text).unwrap(),
            ([Change::Create { text, .. }], None) => text.clone(),
            (changes, _) => panic!("{changes:?}"),
        }
    }
}

fn public(cert: &X509) -> String {
    presented(cert).leaf.public_key
}

fn ids(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code.id()).collect()
}
