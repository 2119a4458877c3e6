//! Certificates that lie on a node beside the one that its API server serves.

use std::{net::IpAddr, ops::RangeInclusive, path::PathBuf};

use jiff::Timestamp;

use super::Role;
use crate::cert::{ServingCert, Use};

mod folders;
mod reading;

pub use folders::authority_keys;
use folders::{FOLDERS, KUBELETS_LOGIN, OF_KUBELET};
pub use reading::{Beside, Reading};

/// A certificate in a file of a node.
#[derive(Clone, Debug)]
pub struct Paper {
    pub path: PathBuf,
    pub of: Use,
    pub cert: ServingCert,
}

/// What lies on a machine, and what it says of what lies around it.
#[derive(Clone, Default)]
pub struct Papers {
    pub certs: Vec<Paper>,
    /// Keys of CAs: the file, and the SHA-256 of its public half.
    pub keys: Vec<(PathBuf, String)>,
    /// By how many seconds its clock is ahead of this machine's: somewhere in between.
    pub ahead: Option<RangeInclusive<i64>>,
    /// Where a name leads there, or why it does not tell.
    pub resolved: Option<Result<Vec<IpAddr>, String>>,
    /// Records of its last runs, as they lie there.
    pub records: Vec<Vec<u8>>,
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

    /// Whether it still has so much of its time that whoever renews it by itself need not have begun: kubelets do when a
    /// tenth to a third is left.
    pub fn is_renewed_in_time(&self, now: Timestamp) -> bool {
        let Self { path, cert, .. } = self;
        let whole = cert.not_after.duration_since(cert.not_before).as_secs();
        path.ends_with(KUBELETS_LOGIN) && cert.remaining(now).as_secs() > whole / 10
    }

    /// Whether a kubelet made it for itself, under a CA of its own that it has thrown away.
    /// <https://github.com/kubernetes/client-go/blob/v0.31.0/util/cert/cert.go>: `HOST-ca@SECONDS`
    fn is_kubelets_own(&self) -> bool {
        let Self { path, cert, .. } = self;
        path.ends_with(OF_KUBELET) && (cert.issuer == cert.subject || cert.issuer.contains("-ca@"))
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
        let papers = Papers { certs, keys: vec![("/root/ca.key".into(), "key".into())], ..Papers::default() }
            .of(distribution, role);
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
            let papers = Papers { certs: vec![paper(path, issuer)], ..Papers::default() };

            assert_eq!(papers.of("kubeadm", Role::First).certs.len(), count, "{issuer:?}");
        }
    }
}
