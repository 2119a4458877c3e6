//! Launch configurations: MicroK8s writes its whole template anew from one that lists `extraSANs`.
//!
//! <https://canonical.com/microk8s/docs/ref-launch-config>

use std::path::PathBuf;

use serde::Deserialize;

use crate::{
    node::Answer,
    san::{San, SanSet},
};

/// Where `snap set microk8s config=…` and provisioning tools leave launch configurations.
pub(super) const DIRECTORY: &str = "/var/snap/microk8s/common/etc/launcher";

/// A launch configuration that lists names; one that lists none leaves the template alone.
pub(super) struct Launch {
    pub path: PathBuf,
    pub names: SanSet,
}

#[derive(Deserialize)]
struct Content {
    #[serde(rename = "extraSANs")]
    extra_sans: Option<Vec<String>>,
}

/// The files that MicroK8s takes a launch configuration from.
pub(super) fn files() -> Vec<PathBuf> {
    [
        "/etc/microk8s.yaml",
        "/root/snap/microk8s/common/.microk8s.yaml",
        "/var/snap/microk8s/common/.microk8s.yaml",
    ]
    .map(PathBuf::from)
    .to_vec()
}

/// A configuration that lists names, in any of the file's documents; a file that is no such thing is nobody's.
pub(super) fn read(path: PathBuf, answer: &Answer) -> Option<Launch> {
    let text = std::str::from_utf8(answer.bytes()?).ok()?;
    let documents: Vec<Content> = serde_saphyr::from_multiple(text).ok()?;
    let lists: Vec<_> = documents.into_iter().filter_map(|content| content.extra_sans).collect();
    let names = || lists.iter().flatten().filter_map(|name| name.parse::<San>().ok()).collect();
    (!lists.is_empty()).then(|| Launch { path, names: names() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::FileSeen;

    fn launch(text: &str) -> Option<Launch> {
        let seen = FileSeen {
            bytes: text.into(),
            mode: 0o600,
            owner: "root".into(),
            group: "root".into(),
            modified: 0,
        };
        read("/etc/microk8s.yaml".into(), &Answer::File(seen))
    }

    #[test]
    fn names_are_read_from_any_document() {
        for text in [
            "---\nversion: 0.1.0\nextraSANs:\n  - 172.22.22.3\n  - cp.example.internal\n",
            "version: 0.1.0\naddons: [{name: dns}]\n---\nextraSANs: [cp.example.internal, \"172.22.22.3\"]\n",
        ] {
            assert_eq!(launch(text).unwrap().names.to_string(), "cp.example.internal, 172.22.22.3", "{text}");
        }
    }

    #[test]
    fn a_configuration_without_names_leaves_the_template_alone() {
        for text in ["", "---\nversion: 0.1.0\n", "extraSANs:\n", "not: [a, configuration", "just a text"] {
            assert!(launch(text).is_none(), "{text}");
        }
    }

    #[test]
    fn an_empty_list_resets_the_template() {
        assert!(launch("extraSANs: []\n").unwrap().names.is_empty());
    }
}
