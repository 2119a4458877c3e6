//! What an API stores of a cluster, and what does not come to pass there.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::OLD;
use crate::node::Digest;

/// Two texts, the pods that one of them is for, and a node.
#[derive(Clone)]
pub struct Stored {
    pub texts: BTreeMap<&'static str, String>,
    pub version: u64,
    /// The template's generation, and that which the pods are of.
    pub generation: u64,
    pub running: u64,
    pub roll_outs: u32,
    pub lease: u64,
    pub faults: Vec<Fault>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// Nobody signs the text anew.
    Signer,
    /// The pods of the new template do not come.
    Pods,
    /// The kubelet does not renew its lease.
    Kubelet,
    /// The node is not ready.
    Unready,
    /// Whoever asks may not see leases.
    Leases,
    /// Somebody has deleted the pods' set.
    NoSet,
}

pub fn signature(text: &str) -> String {
    Digest::of(text.as_bytes()).as_str().to_owned()
}

impl Stored {
    pub fn new() -> Self {
        Self {
            texts: [("info", OLD.to_owned()), ("proxy", OLD.to_owned())].into(),
            version: 1,
            generation: 1,
            running: 1,
            roll_outs: 0,
            lease: 1,
            faults: vec![],
        }
    }

    fn has(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }

    pub fn answer(&mut self, line: &str, body: &str) -> Option<(u16, String)> {
        let is_patch = line.starts_with("PATCH");
        let patch = || serde_json::from_str::<Value>(body).unwrap();
        let key = self.texts.keys().copied().find(|key| line.contains(&format!("/configmaps/{key}")));
        Some(match () {
            () if key.is_some() => {
                let key = key?;
                if is_patch {
                    self.texts.insert(key, patch()["data"]["text"].as_str()?.to_owned());
                    self.version += 1;
                }
                (200, self.map(key))
            }
            () if line.contains("/daemonsets/") && self.has(Fault::NoSet) => (404, refusal(404)),
            () if line.contains("/daemonsets/") => {
                if is_patch {
                    let annotations = &patch()["spec"]["template"]["metadata"]["annotations"];
                    assert!(annotations["kubectl.kubernetes.io/restartedAt"].is_string(), "{body}");
                    self.generation += 1;
                    self.roll_outs += 1;
                }
                let set = self.set();
                self.running = if self.has(Fault::Pods) { self.running } else { self.generation };
                (200, set)
            }
            () if line.contains("/leases/") && self.has(Fault::Leases) => (403, refusal(403)),
            () if line.contains("/leases/") => {
                self.lease += u64::from(!self.has(Fault::Kubelet));
                (200, self.lease())
            }
            () if line.contains("/nodes/w1 ") => (200, self.node()),
            () => return None,
        })
    }

    fn map(&self, key: &str) -> String {
        let text = &self.texts[key];
        let signed = if self.has(Fault::Signer) { OLD } else { text };
        json!({
            "kind": "ConfigMap", "apiVersion": "v1",
            "metadata": {"name": key, "resourceVersion": self.version.to_string()},
            "data": {"text": text, "jws-kubeconfig-abc": signature(signed)}
        })
        .to_string()
    }

    /// The pods follow the template one look later.
    fn set(&self) -> String {
        json!({
            "kind": "DaemonSet", "apiVersion": "apps/v1",
            "metadata": {"name": "proxy", "generation": self.generation},
            "spec": {"selector": {}, "template": {}},
            "status": {
                "currentNumberScheduled": 2, "numberMisscheduled": 0, "numberReady": 2, "numberAvailable": 2,
                "desiredNumberScheduled": 2, "observedGeneration": self.generation,
                "updatedNumberScheduled": if self.running == self.generation { 2 } else { 1 }
            }
        })
        .to_string()
    }

    fn lease(&self) -> String {
        let time = format!("2026-11-21T12:00:{:02}.000000Z", self.lease % 60);
        json!({
            "kind": "Lease", "apiVersion": "coordination.k8s.io/v1",
            "metadata": {"name": "w1"}, "spec": {"renewTime": time}
        })
        .to_string()
    }

    fn node(&self) -> String {
        let status = if self.has(Fault::Unready) { "False" } else { "True" };
        json!({
            "kind": "Node", "apiVersion": "v1", "metadata": {"name": "w1"},
            "status": {"conditions": [{"type": "Ready", "status": status}]}
        })
        .to_string()
    }
}

fn refusal(code: u16) -> String {
    let reason = if code == 404 { "NotFound" } else { "Forbidden" };
    json!({
        "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "no", "reason": reason, "code": code
    })
    .to_string()
}
