//! What one look at a node with an API server set up by hand tells.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    vec::IntoIter,
};

use super::{SERVER, paths::Paths, process::Process};
use crate::{
    cert::ServingCert,
    distro::{
        ground::Ground,
        serving::{self, Key},
        version::Version,
    },
    endpoint::Endpoint,
    node::{self, Answer, Ask, Node, UnitSeen},
    san::{San, SanSet},
};

/// The API server's port unless `--secure-port` says otherwise.
const PORT: u16 = 6443;

const MANAGER: &str = "kube-controller-manager";

pub(in crate::distro) struct Facts {
    pub node: String,
    /// What connections go to: an address or a DNS name.
    host: String,
    /// The process; `None` while it does not run.
    pub server: Option<Process>,
    /// The processes of etcd, each with the certificate that it serves.
    pub etcd: Vec<(Process, Stored)>,
    pub certificate: Stored,
    pub server_key: Key,
    pub paths: Paths,
    /// Files of CAs that the API server is given.
    authorities: Vec<(PathBuf, Stored)>,
    /// Where the CA's key may lie.
    pub authority_keys: Vec<(PathBuf, Key)>,
    /// Texts that somebody may sign from by hand.
    pub configurations: Vec<(PathBuf, Option<String>)>,
    /// The processes of its controller manager, which knows the network of the pods.
    pub managers: Vec<Process>,
    pub version: Option<Version>,
    /// The names beside the CA's certificate.
    pub beside: Vec<String>,
    pub ground: Ground,
    unit: UnitSeen,
    pub runner: Runner,
}

/// Who starts the API server again when it ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::distro) enum Runner {
    Systemd,
    /// The kubelet, from the manifest of a static pod.
    Kubelet,
}

/// A certificate's file.
pub(in crate::distro) enum Stored {
    Missing,
    /// It holds a private key too, so it was not read.
    WithKey,
    Nonsense(String),
    /// Never empty; the first is the one that is served.
    Chain(Vec<ServingCert>),
}

/// Reads the node in one round trip.
pub(in crate::distro) fn read(
    node: &dyn Node,
    server: Option<Process>,
    etcd: Vec<Process>,
) -> Result<Facts, node::Error> {
    read_with(node, (server, Runner::Systemd), etcd, &[]).map(|(facts, _)| facts)
}

/// Reads the node in one round trip, with the answers to further questions.
pub(in crate::distro) fn read_with(
    node: &dyn Node,
    (server, runner): (Option<Process>, Runner),
    etcd: Vec<Process>,
    further: &[Ask],
) -> Result<(Facts, Vec<Answer>), node::Error> {
    let paths = Paths::of(server.as_ref());
    let etcd_files: Vec<_> = etcd.iter().map(|etcd| etcd.arguments.file("cert-file")).collect();
    let unit = server.as_ref().and_then(|server| server.unit.as_deref()).unwrap_or(SERVER);
    let mut asks = vec![Ask::Unit(unit.to_owned())];
    asks.extend(paths.asks());
    asks.extend(etcd_files.iter().flatten().cloned().map(Ask::PublicFile));
    let program = server.as_ref().and_then(|server| server.arguments.program());
    asks.push(Ask::Processes(MANAGER.into()));
    asks.extend(program.clone().map(Ask::Version));
    asks.extend_from_slice(further);
    let mut answers = node.look(&asks)?.into_iter();
    let seen = next(&mut answers);
    let facts = Facts {
        node: node.name().to_owned(),
        host: node.host().to_owned(),
        unit: if let Answer::Unit(unit) = seen { unit } else { UnitSeen::Missing },
        certificate: Stored::read(&next(&mut answers)),
        server_key: Key::read(next(&mut answers)),
        beside: if let Answer::Names(names) = next(&mut answers) { names } else { vec![] },
        ground: Ground::read(node.name(), paths.place(), &mut answers),
        authorities: each(&paths.authorities, &mut answers, |answer| Stored::read(&answer)),
        authority_keys: each(&paths.authority_keys, &mut answers, Key::read),
        configurations: each(&paths.configurations, &mut answers, text),
        etcd: etcd
            .into_iter()
            .zip(etcd_files)
            .map(|(etcd, file)| (etcd, file.map_or(Stored::Missing, |_| Stored::read(&next(&mut answers)))))
            .collect(),
        managers: match next(&mut answers) {
            Answer::Processes(seen) => seen.iter().map(Process::of).collect(),
            _ => vec![],
        },
        version: match program.map(|_| next(&mut answers)) {
            Some(Answer::Version(told)) => Version::read(&told),
            _ => None,
        },
        paths,
        server,
        runner,
    };
    Ok((facts, answers.collect()))
}

