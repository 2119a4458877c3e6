//! Whether a file is a kubeconfig at all.

use crate::edit::yaml::{Node, Tree};

/// Whether a text is a kubeconfig that names clusters; JSON is YAML too.
pub fn is_one(bytes: &[u8]) -> bool {
    let tree = std::str::from_utf8(bytes).ok().and_then(|text| Tree::parse(text).ok());
    let Some(root) = tree.as_ref().and_then(Tree::first) else { return false };
    let lists = |key: &str| root.get(key).is_some_and(Node::is_list);
    let is_config = root.get("kind").and_then(Node::scalar).is_some_and(|kind| *kind == "Config");
    lists("clusters") && (is_config || lists("contexts"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kubeconfig_is_told_by_what_it_holds_in_yaml_and_in_json() {
        for text in [
            "kind: Config\nclusters:\n- name: a\n",
            "clusters: []\ncontexts: []\n",
            r#"{"kind": "Config", "clusters": [{"name": "a"}]}"#,
            r#"{"clusters":[],"contexts":[]}"#,
        ] {
            assert!(is_one(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_has_clusters_and_is_no_kubeconfig_is_passed_over() {
        for text in [
            "clusters:\n  a: b\n",
            "clusters:\n- a\n",
            "kind: Config\n",
            "kind: Config\nclusters: many\n",
            "notes on clusters: [\n",
            "",
        ] {
            assert!(!is_one(text.as_bytes()), "{text}");
        }
        assert!(!is_one(b"clusters: \xff"));
    }
}
