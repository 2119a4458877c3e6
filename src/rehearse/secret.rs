//! The metadata of the secret through which servers of K3s share a certificate: annotations in the cluster's directory.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

pub(super) const PATH: &str = "/api/v1/namespaces/kube-system/secrets/k3s-serving";

/// Where the annotations lie; a cluster that nobody gave any has no such secret.
#[derive(Clone, Debug)]
pub(super) struct Annotations(pub PathBuf);

impl Annotations {
    /// The secret without what is in it; `None` where there is none.
    pub fn read(&self) -> Option<Value> {
        let annotations: Value = serde_json::from_slice(&fs::read(&self.0).ok()?).ok()?;
        Some(json!({
            "kind": "PartialObjectMetadata",
            "apiVersion": "meta.k8s.io/v1",
            "metadata": {"name": "k3s-serving", "namespace": "kube-system", "annotations": annotations},
        }))
    }
}
