//! Where distributions keep certificates, and what of it is worth a look.

use std::path::{Path, PathBuf};

use super::{Paper, Papers};
use crate::{
    cert::{ServingCert, Use},
    distro::{byhand, kubeadm},
    node::{Answer, Ask},
};

/// Where a distribution keeps certificates; of a file that holds a key too the certificate alone is asked for.
pub(super) struct Folder {
    pub path: &'static str,
    /// The distributions that use it.
    pub whose: &'static [&'static str],
    /// The CA of the API server, which clients trust.
    authority: Option<&'static str>,
    /// The key of that CA.
    key: Option<&'static str>,
    others: &'static [(&'static str, Use)],
}

/// A store may stand beside the servers of each.
const ANYBODY: &[&str] = &["microk8s", "k3s", "rke2", "k0s", kubeadm::NAME, byhand::NAME];

/// The kubelet's serving certificate.
pub(super) const OF_KUBELET: &str = "kubelet.crt";

/// What the kubelet logs in with, in one file with its key; it has it signed anew by itself before it ends.
pub(super) const KUBELETS_LOGIN: &str = "kubelet-client-current.pem";

pub(super) const FOLDERS: &[Folder] = &[
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
        others: &[
            ("front-proxy-client.crt", Use::Client),
            ("admin.kubeconfig", Use::Client),
            ("kube-controller-manager.kubeconfig", Use::Client),
            ("kube-scheduler.kubeconfig", Use::Client),
        ],
    },
    Folder {
        path: "/etc/kubernetes",
        whose: &[kubeadm::NAME],
        authority: None,
        key: None,
        others: &[
            ("admin.conf", Use::Client),
            ("super-admin.conf", Use::Client),
            ("controller-manager.conf", Use::Client),
            ("scheduler.conf", Use::Client),
        ],
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
        others: &[(OF_KUBELET, Use::Peer), (KUBELETS_LOGIN, Use::Client)],
    },
    Folder {
        path: "/var/lib/k0s/kubelet/pki",
        whose: &["k0s"],
        authority: None,
        key: None,
        others: &[(KUBELETS_LOGIN, Use::Client)],
    },
    AGENT_K3S,
    AGENT_RKE2,
];

const AGENT_K3S: Folder = Folder { path: "/var/lib/rancher/k3s/agent", whose: &["k3s"], ..AGENT };
const AGENT_RKE2: Folder = Folder { path: "/var/lib/rancher/rke2/agent", whose: &["rke2"], ..AGENT };

const AGENT: Folder = Folder {
    path: "",
    whose: &[],
    authority: None,
    key: None,
    others: &[("client-kubelet.crt", Use::Client), ("client-kube-proxy.crt", Use::Client)],
};

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

/// Where the key of a CA may lie, whatever the machine is.
pub fn authority_keys() -> Vec<PathBuf> {
    let with_key = FOLDERS.iter().filter_map(|folder| Some(Path::new(folder.path).join(folder.key?)));
    with_key.chain(["/root/ca.key".into(), "/etc/haproxy/ca.key".into()]).collect()
}

impl Folder {
    fn files(&self) -> impl Iterator<Item = (PathBuf, Use)> + '_ {
        let authority = self.authority.map(|name| (name, Use::Authority));
        authority.into_iter().chain(self.others.iter().copied()).map(|(name, of)| (self.at(name), of))
    }

    fn at(&self, name: &str) -> PathBuf {
        Path::new(self.path).join(name)
    }

    pub fn asks(&self) -> Vec<Ask> {
        let certs = self.files().map(|(path, _)| Ask::Certificates(path));
        certs.chain(self.key.map(|key| Ask::PublicKeyOf(self.at(key)))).collect()
    }

    /// Takes as many answers as there are `asks`.
    pub fn read(&self, answers: &mut dyn Iterator<Item = Answer>, into: &mut Papers) {
        for ((path, of), answer) in self.files().zip(&mut *answers) {
            let Answer::Said(pem) = answer else { continue };
            let certs = ServingCert::all_from_pem(pem.as_bytes()).unwrap_or_default();
            if let Some(cert) = certs.into_iter().next() {
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
