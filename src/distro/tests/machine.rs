//! A machine made of a table, for planners to look at.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use openssl::x509::X509;

use super::authority::{Authority, presented};
use crate::{
    distro::{ControlPlane, Observed, observe},
    node::{Answer, Ask, Error, FileSeen, LoadedUnit, Node, ProcessSeen, UnitSeen, certificates_in},
    plan::{Change, Step},
    san::{San, SanSet},
};

pub const CERTS: &str = "/var/snap/microk8s/current/certs";

/// The moment at which everything happens.
pub fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

pub fn set(names: &[&str]) -> SanSet {
    names.iter().map(|name| name.parse::<San>().unwrap()).collect()
}

pub fn fixture(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/microk8s").join(path);
    std::fs::read_to_string(path).unwrap()
}

#[derive(Clone, Default)]
pub struct Machine {
    /// What connections go to.
    pub host: String,
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    pub running: BTreeSet<String>,
    pub processes: Vec<ProcessSeen>,
    pub stopped: BTreeSet<String>,
    /// What units that are loaded say, by their names with the ending.
    pub units: BTreeMap<String, String>,
    pub versions: BTreeMap<PathBuf, String>,
    pub public_keys: BTreeMap<PathBuf, String>,
    pub members: Option<Answer>,
    pub addresses: String,
    pub pod_addresses: String,
    pub ahead: i64,
    pub space: (u64, u64),
    pub refusals: BTreeMap<PathBuf, String>,
    pub looks: Cell<u32>,
}

impl Machine {
    pub fn empty() -> Self {
        Self { host: "172.22.22.11".into(), space: (1 << 30, 1 << 20), ..Self::default() }
    }

    /// The first node of a MicroK8s cluster, without certificates.
    pub fn microk8s() -> Self {
        let functions =
            "render_csr_conf() {\nrefresh_csr_conf() {\ngen_server_cert() (\nif declare -F \"$1\"\n";
        let mut machine = Self::empty()
            .with_file("/var/snap/microk8s/current", "")
            .with_file("/snap/microk8s/current/actions/common/utils.sh", functions)
            .with_file("/var/snap/microk8s/current/args/kube-apiserver", &fixture("args/kube-apiserver"))
            .with_file("/var/snap/microk8s/current/var/lock/ha-cluster", "")
            .with_running("snap.microk8s.daemon-kubelite")
            .with_running("snap.microk8s.daemon-apiserver-kicker");
        machine.addresses = "172.22.22.11 10.1.64.128 ".into();
        machine.pod_addresses = "10.1.64.128".into();
        machine
    }

    /// Puts a template on the machine, and a certificate on its disk that names `names`.
    pub fn with_certs(self, template: &str, authority: &Authority, names: &SanSet) -> Self {
        let cert = authority.sign(names);
        let text = |pem: Vec<u8>| String::from_utf8(pem).unwrap();
        let mut machine = self
            .with_file(&format!("{CERTS}/csr.conf.template"), template)
            .with_file(&format!("{CERTS}/csr.conf"), "as it was applied last")
            .with_file(&format!("{CERTS}/csr.conf.rendered"), "as it was rendered last")
            .with_file(&format!("{CERTS}/server.csr"), "as it was signed last")
            .with_file(&format!("{CERTS}/server.crt"), &text(cert.to_pem().unwrap()))
            .with_file(&format!("{CERTS}/ca.crt"), &text(authority.cert.to_pem().unwrap()));
        let public = |cert: &X509| presented(cert).leaf.public_key;
        machine.public_keys.insert(format!("{CERTS}/server.key").into(), public(&cert));
        machine.public_keys.insert(format!("{CERTS}/ca.key").into(), public(&authority.cert));
        machine
    }

