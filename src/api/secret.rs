//! What is written beside a secret: its annotations, and nothing that is in it.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Secret;

use super::{Api, Error};

impl Api {
    /// The annotations of a secret; `None` where there is none. The server is asked for the metadata alone.
    pub fn annotations(
        &self,
        namespace: &str,
        name: &str,
    ) -> Result<Option<BTreeMap<String, String>>, Error> {
        let secrets = kube::Api::<Secret>::namespaced(self.client.clone(), namespace);
        let found = self.call(secrets.get_metadata_opt(name))?;
        Ok(found.map(|secret| secret.metadata.annotations.unwrap_or_default()))
    }
}
