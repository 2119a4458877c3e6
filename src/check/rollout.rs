//! Whether pods can be replaced one after the other.

use crate::{
    api::PodCount,
    report::{Code, Finding},
};

/// Pods that are not all at work: replacing them would stop at the first that does not come.
pub fn rollout(namespace: &str, name: &str, pods: &PodCount) -> Option<Finding> {
    (pods.available < pods.wanted).then(|| {
        let message = format!(
            "{} of its {} pods are available: replacing them would not come to an end",
            pods.available, pods.wanted
        );
        Finding::new(Code::RolloutBlocked, format!("DaemonSet {namespace}/{name}"), message).remedy(format!(
            "`kubectl -n {namespace} get pods -o wide | grep {name}` tells which; see to them first"
        ))
    })
}
