//! Kubeconfigs beside those that are in use, and whose they are.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::cluster;
use crate::{
    error::Error,
    kubeconfig::{self, Authority, Cluster, Seen},
    probe::Trust,
};

/// A file of a directory, and the kubeconfig that it is, or why nobody knows.
pub type Beside = (PathBuf, Result<Seen, Error>);

/// The kubeconfigs of a directory, by name; what is none is passed over.
pub fn of(directory: &Path) -> Result<Vec<Beside>, Error> {
    let unread = |source| Error::Read { path: directory.to_owned(), source };
    let mut paths: Vec<_> = fs::read_dir(directory)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<Result<_, _>>())
        .map_err(unread)?;
    paths.retain(|path| path.is_file());
    paths.sort();
    Ok(paths.into_iter().filter_map(|path| Some((path.clone(), read(path)?))).collect())
}

/// The kubeconfig that a file is; `None` where it is another kind of file.
fn read(path: PathBuf) -> Option<Result<Seen, Error>> {
    match fs::read(&path) {
        Ok(bytes) => kubeconfig::is_one(&bytes).then(|| cluster::one(path, bytes)),
        Err(source) => Some(Err(Error::Read { path, source })),
    }
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
