//! The ConfigMap of kubeadm's that a rehearsed API holds: a file in the cluster's directory.

use std::{fs, io, path::PathBuf};

use hyper::StatusCode;
use serde_json::{Value, json};

use super::disk;
use crate::node::Digest;

pub(super) const PATH: &str = "/api/v1/namespaces/kube-system/configmaps/kubeadm-config";
const KEY: &str = "ClusterConfiguration";

/// Where the object's text lies; a cluster of another kind has none.
#[derive(Clone, Debug)]
pub(super) struct Register(pub PathBuf);

impl Register {
    pub fn write(&self, text: &str) -> io::Result<()> {
        disk::replace(&self.0, text.as_bytes(), 0o600)
    }

    /// The object; `None` where there is none.
    pub fn read(&self) -> Option<Value> {
        let text = fs::read_to_string(&self.0).ok()?;
        // The text is all that changes, so it can stand for the version.
        let version = Digest::of(text.as_bytes()).as_str().to_owned();
        Some(json!({
            "kind": "ConfigMap",
            "apiVersion": "v1",
            "metadata": {"name": "kubeadm-config", "namespace": "kube-system", "resourceVersion": version},
            "data": {KEY: text},
        }))
    }

    /// Takes a merge patch that names the version which it is for.
    pub fn patch(&self, patch: &str) -> Result<Value, StatusCode> {
        let patch: Value = serde_json::from_str(patch).map_err(|_| StatusCode::BAD_REQUEST)?;
        let object = self.read().ok_or(StatusCode::NOT_FOUND)?;
        if patch["metadata"]["resourceVersion"] != object["metadata"]["resourceVersion"] {
            return Err(StatusCode::CONFLICT);
        }
        let text = patch["data"][KEY].as_str().ok_or(StatusCode::BAD_REQUEST)?;
        self.write(text).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
        self.read().ok_or(StatusCode::NOT_FOUND)
    }
}
