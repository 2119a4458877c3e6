//! What one look at a MicroK8s node tells.

use std::path::{Path, PathBuf};

use super::{
    launch::{self, Launch},
    render::{Addresses, POD_INTERFACES},
    worker::Proxy,
};
use crate::{
    cert::ServingCert,
    distro::{
        Role,
        ground::{Ground, Place},
        serving::Key,
    },
    node::{self, Answer, Ask, Node, UnitSeen},
};

pub(super) const DATA: &str = "/var/snap/microk8s/current";
pub(super) const CERTS: &str = "/var/snap/microk8s/current/certs";
pub(super) const ARGUMENTS: &str = "/var/snap/microk8s/current/args/kube-apiserver";
const PROXY_ARGUMENTS: &str = "/var/snap/microk8s/current/args/kube-proxy";
pub(super) const FUNCTIONS: &str = "/snap/microk8s/current/actions/common/utils.sh";
pub(super) const KUBELITE: &str = "snap.microk8s.daemon-kubelite";
pub(super) const KICKER: &str = "snap.microk8s.daemon-apiserver-kicker";

const LOCKS: &str = "/var/snap/microk8s/current/var/lock";

pub(super) struct Facts {
    pub node: String,
    /// What connections go to: an address or a DNS name.
    pub host: String,
    pub locks: Vec<String>,
    /// `csr.conf.template`; its bytes where they are no text.
    pub template: Option<Result<String, Vec<u8>>>,
    /// `csr.conf`: what the template rendered to when a certificate was signed last.
    pub applied: Option<Vec<u8>>,
    pub has_rendered: bool,
    pub has_request: bool,
    pub certificate: Option<ServingCert>,
    pub authority: Option<ServingCert>,
    pub server_key: Key,
    pub authority_key: Key,
    /// `args/kube-apiserver`.
    pub arguments: String,
    pub kubelite: UnitSeen,
    pub kicker: UnitSeen,
    /// MicroK8s' shell functions.
    pub functions: String,
    pub launches: Vec<Launch>,
    pub addresses: Addresses,
    pub proxy: Proxy,
    /// `args/kube-proxy`.
    proxy_arguments: String,
    pub ground: Ground,
}

/// Reads the node in one round trip; `launch_files` are further files that may be launch configurations.
pub(super) fn read(node: &dyn Node, launch_files: Vec<PathBuf>) -> Result<Facts, node::Error> {
    let launch_files = [launch::files(), launch_files].concat();
    let mut asks = questions();
    asks.extend(launch_files.iter().cloned().map(Ask::File));
    let mut answers = node.look(&asks)?.into_iter();
    let mut next = || answers.next().unwrap_or(Answer::Absent);
    Ok(Facts {
        node: node.name().to_owned(),
        host: node.host().to_owned(),
        template: bytes(next()).map(|bytes| String::from_utf8(bytes).map_err(|error| error.into_bytes())),
        applied: bytes(next()),
        has_rendered: next().is_present(),
        has_request: next().is_present(),
        certificate: first_certificate(next()),
        authority: first_certificate(next()),
        server_key: Key::read(next()),
        authority_key: Key::read(next()),
        locks: names(next()),
        arguments: text(next()),
        kubelite: unit(&next()),
        kicker: unit(&next()),
        functions: text(next()),
        addresses: Addresses { all: words(next()), pods: words(next()) },
        proxy: Proxy::read(&mut next),
        proxy_arguments: text(next()),
        ground: Ground::read(node.name(), place(), &mut answers),
        launches: launch_files
            .into_iter()
            .zip(answers)
            .filter_map(|(path, answer)| launch::read(path, &answer))
            .collect(),
    })
}

fn place() -> Place<'static> {
    Place { path: CERTS.as_ref(), loss: "a full disk leaves an empty certificate" }
}

fn questions() -> Vec<Ask> {
    let cert = |name: &str| Path::new(CERTS).join(name);
    let mut asks = vec![
        Ask::File(cert("csr.conf.template")),
        Ask::File(cert("csr.conf")),
        Ask::Exists(cert("csr.conf.rendered")),
        Ask::Exists(cert("server.csr")),
        Ask::File(cert("server.crt")),
        Ask::File(cert("ca.crt")),
        Ask::PublicKeyOf(cert("server.key")),
        Ask::PublicKeyOf(cert("ca.key")),
        Ask::Directory(LOCKS.into()),
        Ask::File(ARGUMENTS.into()),
        Ask::Unit(KUBELITE.into()),
        Ask::Unit(KICKER.into()),
        Ask::File(FUNCTIONS.into()),
        Ask::Addresses,
        Ask::InterfaceAddresses(POD_INTERFACES.map(str::to_owned).to_vec()),
    ];
    asks.extend(Proxy::asks());
    asks.push(Ask::File(PROXY_ARGUMENTS.into()));
    asks.extend(Ground::asks(place()));
    asks
}

impl Facts {
    pub fn role(&self) -> Role {
        if self.has_lock("clustered.lock") {
            Role::Worker
        } else if self.has_lock("no-cert-reissue") {
            Role::Joined
        } else {
            Role::First
        }
    }

    pub fn has_lock(&self, name: &str) -> bool {
        self.locks.iter().any(|lock| lock == name)
    }

    /// Whether the kicker re-renders the template every few seconds and acts on a difference.
    ///
    /// It looks for these words anywhere in the file, comments included.
    pub fn is_watched(&self) -> bool {
        let is_pinned =
            self.arguments.contains("--advertise-address") || self.arguments.contains("--bind-address");
        self.role() == Role::First && !is_pinned
    }

    /// The value of an argument of the API server, written `--name=value` or `--name value`; the last one counts.
    pub fn argument(&self, name: &str) -> Option<&str> {
        argument(&self.arguments, name)
    }

    /// The network of its pods, as kube-proxy is told it.
    pub fn pods(&self) -> Option<&str> {
        argument(&self.proxy_arguments, "cluster-cidr")
    }
}

fn argument<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.lines().rev().find_map(|line| {
        let rest = line.trim().strip_prefix("--")?.strip_prefix(name)?;
        let value = rest.strip_prefix('=').or_else(|| rest.strip_prefix(char::is_whitespace))?;
        Some(value.trim().trim_matches(['"', '\'']))
    })
}

fn bytes(answer: Answer) -> Option<Vec<u8>> {
    if let Answer::File(seen) = answer { Some(seen.bytes) } else { None }
}

fn first_certificate(answer: Answer) -> Option<ServingCert> {
    ServingCert::all_from_pem(answer.bytes()?).ok()?.into_iter().next()
}

fn names(answer: Answer) -> Vec<String> {
    if let Answer::Names(names) = answer { names } else { vec![] }
}

fn words(answer: Answer) -> Vec<String> {
    if let Answer::Addresses(addresses) = answer { addresses } else { vec![] }
}

fn text(answer: Answer) -> String {
    answer.bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
}

fn unit(answer: &Answer) -> UnitSeen {
    if let Answer::Unit(unit) = answer { *unit } else { UnitSeen::Missing }
}
