//! A YAML text as nodes with their byte spans, in the order in which they stand.

use std::{borrow::Cow, ops::Range};

use granit_parser::ScalarStyle;

/// All nodes of a text. A node is followed by its children, a mapping's keys and values in turn.
///
/// It borrows from the text wherever a value stands there as it is, so a tree of a large file stays small. It
/// has no `Debug`, because the text may hold keys and tokens.
pub struct Tree<'a> {
    pub(super) text: &'a str,
    pub(super) nodes: Vec<Stored<'a>>,
    pub(super) documents: Vec<usize>,
}

/// One node of a tree.
#[derive(Clone, Copy)]
pub struct Node<'t, 'a> {
    tree: &'t Tree<'a>,
    index: usize,
}

#[derive(Eq, PartialEq)]
pub(super) enum Kind<'a> {
    Scalar {
        value: Cow<'a, str>,
        style: ScalarStyle,
    },
    List,
    Map,
    /// Another place for the node with this index.
    Alias(usize),
}

/// A node, and what its place in the tree says of it.
pub(super) struct Stored<'a> {
    pub kind: Kind<'a>,
    pub span: Range<usize>,
    pub line: usize,
    /// The index after this node's last descendant.
    pub next: usize,
    pub in_flow: bool,
    pub is_tagged: bool,
    pub is_shared: bool,
}

impl<'a> Tree<'a> {
    pub fn documents(&self) -> usize {
        self.documents.len()
    }

    /// The root of the first document; `None` in a text without one.
    pub fn first(&self) -> Option<Node<'_, 'a>> {
        self.documents.first().map(|index| Node { tree: self, index: *index })
    }

    /// The root of every document.
    pub fn roots(&self) -> impl Iterator<Item = Node<'_, 'a>> {
        self.documents.iter().map(|index| Node { tree: self, index: *index })
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }
}

impl<'t, 'a> Node<'t, 'a> {
    /// The value of a scalar, or of the scalar that an alias stands for.
    pub fn scalar(self) -> Option<&'t Cow<'a, str>> {
        match self.target().kind() {
            Kind::Scalar { value, .. } => Some(value),
            _ => None,
        }
    }

    /// Keys and values of a mapping as they stand; none where it is something else.
    pub fn entries(self) -> impl Iterator<Item = (Self, Self)> {
        let mut children = self.children(matches!(self.target().kind(), Kind::Map));
        std::iter::from_fn(move || Some((children.next()?, children.next()?)))
    }

    /// Items of a list; none where it is something else.
    pub fn items(self) -> impl Iterator<Item = Self> {
        self.children(matches!(self.target().kind(), Kind::List))
    }

    /// The value under a key as kubectl sees it: the last of several, or one merged in with `<<`.
    pub fn get(self, key: &str) -> Option<Self> {
        self.all(key).last().or_else(|| self.merged().find_map(|map| map.get(key)))
    }

    /// Every value that stands under a key in this mapping itself.
    pub fn all<'k>(self, key: &'k str) -> impl Iterator<Item = Self> + use<'t, 'a, 'k> {
        self.entries()
            .filter(move |(name, _)| name.scalar().is_some_and(|n| n == key))
            .map(|(_, value)| value)
    }

    pub fn line(self) -> usize {
        self.stored().line
    }

    pub fn is_map(self) -> bool {
        matches!(self.target().kind(), Kind::Map)
    }

    pub fn is_list(self) -> bool {
        matches!(self.target().kind(), Kind::List)
    }

    /// Whether it is a plain `null`, written out or not.
    pub fn is_null(self) -> bool {
        match self.target().kind() {
            Kind::Scalar { value, style: ScalarStyle::Plain } => {
                matches!(value.as_ref(), "" | "~" | "null" | "Null" | "NULL")
            }
            _ => false,
        }
    }

    pub(super) fn index(self) -> usize {
        self.index
    }

    pub(super) fn kind(self) -> &'t Kind<'a> {
        &self.stored().kind
    }

    /// The characters of the node, its anchor and tag apart.
    pub(super) fn source(self) -> &'a str {
        &self.tree.text[self.span()]
    }

    pub(super) fn span(self) -> Range<usize> {
        self.stored().span.clone()
    }

    pub(super) fn in_flow(self) -> bool {
        self.stored().in_flow
    }

    pub(super) fn is_tagged(self) -> bool {
        self.stored().is_tagged
    }

    /// Whether an alias elsewhere stands for this very node.
    pub(super) fn is_shared(self) -> bool {
        self.stored().is_shared
    }

    /// The node itself, or the one that an alias stands for.
    pub(super) fn target(self) -> Self {
        match self.kind() {
            Kind::Alias(index) => Self { index: *index, ..self },
            _ => self,
        }
    }

    /// The mappings that `<<` merges into this one.
    pub(super) fn merged(self) -> impl Iterator<Item = Self> {
        self.all("<<").flat_map(|value| value.is_map().then_some(value).into_iter().chain(value.items()))
    }

    fn stored(self) -> &'t Stored<'a> {
        &self.tree.nodes[self.index]
    }

    fn children(self, are_wanted: bool) -> impl Iterator<Item = Self> {
        let parent = self.target();
        let end = if are_wanted { parent.stored().next } else { 0 };
        let mut at = parent.index + 1;
        std::iter::from_fn(move || {
            let child = (at < end).then_some(Self { index: at, ..parent })?;
            at = child.stored().next;
            Some(child)
        })
    }
}
