//! The manifest of the API server's static pod, which says what it is started with.

use crate::{
    distro::version::Version,
    edit::yaml::{Node, Tree},
};

/// The command of the pod's API server, its own name first; nothing where the text is no such manifest.
pub(super) fn command(text: &str) -> Vec<String> {
    read(text).unwrap_or_default()
}

/// The version that the image of the pod's API server is tagged with.
pub(super) fn version(text: &str) -> Option<Version> {
    let tree = Tree::parse(text).ok()?;
    let image = container(&tree)?.get("image")?.scalar()?.to_string();
    Version::read(&image)
}

fn read(text: &str) -> Option<Vec<String>> {
    let tree = Tree::parse(text).ok()?;
    let container = container(&tree)?;
    let words = |key: &str| container.get(key).into_iter().flat_map(Node::items);
    let words = words("command").chain(words("args"));
    Some(words.filter_map(|word| word.scalar().map(ToString::to_string)).collect())
}

fn container<'t, 'x>(tree: &'t Tree<'x>) -> Option<Node<'t, 'x>> {
    let containers = tree.first()?.get("spec")?.get("containers")?;
    let named = |container: &Node<'_, '_>| {
        container.get("name").and_then(Node::scalar).is_some_and(|name| name == "kube-apiserver")
    };
    containers.items().find(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_and_its_arguments_are_one_line() {
        let text = "spec:\n  containers:\n  - name: beside\n    command: [sleep]\n  - name: kube-apiserver\n    \
                    command:\n    - kube-apiserver\n    args: [--v=2, '--secure-port=6443']\n";

        assert_eq!(command(text), ["kube-apiserver", "--v=2", "--secure-port=6443"]);
    }

    #[test]
    fn what_is_no_manifest_has_no_command() {
        for text in ["", "a: [", "spec: {containers: []}", "kind: Pod\n"] {
            assert_eq!(command(text), [""; 0], "{text}");
        }
    }
}
