//! Servers of K3s as they are found, and the plans that come of them.

use std::path::{Path, PathBuf};

use openssl::x509::X509;

use super::config::DROP_IN;
use crate::{
    distro::{
        ControlPlane, Given, Observed, Served, Want,
        tests::{
            authority::{Authority, presented},
            machine::{Machine, now, set},
            told,
        },
    },
    edit::Edit,
    plan::{Change, Step},
    report::Finding,
    san::SanSet,
};

mod agents;
mod corpus;
mod looks;
mod old;
mod plans;
mod refusals;
mod rke2;

const CONFIG: &str = "/etc/rancher/k3s/config.yaml";
const DROP_INS: &str = "/etc/rancher/k3s/config.yaml.d";

fn fixture(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/k3s").join(path);
    std::fs::read_to_string(path).unwrap()
}

/// A server and what it serves.
struct Server {
    machine: Machine,
    authority: Authority,
    served: SanSet,
    /// What is served where servers and agents join, if that is another port.
    shared: Option<SanSet>,
}

impl Server {
    /// One as the install script makes it, without a configuration.
    fn installed() -> Self {
        Self::started_by("k3s", "units/installed.service", "/usr/local/bin/k3s", "1.34.2")
    }

    fn started_by(unit: &str, text: &str, program: &str, version: &str) -> Self {
        let authority = Authority::new();
        let mut machine = Machine::empty().with_file("/var/lib/rancher/k3s", "").with_running(unit);
        machine.units.insert(format!("{unit}.service"), fixture(text));
        machine.addresses = "10.0.3.2 10.42.0.0".into();
        let served = set(&["kubernetes", "10.0.3.2", "172.22.22.11", "127.0.0.1"]);
        let server = Self { machine, authority, served, shared: None };
        let ca = pem(&server.authority.cert);
        server.version_of(program, version).with_file("/var/lib/rancher/k3s/server/tls/server-ca.crt", &ca)
    }

    fn version(self, version: &str) -> Self {
        self.version_of("/usr/local/bin/k3s", version)
    }

    fn version_of(mut self, program: &str, version: &str) -> Self {
        self.machine.versions.insert(program.into(), format!("k3s version v{version}+k3s1 (0a1b2c3d)"));
        self
    }

    fn unit(mut self, text: &str) -> Self {
        self.machine.units.insert("k3s.service".into(), fixture(text));
        self
    }

    fn with_file(mut self, path: &str, text: &str) -> Self {
        self.machine = self.machine.with_file(path, text);
        self
    }

    fn config(self, text: &str) -> Self {
        self.with_file(CONFIG, text)
    }

    fn drop_in(self, name: &str, text: &str) -> Self {
        self.with_file(&format!("{DROP_INS}/{name}"), text)
    }

    fn serving(mut self, names: &[&str]) -> Self {
        self.served = self.served.union(&set(names));
        self
    }

    fn on(mut self, change: impl FnOnce(Machine) -> Machine) -> Self {
        self.machine = change(self.machine);
        self
    }

    fn observe(&self) -> Box<dyn ControlPlane> {
        match crate::distro::observe(&self.machine, None).unwrap() {
            Observed::Known(control_plane) => control_plane,
            Observed::Refused(finding) => panic!("{finding:?}"),
        }
    }

    fn configured(&self) -> String {
        self.observe().configured().to_string()
    }

    fn plan(&self, want: &[&str]) -> Result<Option<Step>, Vec<Finding>> {
        self.plan_at(want, &self.observe().endpoint().to_string(), &self.authority)
    }

    fn plan_at(
        &self,
        want: &[&str],
        endpoint: &str,
        authority: &Authority,
    ) -> Result<Option<Step>, Vec<Finding>> {
        let presented = presented(&authority.sign(&self.served));
        let shared = self.shared.as_ref().map(|names| super::tests::presented(&authority.sign(names)));
        let endpoint = endpoint.parse().unwrap();
        let served = Served { endpoint: &endpoint, presented: &presented, supervisor: shared.as_ref() };
        let given = Given { now: now(), serial: [7; 16].into(), signer: None };
        self.observe().plan(&Want::Add(set(want)), &served, &given)
    }

    fn step(&self, want: &[&str]) -> Step {
        self.plan(want).unwrap().unwrap()
    }

    /// The same server after the step's change of its files.
    fn after(mut self, step: &Step) -> Self {
        for change in &step.changes {
            match change {
                Change::Create { path, text, .. } => {
                    assert!(!self.machine.files.contains_key(path));
                    self.machine.files.insert(path.clone(), text.clone().into_bytes());
                }
                Change::Edit { path, edit } => self.edit(path, edit),
                Change::Run { .. } => {}
                Change::EditObject { .. } | Change::Reissue(_) | Change::Replace(_) => panic!("{change}"),
            }
        }
        self
    }

    /// The same server after the step was taken back.
    fn back(mut self, step: &Step) -> Self {
        for change in step.changes.iter().rev() {
            match change {
                Change::Create { path, .. } => drop(self.machine.files.remove(path)),
                Change::Edit { path, edit } => self.edit(path, &edit.inverse()),
                Change::Run { .. } => {}
                Change::EditObject { .. } | Change::Reissue(_) | Change::Replace(_) => panic!("{change}"),
            }
        }
        self
    }

    fn text(&self, path: &str) -> String {
        String::from_utf8(self.machine.files[&PathBuf::from(path)].clone()).unwrap()
    }

    fn edit(&mut self, path: &Path, edit: &Edit) {
        let text = self.text(path.to_str().unwrap());
        self.machine.files.insert(path.to_owned(), edit.make(&text).unwrap().into_bytes());
    }
}

fn pem(cert: &X509) -> String {
    String::from_utf8(cert.to_pem().unwrap()).unwrap()
}

fn ids(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.code.id()).collect()
}
