//! What one look at a node of k0s tells.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};

use super::{config::Config, found::Found};
use crate::{
    cert::ServingCert,
    distro::{
        Role, Store,
        arguments::Arguments,
        ground::{Ground, Place},
        serving::Key,
    },
    edit::EditError,
    node::{self, Answer, Ask, Node},
    san::San,
};

pub(super) const DATA: &str = "/var/lib/k0s";
const CONFIG: &str = "/etc/k0s/k0s.yaml";
const PROGRAM: &str = "/usr/local/bin/k0s";

/// Names that k0s puts into every serving certificate (`cmd/controller/certificates.go` in k0sproject/k0s).
const OWN: [&str; 5] = [
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster",
    "localhost",
];

/// It may hold the password of a data store, so it has no `Debug`.
pub(super) struct Facts {
    pub node: String,
    /// What connections go to: an address or a DNS name.
    pub host: String,
    pub found: Found,
    pub places: Places,
    /// The configuration as it lies there; `None` where there is none.
    stored: Option<Vec<u8>>,
    /// The CAs that sign what is served.
    pub authorities: Vec<ServingCert>,
    pub authority_key: Key,
    /// What the API server was given to serve.
    pub certificate: Option<ServingCert>,
    pub addresses: Vec<String>,
    /// What it says of its etcd.
    members: Answer,
    pub ground: Ground,
}

/// Where k0s has what it reads.
pub(super) struct Places {
    pub config: PathBuf,
    pub data: PathBuf,
    program: PathBuf,
}

/// Reads the node in one round trip.
pub(super) fn read(node: &dyn Node, found: Found) -> Result<Facts, node::Error> {
    let places = Places::of(&found);
    let mut answers = node.look(&places.asks())?.into_iter();
    let mut next = || answers.next().unwrap_or(Answer::Absent);
    Ok(Facts {
        node: node.name().to_owned(),
        host: node.host().to_owned(),
        stored: next().bytes().map(<[u8]>::to_vec),
        authorities: next().bytes().and_then(|pem| ServingCert::all_from_pem(pem).ok()).unwrap_or_default(),
        authority_key: Key::read(next()),
        certificate: next().bytes().and_then(|pem| ServingCert::all_from_pem(pem).ok()?.into_iter().next()),
        addresses: if let Answer::Addresses(all) = next() { all } else { vec![] },
        members: next(),
        ground: Ground::read(node.name(), places.place(), &mut answers),
        places,
        found,
    })
}

impl Places {
    fn of(found: &Found) -> Self {
        let arguments = Arguments::new(found.arguments());
        let config = arguments.file("config").or_else(|| arguments.file("c"));
        let data = arguments.file("data-dir").unwrap_or_else(|| DATA.into());
        let program = found.arguments().into_iter().next();
        let program = program.filter(|program| program.ends_with("/k0s")).unwrap_or_else(|| PROGRAM.into());
        Self { config: config.unwrap_or_else(|| CONFIG.into()), data, program: program.into() }
    }

    /// Read back one by one in `read`.
    fn asks(&self) -> Vec<Ask> {
        let mut asks = vec![
            Ask::File(self.config.clone()),
            Ask::File(self.authority()),
            Ask::PublicKeyOf(self.data.join("pki/ca.key")),
            Ask::PublicFile(self.data.join("pki/server.crt")),
            Ask::Addresses,
            Ask::EtcdMembers { k0s: self.program.clone(), data: self.data.clone() },
        ];
        asks.extend(Ground::asks(self.place()));
        asks
    }

    pub fn authority(&self) -> PathBuf {
        self.data.join("pki/ca.crt")
    }

    fn place(&self) -> Place<'_> {
        let path = self.config.parent().unwrap_or(Path::new("/"));
        Place { path, loss: "a full disk leaves an empty configuration" }
    }
}

impl Facts {
    /// No controller is more than the others once it has joined them.
    pub fn role(&self) -> Role {
        if self.found.is_worker() { Role::Worker } else { Role::First }
    }

    /// The configuration's text; none where k0s runs on its defaults.
    pub fn text(&self) -> Option<&str> {
        str::from_utf8(self.stored.as_deref()?).ok()
    }

    /// What it says, or why k0s could not read it either.
    pub fn config(&self) -> Result<Config<'_>, EditError> {
        let bytes = self.stored.as_deref().unwrap_or_default();
        let text =
            str::from_utf8(bytes).map_err(|_| EditError::Unsupported("it is not a text in UTF-8".into()))?;
        Config::read(text)
    }

    /// The etcd that k0s runs beside each controller; none where it was given another store.
    pub fn store(&self) -> Option<Store> {
        let is_alone = self.found.arguments().iter().any(|word| word == "--single");
        if self.role() == Role::Worker || is_alone || !self.config().ok()?.has_own_etcd() {
            return None;
        }
        let members = match &self.members {
            Answer::Said(said) => Store::listed(said),
            Answer::No(reason) => Err(reason.clone()),
            _ => Err(format!("there is no {}", self.places.program.display())),
        };
        let own = self.addresses.iter().filter_map(|address| address.parse().ok()).collect();
        Some(Store { members, own, leave: "k0s etcd leave --peer-address ADDRESS" })
    }

    /// Whether k0s puts a name into a certificate by itself.
    pub fn is_own(&self, san: &San, config: &Config<'_>) -> bool {
        match san {
            San::Dns(name) => OWN.contains(&name.as_str()) || name.as_str() == config.domain(),
            San::Ip(address) => {
                let is_it = |own: &String| own.parse::<IpAddr>() == Ok(*address);
                address.is_loopback() || config.service().contains(san) || self.addresses.iter().any(is_it)
            }
        }
    }

    /// Whether the unit starts k0s itself with a file for a configuration.
    pub fn is_plain(&self) -> bool {
        let arguments = self.found.arguments();
        let is_k0s = arguments.first().is_some_and(|program| program.ends_with("/k0s"));
        let is_controller = arguments.iter().any(|word| word == "controller");
        is_k0s && is_controller && self.places.config != Path::new("/-")
    }
}
