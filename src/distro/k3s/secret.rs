//! The secret through which all servers share one certificate, as far as its annotations tell of it.

use std::collections::BTreeMap;

use super::{facts::Facts, findings::finding};
use crate::report::{Code, Finding};

pub(super) const NAMESPACE: &str = "kube-system";

/// With it, the certificate is the operator's own: dynamiclistener ignores every further name, without a word.
const STATIC: &str = "listener.cattle.io/static";

/// A certificate that no server ever changes, though the cluster's CA may have signed it.
pub(super) fn bound_by(facts: &Facts, annotations: &BTreeMap<String, String>) -> Option<Finding> {
    let (namespace, name, title) = (NAMESPACE, facts.flavour().secret, facts.title());
    (annotations.get(STATIC).is_some_and(|value| value == "true")).then(|| {
        finding(
            facts,
            Code::CertificateElsewhere,
            format!("the secret {namespace}/{name} says `{STATIC}`: {title} serves that certificate as it is, and adds no name to it"),
            format!(
                "add the names where that certificate comes from; or give it to {title}, which needs a restart of each server too: \
                 `kubectl -n {namespace} annotate secret {name} {STATIC}-`, then run this again"
            ),
        )
    })
}