fn next(answers: &mut IntoIter<Answer>) -> Answer {
    answers.next().unwrap_or(Answer::Absent)
}

fn each<T>(
    paths: &[PathBuf],
    answers: &mut IntoIter<Answer>,
    read: impl Fn(Answer) -> T,
) -> Vec<(PathBuf, T)> {
    paths.iter().map(|path| (path.clone(), read(next(answers)))).collect()
}

fn text(answer: Answer) -> Option<String> {
    String::from_utf8(answer.bytes()?.to_vec()).ok()
}

impl Stored {
    fn read(answer: &Answer) -> Self {
        match answer {
            Answer::File(seen) => match ServingCert::all_from_pem(&seen.bytes) {
                Ok(chain) => Self::Chain(chain),
                Err(error) => Self::Nonsense(error.to_string()),
            },
            Answer::No(_) => Self::WithKey,
            _ => Self::Missing,
        }
    }

    pub fn chain(&self) -> &[ServingCert] {
        if let Self::Chain(chain) = self { chain } else { &[] }
    }

    /// The certificate that is served from it.
    pub fn leaf(&self) -> Option<&ServingCert> {
        self.chain().first()
    }
}

impl Facts {
    pub fn endpoint(&self) -> Endpoint {
        let flag = |name| self.server.as_ref()?.arguments.value(name);
        let address = |name| flag(name)?.parse::<IpAddr>().ok().filter(|address| !address.is_unspecified());
        let host = || self.host.parse().ok().or_else(|| address("advertise-address").map(San::Ip));
        // An API server that listens on one address alone answers nowhere else.
        let at = address("bind-address").map(San::Ip).or_else(host);
        let port = flag("secure-port").and_then(|port| port.parse().ok()).unwrap_or(PORT);
        Endpoint::new(at.unwrap_or(San::Ip(Ipv4Addr::LOCALHOST.into())), port)
    }

    /// The unit whose restart is the API server's; `None` where another process leads the unit.
    pub fn unit(&self) -> Option<&str> {
        let server = self.server.as_ref()?;
        let is_its_own = self.unit == UnitSeen::Active { main_pid: server.pid };
        server.unit.as_deref().filter(|_| is_its_own)
    }

    /// What makes the API server start again, for people.
    pub fn restart(&self) -> String {
        match self.runner {
            Runner::Systemd => format!("sudo systemctl restart {}", self.unit().unwrap_or(SERVER)),
            Runner::Kubelet => format!("sudo pkill -x {SERVER}"),
        }
    }

    /// Whether nobody gave the API server a certificate.
    pub fn is_self_signed(&self) -> bool {
        self.server.as_ref().is_some_and(|server| server.arguments.value("tls-cert-file").is_none())
    }

    /// The hosts of etcd, whose members may serve the same certificate, and the address that the server itself announces.
    pub fn peers(&self) -> SanSet {
        const URLS: [&str; 3] = ["etcd-servers", "advertise-client-urls", "initial-advertise-peer-urls"];
        let processes = self.server.iter().chain(self.etcd.iter().map(|(etcd, _)| etcd));
        let hosts = processes.flat_map(|process| {
            let urls = URLS.iter().filter_map(|flag| process.arguments.value(flag));
            let urls = urls.flat_map(|urls| urls.split(',')).filter_map(|url| url.parse::<Endpoint>().ok());
            let announced = process.arguments.value("advertise-address");
            urls.map(|url| url.host).chain(announced.and_then(|address| address.parse().ok()))
        });
        hosts.collect()
    }

    pub fn is_stored(&self, leaf: &ServingCert) -> bool {
        self.certificate.leaf().is_some_and(|own| serving::is_same(own, leaf))
    }

    /// The CA that signed a certificate, one that the API server is given, or one of the chain.
    pub fn authority_of(&self, leaf: &ServingCert) -> Option<&ServingCert> {
        let given = self.authorities.iter().flat_map(|(_, stored)| stored.chain());
        let mut all = given.chain(self.certificate.chain().iter().skip(1));
        all.find(|ca| ca.subject == leaf.issuer && serving::is_signed_by(leaf, ca))
    }
}
