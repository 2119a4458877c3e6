//! What a rehearsed machine and cluster must do, so that what is learned on them holds elsewhere.

use std::{
    net::Ipv4Addr,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use openssl::x509::X509;
use tempfile::TempDir;

use super::{
    CERTS, Machine, SimulatedNode, disk,
    pki::Authority,
    tree::{self, Part, Seat},
};
use crate::node::{Act, Command, Digest, Done, Error, NodeMut, Target};

mod acts;
mod cluster;
mod creation;
mod kicks;
mod signing;

/// A machine without a running server.
pub(super) struct Alone {
    pub machine: Machine,
    target: Target,
    _directory: TempDir,
}

impl Alone {
    fn new(part: Part) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let authority = Authority::new(Timestamp::now()).unwrap();
        let seat = Seat {
            part,
            number: 1,
            of: 3,
            authority: &authority,
            kubeconfig: "",
            clock_offset: 0,
            address: Ipv4Addr::LOCALHOST.into(),
        };
        let machine = tree::make(directory.path(), &seat).unwrap();
        let rehearsed = Some(directory.path().to_owned());
        let target = Target { rehearsed, ..Target::from_host("cp1", "127.0.0.1") };
        Self { machine, target, _directory: directory }
    }

    pub fn joined() -> Self {
        Self::new(Part::Joined)
    }

    /// Another server key, which no certificate belongs to yet.
    pub fn renew_key(&self) {
        let key = crate::rehearse::pki::server_key().unwrap();
        disk::overwrite(&self.machine.path(&cert("server.key")).unwrap(), key.as_bytes()).unwrap();
    }

    fn open(&self) -> Box<dyn NodeMut> {
        SimulatedNode::open(&self.target).unwrap()
    }

    pub fn act(&self, act: Act) -> Result<Done, Error> {
        self.open().act(&[act]).map(|mut done| done.remove(0))
    }

    fn bytes(&self, path: &Path) -> Vec<u8> {
        bytes(&self.machine, path)
    }

    fn served(&self) -> X509 {
        X509::from_pem(&self.bytes(&cert("server.crt"))).unwrap()
    }
}

fn cert(name: &str) -> PathBuf {
    Path::new(CERTS).join(name)
}

fn bytes(machine: &Machine, path: &Path) -> Vec<u8> {
    disk::read(&machine.path(path).unwrap()).unwrap().unwrap()
}

/// The template with one more address, as an operator would write it.
fn named_anew(machine: &Machine) -> (Digest, Vec<u8>) {
    let before = bytes(machine, &cert("csr.conf.template"));
    let text = String::from_utf8(before.clone()).unwrap();
    (Digest::of(&before), text.replace("#MOREIPS", "IP.101 = 172.22.22.3\n#MOREIPS").into_bytes())
}

fn edit(machine: &Machine) -> Act {
    let (before, bytes) = named_anew(machine);
    Act::Write { path: cert("csr.conf.template"), before, bytes }
}

pub(super) fn function(name: &str) -> Act {
    let line = format!("$SNAP/actions/common/utils.sh {name}");
    Act::Run(Command::new("snap").arg("run").arg("--shell").arg("microk8s").arg("-c").arg(line))
}

fn names(cert: &X509) -> Vec<String> {
    let names = cert.subject_alt_names().unwrap();
    let shown = |name: &openssl::x509::GeneralNameRef| {
        name.dnsname().map_or_else(|| address(name.ipaddress().unwrap()), str::to_owned)
    };
    names.iter().map(shown).collect()
}

fn address(bytes: &[u8]) -> String {
    match bytes.try_into() {
        Ok(four) => std::net::Ipv4Addr::from_octets(four).to_string(),
        Err(_) => std::net::Ipv6Addr::from_octets(bytes.try_into().unwrap()).to_string(),
    }
}

fn serial(cert: &X509) -> openssl::bn::BigNum {
    cert.serial_number().to_bn().unwrap()
}

/// Asks until the answer is yes; an answer that never comes fails the test with its name.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !is_so() {
        assert!(std::time::Instant::now() < end, "never: {what}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// Runs this very test in a process of its own, for what only another process can show.
#[expect(clippy::disallowed_methods, reason = "the test is the other process")]
fn in_another_process(test: &str, variable: &str, value: &Path) {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--test-threads=1"])
        .env(variable, value)
        .output()
        .unwrap();

    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}
