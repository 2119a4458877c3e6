//! Certificates that lie on a node beside the one that its API server serves: read along with the looks at it.

use std::{
    cell::RefCell,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    cert::{ServingCert, Use},
    node::{Answer, Ask, Error, Node},
};

/// Where a distribution keeps certificates, and which of them hold no key.
struct Folder {
    path: &'static str,
    /// The CA of the API server, which clients trust.
    authority: Option<&'static str>,
    /// The key of that CA.
    key: Option<&'static str>,
    others: &'static [(&'static str, Use)],
}

const FOLDERS: &[Folder] = &[
    Folder {
        path: "/var/snap/microk8s/current/certs",
        authority: Some("ca.crt"),
        key: Some("ca.key"),
        others: &[
            ("front-proxy-ca.crt", Use::Peer),
            ("front-proxy-client.crt", Use::Client),
            ("apiserver-kubelet-client.crt", Use::Client),
            ("client.crt", Use::Client),
            ("controller.crt", Use::Client),
            ("scheduler.crt", Use::Client),
            ("proxy.crt", Use::Client),
            ("kubelet.crt", Use::Peer),
        ],
    },
    Folder {
        path: "/var/snap/microk8s/current/var/kubernetes/backend",
        authority: None,
        key: None,
        others: &[("cluster.crt", Use::Peer)],
    },
    RANCHER_K3S,
    RANCHER_RKE2,
    Folder {
        path: "/var/lib/k0s/pki",
        authority: Some("ca.crt"),
        key: Some("ca.key"),
        others: &[
            ("front-proxy-ca.crt", Use::Peer),
            ("front-proxy-client.crt", Use::Client),
            ("apiserver-kubelet-client.crt", Use::Client),
            ("admin.crt", Use::Client),
            ("k0s-api.crt", Use::Server),
            ("etcd/ca.crt", Use::Peer),
            ("etcd/server.crt", Use::Peer),
            ("etcd/peer.crt", Use::Peer),
            ("apiserver-etcd-client.crt", Use::Client),
        ],
    },
    Folder {
        path: "/etc/kubernetes/pki",
        authority: Some("ca.crt"),
        key: Some("ca.key"),
        others: &[
            ("front-proxy-ca.crt", Use::Peer),
            ("front-proxy-client.crt", Use::Client),
            ("apiserver-kubelet-client.crt", Use::Client),
            ("apiserver-etcd-client.crt", Use::Client),
            ("etcd/ca.crt", Use::Peer),
            ("etcd/server.crt", Use::Peer),
            ("etcd/peer.crt", Use::Peer),
            ("etcd/healthcheck-client.crt", Use::Client),
        ],
    },
    Folder {
        path: "/var/lib/kubernetes",
        authority: Some("ca.crt"),
        key: Some("ca.key"),
        others: &[("front-proxy-client.crt", Use::Client)],
    },
    Folder {
        path: "/etc/etcd",
        authority: None,
        key: None,
        others: &[("ca.crt", Use::Peer), ("etcd-server.crt", Use::Peer), ("kubernetes.pem", Use::Peer)],
    },
    Folder {
        path: "/var/lib/kubelet/pki",
        authority: None,
        key: None,
        others: &[("kubelet.crt", Use::Peer)],
    },
];

const RANCHER_K3S: Folder = Folder { path: "/var/lib/rancher/k3s/server/tls", ..RANCHER };
const RANCHER_RKE2: Folder = Folder { path: "/var/lib/rancher/rke2/server/tls", ..RANCHER };

const RANCHER: Folder = Folder {
    path: "",
    authority: Some("server-ca.crt"),
    key: Some("server-ca.key"),
    others: &[
        ("client-ca.crt", Use::Peer),
        ("request-header-ca.crt", Use::Peer),
        ("client-admin.crt", Use::Client),
        ("client-kube-apiserver.crt", Use::Client),
        ("client-auth-proxy.crt", Use::Client),
        ("client-controller.crt", Use::Client),
        ("client-scheduler.crt", Use::Client),
        ("etcd/server-ca.crt", Use::Peer),
        ("etcd/peer-ca.crt", Use::Peer),
        ("etcd/server-client.crt", Use::Peer),
        ("etcd/peer-server-client.crt", Use::Peer),
        ("etcd/client.crt", Use::Client),
    ],
};

