//! A text that lies in the cluster's API instead of on a machine.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One key of a ConfigMap.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Object {
    pub namespace: String,
    pub name: String,
    pub key: String,
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { namespace, name, key } = self;
        write!(f, "ConfigMap {namespace}/{name} ({key})")
    }
}
