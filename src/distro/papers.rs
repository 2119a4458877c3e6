//! Certificates that lie on a node beside the one that its API server serves: read along with the looks at it.

use std::{
    cell::RefCell,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use super::{Role, byhand, kubeadm};
use crate::{
    cert::{ServingCert, Use},
    node::{Answer, Ask, Error, Node},
};

/// Where a distribution keeps certificates, and which of them hold no key.
struct Folder {
    path: &'static str,
    /// The distributions that use it.
    whose: &'static [&'static str],
    /// The CA of the API server, which clients trust.
    authority: Option<&'static str>,
    /// The key of that CA.
    key: Option<&'static str>,
    others: &'static [(&'static str, Use)],
}

/// A store may stand beside the servers of each.
const ANYBODY: &[&str] = &["microk8s", "k3s", "rke2", "k0s", kubeadm::NAME, byhand::NAME];

/// The kubelet's serving certificate.
const OF_KUBELET: &str = "kubelet.crt";

const FOLDERS: &[Folder] = &[
    Folder {
        path: "/var/snap/microk8s/current/certs",
        whose: &["microk8s"],
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
            (OF_KUBELET, Use::Peer),
        ],
    },
    Folder {
        path: "/var/snap/microk8s/current/var/kubernetes/backend",
        whose: &["microk8s"],
        authority: None,
        key: None,
        others: &[("cluster.crt", Use::Peer)],
    },
    RANCHER_K3S,
    RANCHER_RKE2,
    Folder {
        path: "/var/lib/k0s/pki",
        whose: &["k0s"],
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
        whose: &[kubeadm::NAME, byhand::NAME],
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
        whose: &[byhand::NAME],
        authority: Some("ca.crt"),
        key: Some("ca.key"),
        others: &[("front-proxy-client.crt", Use::Client)],
    },
    Folder {
        path: "/etc/etcd",
        whose: ANYBODY,
        authority: None,
        key: None,
        others: &[("ca.crt", Use::Peer), ("etcd-server.crt", Use::Peer), ("kubernetes.pem", Use::Peer)],
    },
    Folder {
        path: "/var/lib/kubelet/pki",
        whose: &[kubeadm::NAME, byhand::NAME],
        authority: None,
        key: None,
        others: &[(OF_KUBELET, Use::Peer)],
    },
];

const RANCHER_K3S: Folder = Folder { path: "/var/lib/rancher/k3s/server/tls", whose: &["k3s"], ..RANCHER };
const RANCHER_RKE2: Folder = Folder { path: "/var/lib/rancher/rke2/server/tls", whose: &["rke2"], ..RANCHER };

const RANCHER: Folder = Folder {
    path: "",
    whose: &[],
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

impl Papers {
    /// Without what another distribution has left behind, and without what nobody verifies. Keys stay: one that signs for
    /// the cluster is no less of a key where it was left behind.
    #[must_use]
    pub fn of(mut self, distribution: &str, role: Role) -> Self {
        self.certs.retain(|paper| paper.is_of(distribution, role) && !paper.is_kubelets_own());
        self
    }
}

impl Paper {
    fn is_of(&self, distribution: &str, role: Role) -> bool {
        let mut folders = FOLDERS.iter().filter(|folder| folder.whose.contains(&distribution));
        // A worker of MicroK8s keeps what it had as a cluster of its own.
        let is_left = distribution == "microk8s" && role == Role::Worker && !self.path.ends_with(OF_KUBELET);
        !is_left && folders.any(|folder| self.path.starts_with(folder.path))
    }

    /// Whether a kubelet made it for itself, under a CA of its own that it has thrown away.
    /// <https://github.com/kubernetes/client-go/blob/v0.31.0/util/cert/cert.go>: `HOST-ca@SECONDS`
    fn is_kubelets_own(&self) -> bool {
        let Self { path, cert, .. } = self;
        path.ends_with(OF_KUBELET) && (cert.issuer == cert.subject || cert.issuer.contains("-ca@"))
    }
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

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

    use super::*;

    /// A paper whose certificate is signed by a CA of this name, or by itself.
    fn paper(path: &str, issuer: Option<&str>) -> Paper {
        let named = |name: &str| {
            let mut params = CertificateParams::new(vec![]).unwrap();
            params.distinguished_name.push(DnType::CommonName, name);
            params
        };
        let (key, params) = (KeyPair::generate().unwrap(), named("node"));
        let cert = match issuer {
            Some(name) => {
                let mut authority = named(name);
                authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
                params.signed_by(&key, &Issuer::new(authority, KeyPair::generate().unwrap())).unwrap()
            }
            None => params.self_signed(&key).unwrap(),
        };
        Paper { path: path.into(), of: Use::Peer, cert: ServingCert::from_der(cert.der()).unwrap() }
    }

    fn kept(distribution: &str, role: Role, paths: &[&str]) -> Vec<PathBuf> {
        let certs = paths.iter().map(|path| paper(path, Some("ca"))).collect();
        let papers =
            Papers { certs, keys: vec![("/root/ca.key".into(), "key".into())] }.of(distribution, role);
        assert_eq!(papers.keys.len(), 1);
        papers.certs.into_iter().map(|paper| paper.path).collect()
    }

    #[test]
    fn what_another_distribution_has_left_behind_is_nobodys() {
        let paths = [
            "/var/snap/microk8s/current/certs/ca.crt",
            "/var/snap/microk8s/current/certs/kubelet.crt",
            "/var/lib/rancher/k3s/server/tls/server-ca.crt",
            "/var/lib/rancher/rke2/server/tls/server-ca.crt",
            "/var/lib/k0s/pki/ca.crt",
            "/etc/kubernetes/pki/ca.crt",
            "/var/lib/kubernetes/ca.crt",
            "/var/lib/kubelet/pki/kubelet.crt",
            "/etc/etcd/ca.crt",
        ];
        for (distribution, role, own) in [
            ("microk8s", Role::First, &[0, 1, 8][..]),
            ("microk8s", Role::Worker, &[1]),
            ("k3s", Role::First, &[2, 8]),
            ("rke2", Role::Joined, &[3, 8]),
            ("k0s", Role::First, &[4, 8]),
            ("kubeadm", Role::First, &[5, 7, 8]),
            ("by-hand", Role::First, &[5, 6, 7, 8]),
        ] {
            let own: Vec<PathBuf> = own.iter().map(|index| paths[*index].into()).collect();

            assert_eq!(kept(distribution, role, &paths), own, "{distribution}");
        }
    }

    #[test]
    fn a_certificate_that_a_kubelet_made_for_itself_is_passed_over() {
        let path = "/var/lib/kubelet/pki/kubelet.crt";
        for (issuer, count) in [(None, 0), (Some("node-ca@1790000000"), 0), (Some("kubernetes"), 1)] {
            let papers = Papers { certs: vec![paper(path, issuer)], keys: vec![] };

            assert_eq!(papers.of("kubeadm", Role::First).certs.len(), count, "{issuer:?}");
        }
    }
}