/// A certificate in a file of a node.
#[derive(Clone, Debug)]
pub struct Paper {
    pub path: PathBuf,
    pub of: Use,
    pub cert: ServingCert,
}

/// What lies on a machine.
#[derive(Clone, Debug, Default)]
pub struct Papers {
    pub certs: Vec<Paper>,
    /// Keys of CAs: the file, and the SHA-256 of its public half.
    pub keys: Vec<(PathBuf, String)>,
}

/// Where the key of a CA may lie, whatever the machine is.
pub fn authority_keys() -> Vec<PathBuf> {
    let with_key = FOLDERS.iter().filter_map(|folder| Some(Path::new(folder.path).join(folder.key?)));
    with_key.chain(["/root/ca.key".into(), "/etc/haproxy/ca.key".into()]).collect()
}

/// A machine whose first two looks ask for its certificates too, which costs no round trip of its own.
pub struct Reading {
    machine: Box<dyn Node>,
    stage: RefCell<Stage>,
    read: Arc<Mutex<Papers>>,
}

enum Stage {
    Folders,
    Files(Vec<&'static Folder>),
    Done,
}

impl Reading {
    /// With it comes the place where what was read is to be found.
    pub fn new(machine: Box<dyn Node>) -> (Self, Arc<Mutex<Papers>>) {
        let read = Arc::<Mutex<Papers>>::default();
        (Self { machine, stage: RefCell::new(Stage::Folders), read: Arc::clone(&read) }, read)
    }
}

impl Node for Reading {
    fn name(&self) -> &str {
        self.machine.name()
    }

    fn host(&self) -> &str {
        self.machine.host()
    }

    fn look(&self, asks: &[Ask]) -> Result<Vec<Answer>, Error> {
        let stage = self.stage.replace(Stage::Done);
        let further = match &stage {
            Stage::Folders => FOLDERS.iter().map(|folder| Ask::Exists(folder.path.into())).collect(),
            Stage::Files(folders) => folders.iter().flat_map(|folder| folder.asks()).collect(),
            Stage::Done => vec![],
        };
        let mut answers = self.machine.look(&[asks, &further].concat())?;
        let told = answers.split_off(asks.len().min(answers.len()));
        match stage {
            Stage::Folders => {
                let present = FOLDERS.iter().zip(told).filter(|(_, answer)| answer.is_present());
                self.stage.replace(Stage::Files(present.map(|(folder, _)| folder).collect()));
            }
            Stage::Files(folders) => {
                let mut told = told.into_iter();
                let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
                folders.iter().for_each(|folder| folder.read(&mut told, &mut read));
            }
            Stage::Done => {}
        }
        Ok(answers)
    }
}

impl Folder {
    fn files(&self) -> impl Iterator<Item = (PathBuf, Use)> + '_ {
        let authority = self.authority.map(|name| (name, Use::Authority));
        authority.into_iter().chain(self.others.iter().copied()).map(|(name, of)| (self.at(name), of))
    }

    fn at(&self, name: &str) -> PathBuf {
        Path::new(self.path).join(name)
    }

    fn asks(&self) -> Vec<Ask> {
        let certs = self.files().map(|(path, _)| Ask::PublicFile(path));
        certs.chain(self.key.map(|key| Ask::PublicKeyOf(self.at(key)))).collect()
    }

    /// Takes as many answers as there are `asks`.
    fn read(&self, answers: &mut dyn Iterator<Item = Answer>, into: &mut Papers) {
        for ((path, of), answer) in self.files().zip(&mut *answers) {
            let certs = answer.bytes().and_then(|pem| ServingCert::all_from_pem(pem).ok());
            if let Some(cert) = certs.into_iter().flatten().next() {
                into.certs.push(Paper { path, of, cert });
            }
        }
        if let (Some(key), Some(Answer::KeyDigest(public))) =
            (self.key, self.key.and_then(|_| answers.next()))
        {
            into.keys.push((self.at(key), public));
        }
    }
}
