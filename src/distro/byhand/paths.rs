//! Where things lie on a node whose API server was set up by hand: as its flags say, and beside what they name.

use std::path::{Path, PathBuf};

use super::process::Process;
use crate::{
    distro::ground::{Ground, Place},
    node::Ask,
};

/// Where the API server keeps what it signs itself, unless `--cert-dir` says otherwise.
const SELF_SIGNED: &str = "/var/run/kubernetes";

/// Where guides keep certificates.
const HOME: &str = "/var/lib/kubernetes";

/// Flags that name certificates of CAs; any of them may be the one that signs for servers.
const AUTHORITIES: [&str; 3] = ["client-ca-file", "kubelet-certificate-authority", "etcd-cafile"];

/// What the files that certificates are signed from are called, in the editions of the guide and elsewhere.
const CONFIGURATIONS: [&str; 6] = [
    "ca.conf",
    "openssl.cnf",
    "openssl-kube-apiserver.cnf",
    "kubernetes-csr.json",
    "kube-apiserver-csr.json",
    "csr.conf",
];

pub(in crate::distro) struct Paths {
    pub certificate: PathBuf,
    pub key: PathBuf,
    /// The directory of the CA's certificate.
    pub home: PathBuf,
    pub authorities: Vec<PathBuf>,
    pub authority_keys: Vec<PathBuf>,
    pub configurations: Vec<PathBuf>,
    /// The directory that a new certificate is written in.
    directory: PathBuf,
}

impl Paths {
    /// As the flags of the process say; without one, where guides put things.
    pub fn of(server: Option<&Process>) -> Self {
        let flag = |name| server.and_then(|server| server.arguments.file(name));
        let signed_here = flag("cert-dir").unwrap_or_else(|| SELF_SIGNED.into());
        let certificate = flag("tls-cert-file").unwrap_or_else(|| signed_here.join("apiserver.crt"));
        let key = flag("tls-private-key-file").unwrap_or_else(|| signed_here.join("apiserver.key"));
        let mut authorities: Vec<_> = AUTHORITIES.iter().filter_map(|name| flag(name)).collect();
        once_each(&mut authorities);
        let home = authorities.first().map_or(Path::new(HOME), |path| above(path)).to_owned();
        let directory = above(&certificate).to_owned();
        let mut near = vec![home.clone(), directory.clone()];
        once_each(&mut near);
        let in_each = |names: &[&str]| {
            near.iter()
                .flat_map(|near| names.iter().map(|name| near.join(name)).collect::<Vec<_>>())
                .collect::<Vec<_>>()
        };
        let mut authority_keys: Vec<_> = authorities.iter().flat_map(|path| keys_of(path)).collect();
        authority_keys.extend(in_each(&["ca.key", "ca-key.pem"]));
        once_each(&mut authority_keys);
        let configurations = in_each(&CONFIGURATIONS);
        Self { certificate, key, home, authorities, authority_keys, configurations, directory }
    }

    pub fn place(&self) -> Place<'_> {
        Place { path: &self.directory, loss: "no new certificate can be written there" }
    }

    /// The questions whose answers are read in this order: the pair, the names beside the CA, the ground, the CAs, their
    /// keys, the configurations.
    pub fn asks(&self) -> Vec<Ask> {
        let mut asks = vec![
            Ask::PublicFile(self.certificate.clone()),
            Ask::PublicKeyOf(self.key.clone()),
            Ask::Directory(self.home.clone()),
        ];
        asks.extend(Ground::asks(self.place()));
        asks.extend(self.authorities.iter().cloned().map(Ask::PublicFile));
        asks.extend(self.authority_keys.iter().cloned().map(Ask::PublicKeyOf));
        asks.extend(self.configurations.iter().cloned().map(Ask::PublicFile));
        asks
    }
}

/// `ca.pem` has its key in `ca-key.pem`, `ca.crt` in `ca.key`.
fn keys_of(certificate: &Path) -> [PathBuf; 2] {
    let stem = certificate.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    [certificate.with_extension("key"), certificate.with_file_name(format!("{stem}-key.pem"))]
}

fn above(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("/"))
}

fn once_each(paths: &mut Vec<PathBuf>) {
    let mut seen = std::collections::BTreeSet::new();
    paths.retain(|path| seen.insert(path.clone()));
}
