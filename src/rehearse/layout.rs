//! Where a machine's API server has its files, and the unit that runs it.

use std::{io, path::Path};

use super::{k0s, k3s, machine::Machine};
use crate::node::UnitSeen;

pub(super) struct Layout {
    pub unit: &'static str,
    pub certificate: &'static str,
    pub key: &'static str,
    pub authority: &'static str,
    pub authority_key: &'static str,
    /// The certificate and the key of the port for joining, where that is another one.
    pub joining: Option<(&'static str, &'static str)>,
    /// Whether anybody is told how the API server is, as kube-apiserver does by itself.
    pub tells_anybody: bool,
}

const MICROK8S: Layout = Layout {
    unit: super::KUBELITE,
    certificate: "/var/snap/microk8s/current/certs/server.crt",
    key: "/var/snap/microk8s/current/certs/server.key",
    authority: "/var/snap/microk8s/current/certs/ca.crt",
    authority_key: "/var/snap/microk8s/current/certs/ca.key",
    joining: None,
    tells_anybody: false,
};

/// As Kubernetes the Hard Way had it while it used cfssl.
pub(super) const BY_HAND: Layout = Layout {
    unit: "kube-apiserver",
    certificate: "/var/lib/kubernetes/kubernetes.pem",
    key: "/var/lib/kubernetes/kubernetes-key.pem",
    authority: "/var/lib/kubernetes/ca.pem",
    // The guide leaves it beside the CA's certificate.
    authority_key: "/var/lib/kubernetes/ca-key.pem",
    joining: None,
    tells_anybody: true,
};

pub(super) const KUBEADM: Layout = Layout {
    unit: "kube-apiserver",
    certificate: "/etc/kubernetes/pki/apiserver.crt",
    key: "/etc/kubernetes/pki/apiserver.key",
    authority: "/etc/kubernetes/pki/ca.crt",
    authority_key: "/etc/kubernetes/pki/ca.key",
    joining: None,
    tells_anybody: true,
};

/// What the kubelet of a node of kubeadm's runs the API server from.
pub(super) const MANIFEST: &str = "/etc/kubernetes/manifests/kube-apiserver.yaml";

/// K3s keeps both in `dynamic-cert.json`.
pub(super) const K3S: Layout = Layout {
    unit: "k3s",
    certificate: "/var/lib/rancher/k3s/server/tls/dynamic-cert.pem",
    key: "/var/lib/rancher/k3s/server/tls/dynamic-cert.key",
    authority: "/var/lib/rancher/k3s/server/tls/server-ca.crt",
    authority_key: "/var/lib/rancher/k3s/server/tls/server-ca.key",
    joining: None,
    tells_anybody: false,
};

/// Its API server is a pod, with a pair of its own.
pub(super) const RKE2: Layout = Layout {
    unit: "rke2-server",
    certificate: "/var/lib/rancher/rke2/server/tls/serving-kube-apiserver.crt",
    key: "/var/lib/rancher/rke2/server/tls/serving-kube-apiserver.key",
    authority: "/var/lib/rancher/rke2/server/tls/server-ca.crt",
    authority_key: "/var/lib/rancher/rke2/server/tls/server-ca.key",
    joining: Some((
        "/var/lib/rancher/rke2/server/tls/dynamic-cert.pem",
        "/var/lib/rancher/rke2/server/tls/dynamic-cert.key",
    )),
    tells_anybody: false,
};

/// Signed anew at every start.
pub(super) const K0S: Layout = Layout {
    unit: "k0scontroller",
    certificate: "/var/lib/k0s/pki/server.crt",
    key: "/var/lib/k0s/pki/server.key",
    authority: "/var/lib/k0s/pki/ca.crt",
    authority_key: "/var/lib/k0s/pki/ca.key",
    joining: None,
    tells_anybody: true,
};

impl Machine {
    /// A machine whose API server was set up by hand tells what that was started with, and one of kubeadm's has it in a
    /// manifest.
    pub(super) fn layout(&self) -> &'static Layout {
        match () {
            () if self.path(Path::new(MANIFEST)).is_ok_and(|manifest| manifest.exists()) => &KUBEADM,
            () if self.arguments(BY_HAND.unit).is_some() => &BY_HAND,
            () if self.unit(K3S.unit) != UnitSeen::Missing => &K3S,
            () if self.unit(RKE2.unit) != UnitSeen::Missing => &RKE2,
            () if self.unit(K0S.unit) != UnitSeen::Missing => &K0S,
            () => &MICROK8S,
        }
    }

    /// Starts a unit anew, and with it what its distribution does at every start of its API server.
    pub(super) fn start(&self, unit: &str) -> io::Result<()> {
        let own = self.layout().unit;
        match () {
            () if unit == own && own == K3S.unit => k3s::start(&k3s::K3S, self),
            () if unit == own && own == RKE2.unit => k3s::start(&k3s::RKE2, self),
            () if unit == own && own == K0S.unit => k0s::start(self),
            () => self.run_unit(unit),
        }
    }
}
