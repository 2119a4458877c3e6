//! What settles a change that lies in the cluster's API.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::node::Digest;

/// Pods of one template on the nodes of a cluster.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct DaemonSet {
    pub namespace: String,
    pub name: String,
}

/// A text and the signatures that it had, by their keys; they are as public as the text.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Signed {
    pub text: Digest,
    pub signatures: BTreeMap<String, String>,
}

impl Signed {
    /// Whether a text has the signatures that it ought to have, which are always the same for the same text; one that is
    /// gone has expired.
    pub fn agrees(&self, text: &str, signatures: &BTreeMap<String, String>) -> bool {
        let is_same_text = Digest::of(text.as_bytes()) == self.text;
        let mut both = self.signatures.iter().filter_map(|(key, old)| Some((old, signatures.get(key)?)));
        both.all(|(old, new)| (old == new) == is_same_text)
    }
}

impl fmt::Display for DaemonSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { namespace, name } = self;
        write!(f, "DaemonSet {namespace}/{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signatures(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_text_that_was_signed_has_its_signatures_and_any_other_has_others() {
        let was = Signed {
            text: Digest::of(b"old"),
            signatures: signatures(&[("jws-kubeconfig-a", "1"), ("jws-kubeconfig-b", "2")]),
        };
        for (text, now, agrees) in [
            ("old", &[("jws-kubeconfig-a", "1"), ("jws-kubeconfig-b", "2")][..], true),
            ("old", &[("jws-kubeconfig-a", "1"), ("jws-kubeconfig-b", "9")], false),
            ("new", &[("jws-kubeconfig-a", "1"), ("jws-kubeconfig-b", "9")], false),
            ("new", &[("jws-kubeconfig-a", "8"), ("jws-kubeconfig-b", "9")], true),
            ("new", &[("jws-kubeconfig-b", "9"), ("jws-kubeconfig-new", "5")], true),
            ("new", &[], true),
        ] {
            assert_eq!(was.agrees(text, &signatures(now)), agrees, "{text} {now:?}");
        }
    }
}
