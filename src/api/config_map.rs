//! One text of a ConfigMap: read with its version, and replaced only while it still has that version.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{Patch, PatchParams};
use serde_json::json;

use super::{Api, Error};

/// A text, and the version that the object had when it was read.
#[derive(Clone, Eq, PartialEq)]
pub struct Versioned {
    pub text: String,
    /// The object's `resourceVersion`.
    version: String,
}

impl Api {
    /// What stands under `key` of a ConfigMap; `None` where there is no such object or no such key.
    pub fn config_text(&self, namespace: &str, name: &str, key: &str) -> Result<Option<Versioned>, Error> {
        let maps = kube::Api::<ConfigMap>::namespaced(self.client.clone(), namespace);
        let Some(mut map) = self.call(maps.get_opt(name))? else { return Ok(None) };
        let text = map.data.as_mut().and_then(|data| data.remove(key));
        let version = map.metadata.resource_version.unwrap_or_default();
        Ok(text.map(|text| Versioned { text, version }))
    }

    /// Everything that stands in a ConfigMap; `None` where there is none.
    pub fn config_texts(
        &self,
        namespace: &str,
        name: &str,
    ) -> Result<Option<BTreeMap<String, String>>, Error> {
        let maps = kube::Api::<ConfigMap>::namespaced(self.client.clone(), namespace);
        Ok(self.call(maps.get_opt(name))?.map(|map| map.data.unwrap_or_default()))
    }

    /// Replaces what stands under `key`, and nothing else of the object.
    ///
    /// The server answers 409 where the object is no longer the one that was read.
    pub fn replace_config_text(
        &self,
        namespace: &str,
        name: &str,
        key: &str,
        new: &Versioned,
    ) -> Result<(), Error> {
        let maps = kube::Api::<ConfigMap>::namespaced(self.client.clone(), namespace);
        let patch = json!({ "metadata": { "resourceVersion": new.version }, "data": { key: new.text } });
        let (how, patch) = (PatchParams::default(), Patch::Merge(&patch));
        self.call(maps.patch(name, &how, &patch)).map(drop)
    }
}

impl Versioned {
    /// Another text in place of the one that was read.
    #[must_use]
    pub fn with(&self, text: String) -> Self {
        Self { text, version: self.version.clone() }
    }
}
