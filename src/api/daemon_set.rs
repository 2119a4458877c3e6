//! Pods that are replaced because what they read when they start has changed.

use k8s_openapi::api::apps::v1::DaemonSet;
use kube::api::{Patch, PatchParams};
use serde_json::json;

use super::{Api, Error};

/// The pods of a daemon set, counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PodCount {
    /// Whether its controller has seen the template as it is now.
    pub is_seen: bool,
    pub wanted: i32,
    /// Those of the template as it is now.
    pub updated: i32,
    pub available: i32,
    /// Whether it replaces pods by itself when the template changes.
    pub rolls: bool,
}

impl PodCount {
    /// Whether every pod is of the template as it is now, and at work.
    pub fn is_rolled_out(&self) -> bool {
        self.is_seen && self.updated >= self.wanted && self.available >= self.wanted
    }
}

impl Api {
    /// The pods of a daemon set; `None` where there is no such set.
    pub fn pod_count(&self, namespace: &str, name: &str) -> Result<Option<PodCount>, Error> {
        let sets = kube::Api::<DaemonSet>::namespaced(self.client.clone(), namespace);
        Ok(self.call(sets.get_opt(name))?.map(|set| counted(&set)))
    }

    /// Has the pods of a daemon set replaced, as `kubectl rollout restart` does.
    pub fn roll_out(&self, namespace: &str, name: &str, at: &str) -> Result<(), Error> {
        let sets = kube::Api::<DaemonSet>::namespaced(self.client.clone(), namespace);
        let annotations = json!({ "kubectl.kubernetes.io/restartedAt": at });
        let patch = json!({ "spec": { "template": { "metadata": { "annotations": annotations } } } });
        let (how, patch) = (PatchParams::default(), Patch::Strategic(&patch));
        self.call(sets.patch(name, &how, &patch)).map(drop)
    }
}

fn counted(set: &DaemonSet) -> PodCount {
    let status = set.status.clone().unwrap_or_default();
    let strategy = set.spec.as_ref().and_then(|spec| spec.update_strategy.as_ref()?.type_.as_deref());
    PodCount {
        is_seen: status.observed_generation >= set.metadata.generation,
        wanted: status.desired_number_scheduled,
        updated: status.updated_number_scheduled.unwrap_or(0),
        available: status.number_available.unwrap_or(0),
        rolls: strategy != Some("OnDelete"),
    }
}
