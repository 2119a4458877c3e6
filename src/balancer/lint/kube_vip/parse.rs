//! Containers of kube-vip in a manifest, with the variables that they are given.

use crate::edit::{
    EditError,
    yaml::{Node, Tree},
};

pub(super) struct Container {
    pub image: Value,
    pub variables: Vec<Variable>,
}

/// A value, and the line where it stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Value {
    pub text: String,
    pub line: usize,
}

pub(super) struct Variable {
    pub name: Value,
    /// `None` where it comes from elsewhere.
    pub value: Option<Value>,
}

pub(super) fn parse(text: &str) -> Result<Vec<Container>, EditError> {
    let tree = Tree::parse(text)?;
    let mut containers = vec![];
    for root in tree.roots() {
        collect(root, &mut containers);
    }
    Ok(containers)
}

/// Wherever a `containers` list stands: pods have it at another depth than what makes pods.
fn collect(node: Node<'_, '_>, found: &mut Vec<Container>) {
    for (key, value) in node.entries() {
        match key.scalar().map(AsRef::as_ref) {
            Some("containers" | "initContainers") => found.extend(value.items().filter_map(container)),
            _ => collect(value, found),
        }
    }
    node.items().for_each(|item| collect(item, found));
}

fn container(node: Node<'_, '_>) -> Option<Container> {
    let image = value(node.get("image")?)?;
    if !image.text.contains("kube-vip/kube-vip") {
        return None;
    }
    let variables = node.get("env").into_iter().flat_map(Node::items).filter_map(|item| {
        Some(Variable { name: value(item.get("name")?)?, value: item.get("value").and_then(value) })
    });
    Some(Container { image, variables: variables.collect() })
}

fn value(node: Node<'_, '_>) -> Option<Value> {
    Some(Value { text: node.scalar()?.to_string(), line: node.line() })
}

impl Container {
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().rfind(|variable| variable.name.text == name)
    }

    pub fn is_on(&self, name: &str) -> bool {
        self.variable(name)
            .and_then(|variable| variable.value.as_ref())
            .is_some_and(|value| value.text == "true")
    }

    /// The address that it holds; its image where that is told elsewhere.
    pub fn address(&self) -> &str {
        let said = ["address", "vip_address"].iter().find_map(|name| self.variable(name)?.value.as_ref());
        said.map_or(&self.image.text, |value| &value.text)
    }

    /// Whether it holds the address of a control plane, and not those of services alone.
    pub fn is_of_control_plane(&self) -> bool {
        self.is_on("cp_enable")
    }

    /// The version that the image's tag tells; `None` where it tells none.
    pub fn version(&self) -> Option<(u32, u32)> {
        let tag = self.tag()?;
        let mut numbers = tag.trim_start_matches('v').split(['.', '-']).map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    }

    pub fn tag(&self) -> Option<&str> {
        let image = self.image.text.split('@').next().unwrap_or_default();
        image.rsplit('/').next()?.split_once(':').map(|(_, tag)| tag)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::super::words::tests::texts, *};

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_be_read(text in texts()) {
            let lines = text.split('\n').count().max(1);
            for container in parse(&text).unwrap_or_default() {
                assert!(container.image.line <= lines);
            }
        }
    }

    #[test]
    fn the_version_is_what_the_tag_tells() {
        for (image, version) in [
            ("ghcr.io/kube-vip/kube-vip:v0.8.9", Some((0, 8))),
            ("ghcr.io/kube-vip/kube-vip:v1.2.3", Some((1, 2))),
            ("ghcr.io:443/kube-vip/kube-vip:latest", None),
            ("ghcr.io:443/kube-vip/kube-vip", None),
            ("ghcr.io/kube-vip/kube-vip:v0.9.0@sha256:00", Some((0, 9))),
        ] {
            let image = Value { text: image.into(), line: 1 };

            let container = Container { image, variables: vec![] };

            assert_eq!(container.version(), version, "{}", container.image.text);
        }
    }
}
