//! Holds a changed text against the tree of the one before: one value may differ, and nothing else.

use std::collections::HashMap;

use granit_parser::Event;

use super::{
    build::events,
    tree::{Kind, Tree},
};
use crate::edit::EditError;

/// Whether `after` reads as `before` does, but for the node at `index`, whose value is `value` now.
///
/// The events are compared as they come, so a large text is not kept in memory as a tree for a second time.
pub(super) fn differs_only_at(
    before: &Tree<'_>,
    after: &str,
    index: usize,
    value: &str,
) -> Result<bool, EditError> {
    let mut guard =
        Guard { before, index, value, at: 0, open: vec![], anchors: HashMap::new(), documents: 0 };
    for event in events(after) {
        if !guard.accepts(event?.0) {
            return Ok(false);
        }
    }
    Ok(guard.at == before.nodes.len() && guard.documents == before.documents.len())
}

struct Guard<'t, 'a> {
    before: &'t Tree<'a>,
    index: usize,
    value: &'t str,
    /// The index that the next node must have.
    at: usize,
    open: Vec<usize>,
    anchors: HashMap<usize, usize>,
    documents: usize,
}

impl Guard<'_, '_> {
    fn accepts(&mut self, event: Event<'_>) -> bool {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                self.node(Kind::Scalar { value, style }, anchor, tag.is_some())
            }
            Event::SequenceStart(_, anchor, tag) => self.enter(Kind::List, anchor, tag.is_some()),
            Event::MappingStart(_, anchor, tag) => self.enter(Kind::Map, anchor, tag.is_some()),
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop().is_some_and(|parent| self.before.nodes[parent].next == self.at)
            }
            Event::Alias(anchor) => self
                .anchors
                .get(&anchor)
                .copied()
                .is_some_and(|target| self.node(Kind::Alias(target), 0, false)),
            _ => true,
        }
    }

    fn node(&mut self, kind: Kind<'_>, anchor: usize, is_tagged: bool) -> bool {
        let Some(was) = self.before.nodes.get(self.at) else { return false };
        let is_right = if self.at == self.index { self.means_value(&kind) } else { was.kind == kind };
        if anchor != 0 {
            self.anchors.insert(anchor, self.at);
        }
        if self.open.is_empty() {
            self.documents += 1;
        }
        self.at += 1;
        is_right && was.is_tagged == is_tagged
    }

    fn enter(&mut self, kind: Kind<'_>, anchor: usize, is_tagged: bool) -> bool {
        let index = self.at;
        let is_right = self.node(kind, anchor, is_tagged);
        self.open.push(index);
        is_right
    }

    /// Whether the node in the changed place is the new value, or an alias of an earlier node that is.
    fn means_value(&self, kind: &Kind<'_>) -> bool {
        match kind {
            Kind::Scalar { value, .. } => value == self.value,
            Kind::Alias(target) => {
                matches!(&self.before.nodes[*target].kind, Kind::Scalar { value, .. } if value == self.value)
            }
            _ => false,
        }
    }
}