    pub fn with_file(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.into(), text.into());
        self
    }

    pub fn with_running(mut self, unit: &str) -> Self {
        self.running.insert(unit.into());
        self
    }

    /// A server of RKE2 that runs beside whatever is there.
    pub fn with_rke2(mut self) -> Self {
        let text = "[Service]\nExecStart=/usr/local/bin/rke2 server\n";
        self.units.insert("rke2-server.service".into(), text.into());
        self.with_file("/var/lib/rancher/rke2", "").with_running("rke2-server")
    }

    /// A process in a control group, as its arguments stand in a line or in the lines of a unit.
    pub fn with_process(mut self, group: &str, line: &str) -> Self {
        let words = line.split_whitespace().filter(|word| *word != "\\");
        let arguments = words.map(str::to_owned).collect();
        self.processes.push(ProcessSeen { pid: 7, group: group.into(), arguments });
        self
    }

    pub fn without_unit(mut self, unit: &str) -> Self {
        self.running.remove(unit);
        self.stopped.insert(unit.into());
        self
    }

    /// As its distribution sees it.
    pub fn observed(&self) -> Box<dyn ControlPlane> {
        match observe(self, None).unwrap() {
            Observed::Known(known) => known,
            Observed::Refused(finding) => panic!("{finding:?}"),
        }
    }

    pub fn text(&self, path: &str) -> &str {
        std::str::from_utf8(&self.files[Path::new(path)]).unwrap()
    }

    /// The machine after the edits of a step.
    pub fn after(&self, step: &Step) -> Self {
        let mut machine = self.clone();
        for change in &step.changes {
            let Change::Edit { path, edit } = change else { panic!("{change}") };
            let after = edit.make(machine.text(path.to_str().unwrap())).unwrap();
            machine.files.insert(path.clone(), after.into_bytes());
        }
        machine
    }

    fn answer(&self, ask: &Ask) -> Answer {
        let yes_or_no =
            |refusal: Option<&String>| refusal.map_or(Answer::Yes, |reason| Answer::No(reason.clone()));
        let words = |text: &str| Answer::Addresses(text.split_whitespace().map(str::to_owned).collect());
        match ask {
            Ask::File(path) => self.files.get(path).map_or(Answer::Absent, |bytes| file(bytes)),
            Ask::PublicFile(path) => self.public_file(path),
            Ask::Certificates(path) => self.files.get(path).map_or(Answer::Absent, |bytes| {
                Answer::Said(certificates_in(&String::from_utf8_lossy(bytes)))
            }),
            Ask::Processes(program) => Answer::Processes(self.processes(program)),
            Ask::Exists(path) if self.files.contains_key(path) => Answer::Present,
            Ask::Directory(path) => self.directory(path),
            Ask::Unit(unit) => Answer::Unit(self.unit(unit)),
            Ask::Units(pattern) => Answer::Units(self.units(pattern)),
            Ask::Version(program) => {
                self.versions.get(program).map_or(Answer::Absent, |told| Answer::Version(told.clone()))
            }
            Ask::Addresses => words(&self.addresses),
            Ask::InterfaceAddresses(_) => words(&self.pod_addresses),
            Ask::Clock => Answer::Clock(now().as_second() + self.ahead),
            Ask::Space(_) => Answer::Space { bytes: self.space.0, inodes: self.space.1 },
            Ask::Writable(path) if path == Path::new("/var/lib/cpctl") => Answer::Absent,
            Ask::Writable(path) => yes_or_no(self.refusals.get(path)),
            Ask::PublicKeyOf(path) => {
                self.public_keys.get(path).map_or(Answer::Absent, |public| Answer::KeyDigest(public.clone()))
            }
            Ask::EtcdMembers { .. } => self.members.clone().unwrap_or(Answer::Absent),
            Ask::Exists(_) | Ask::Balancer(_) | Ask::Resolved(_) => Answer::Absent,
        }
    }

    fn public_file(&self, path: &Path) -> Answer {
        let Some(bytes) = self.files.get(path) else { return Answer::Absent };
        let is_secret = String::from_utf8_lossy(bytes).contains("PRIVATE KEY-----");
        if is_secret { Answer::No(format!("{} holds a private key", path.display())) } else { file(bytes) }
    }

    fn processes(&self, program: &str) -> Vec<ProcessSeen> {
        let is_it = |process: &&ProcessSeen| process.arguments[0].ends_with(program);
        self.processes.iter().filter(is_it).cloned().collect()
    }

    fn unit(&self, unit: &str) -> UnitSeen {
        match () {
            () if self.running.contains(unit) => UnitSeen::Active { main_pid: 7 },
            () if self.stopped.contains(unit) => UnitSeen::Inactive,
            () => UnitSeen::Missing,
        }
    }

    fn units(&self, pattern: &str) -> Vec<LoadedUnit> {
        let (start, end) = pattern.split_once('*').unwrap();
        let units = self.units.iter().filter(|(name, _)| name.starts_with(start) && name.ends_with(end));
        let loaded = |(name, text): (&String, &String)| LoadedUnit {
            name: name.clone(),
            state: self.unit(name.trim_end_matches(".service")),
            text: text.clone(),
        };
        units.map(loaded).collect()
    }

    fn directory(&self, path: &Path) -> Answer {
        let inside = self.files.keys().filter(|file| file.parent() == Some(path));
        let names: Vec<_> =
            inside.filter_map(|file| Some(file.file_name()?.to_string_lossy().into_owned())).collect();
        if names.is_empty() { Answer::Absent } else { Answer::Names(names) }
    }
}

fn file(bytes: &[u8]) -> Answer {
    Answer::File(FileSeen {
        bytes: bytes.to_vec(),
        mode: 0o660,
        owner: "root".into(),
        group: "microk8s".into(),
        modified: 0,
    })
}

impl Node for Machine {
    fn name(&self) -> &str {
        "cp1"
    }

    fn host(&self) -> &str {
        &self.host
    }

    fn look(&self, asks: &[Ask]) -> Result<Vec<Answer>, Error> {
        self.looks.set(self.looks.get() + 1);
        Ok(asks.iter().map(|ask| self.answer(ask)).collect())
    }
}
