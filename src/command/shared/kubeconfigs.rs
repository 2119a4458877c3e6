//! Kubeconfigs beside those that are in use, and whose they are.

use std::{fs, path::Path};

use super::cluster;
use crate::{
    error::Error,
    kubeconfig::{self, Authority, Cluster, Seen},
    probe::Trust,
};

/// The kubeconfigs of a directory, by name; what is none is passed over.
pub fn of(directory: &Path) -> Result<Vec<Seen>, Error> {
    let unread = |source| Error::Read { path: directory.to_owned(), source };
    let mut paths: Vec<_> = fs::read_dir(directory)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<Result<_, _>>())
        .map_err(unread)?;
    paths.retain(|path| path.is_file());
    paths.sort();
    let mut found = vec![];
    for path in paths {
        let bytes = fs::read(&path).map_err(|source| Error::Read { path: path.clone(), source })?;
        if kubeconfig::is_one(&bytes) {
            found.push(cluster::one(path, bytes)?);
        }
    }
    Ok(found)
}

/// Whether an entry is of the cluster with this CA.
pub fn is_of(cluster: &Cluster<'_>, trust: &Trust) -> bool {
    authority(cluster).is_some_and(|own| {
        own.certs().iter().any(|cert| trust.certs().iter().any(|other| other.der == cert.der))
    })
}

fn authority(cluster: &Cluster<'_>) -> Option<Trust> {
    let pem = match cluster.authority().ok()?? {
        Authority::Pem(pem) => pem,
        Authority::File(path) => fs::read_to_string(path).ok()?,
    };
    Trust::from_pem(&pem).ok()
}
