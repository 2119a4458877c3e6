//! Holds a changed text against the one before: but for the entry at the path, both must read the same.

use std::{collections::BTreeMap, ops::Range};

use super::{
    super::tree::{Kind, Node, Tree},
    ListEdit, Place,
    place::entry,
};
use crate::edit::EditError;

/// A node outside the entry: its depth, what it is, and whether it has a tag.
type Mark = (usize, String, bool);

impl ListEdit {
    /// Gives the changed text back where nothing but this list, or the entry that leads to it, reads otherwise.
    pub(super) fn held(
        &self,
        before: &Tree<'_>,
        after: String,
        values: &[String],
        depth: usize,
    ) -> Result<String, EditError> {
        let changed = Tree::parse(&after)?;
        let is_right = Place::find(&changed, &self.path, self.reading)?.values(self.reading)? == values
            && outline(before, &self.path[..depth]) == outline(&changed, &self.path[..depth]);
        if is_right {
            return Ok(after);
        }
        Err(EditError::Unsupported("the list cannot be changed without a change elsewhere".into()))
    }
}

/// All nodes but those of the entry at `path`; a document without anything else is none.
fn outline(tree: &Tree<'_>, path: &[String]) -> Vec<Mark> {
    let skipped = skipped(tree, path).unwrap_or(0..0);
    let (mut marks, mut open, mut places) = (vec![], vec![], BTreeMap::new());
    for (index, node) in tree.nodes.iter().enumerate() {
        while open.last().is_some_and(|end| *end <= index) {
            open.pop();
        }
        if !skipped.contains(&index) {
            places.insert(index, marks.len());
            let what = match &node.kind {
                Kind::Scalar { value, style } => format!("{style:?} {value}"),
                Kind::List => "list".into(),
                Kind::Map => "map".into(),
                Kind::Alias(target) => match places.get(target) {
                    Some(place) => format!("alias {place}"),
                    None => format!("alias of {:?}", tree.nodes[*target].span.len()),
                },
            };
            marks.push((open.len(), what, node.is_tagged));
        }
        open.push(node.next);
    }
    let is_empty = |root: Node<'_, '_>| root.is_null() || root.is_map();
    if marks.len() == 1 && tree.first().is_some_and(is_empty) { vec![] } else { marks }
}

/// The indexes of the key and the value at `path`.
fn skipped(tree: &Tree<'_>, path: &[String]) -> Option<Range<usize>> {
    let mut node = tree.first()?;
    let mut found = None;
    for depth in 0..path.len() {
        let (key, value) = entry(node, path, depth).ok()??;
        found = Some(key.index()..tree.nodes[value.index()].next);
        node = value;
    }
    found
}
