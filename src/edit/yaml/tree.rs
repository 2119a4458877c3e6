//! A YAML text as nodes with their byte spans, in the order in which they stand.

use std::{borrow::Cow, collections::HashMap, ops::Range};

use granit_parser::{Event, Options, Parser, ScalarStyle, Span, StructureStyle};

use crate::edit::EditError;

/// Nodes after all aliases are written out; far above any real file, far below what exhausts a machine.
const MOST_EXPANDED: usize = 2_000_000;

/// All nodes of a text. A node is followed by its children, a mapping's keys and values in turn.
///
/// It borrows from the text wherever a value stands there as it is, so a tree of a large file stays small. It
/// has no `Debug`, because the text may hold keys and tokens.
pub struct Tree<'a> {
    text: &'a str,
    nodes: Vec<Stored<'a>>,
    documents: Vec<usize>,
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

struct Stored<'a> {
    kind: Kind<'a>,
    span: Range<usize>,
    line: usize,
    /// The index after this node's last descendant.
    next: usize,
    in_flow: bool,
    is_tagged: bool,
    is_shared: bool,
}

impl<'a> Tree<'a> {
    pub fn parse(text: &'a str) -> Result<Self, EditError> {
        let mut options = Options::default();
        // Comment events are bounded in number, and a kubeconfig may hold any number of commented lines.
        options.set_emit_comments(false);
        let mut builder = Builder::new(text);
        for event in Parser::new_from_str_with_options(text, options) {
            let (event, span) = event.map_err(|error| EditError::Syntax {
                line: error.marker().line(),
                column: error.marker().col() + 1,
                message: error.info(),
            })?;
            builder.take(event, &span)?;
        }
        Ok(builder.tree)
    }

    pub fn documents(&self) -> usize {
        self.documents.len()
    }

    /// The root of the first document; `None` in a text without one.
    pub fn first(&self) -> Option<Node<'_, 'a>> {
        self.documents.first().map(|index| Node { tree: self, index: *index })
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// Whether `other` has the same nodes in the same places, values and styles included, but for the node at `index`.
    pub(super) fn equals_except(&self, other: &Self, index: usize) -> bool {
        self.documents == other.documents
            && self.nodes.len() == other.nodes.len()
            && self.nodes.iter().zip(&other.nodes).enumerate().all(|(at, (mine, theirs))| {
                mine.next == theirs.next
                    && mine.is_tagged == theirs.is_tagged
                    && (at == index || mine.kind == theirs.kind)
            })
    }

    pub(super) fn node(&self, index: usize) -> Option<Node<'_, 'a>> {
        (index < self.nodes.len()).then_some(Node { tree: self, index })
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

struct Builder<'a> {
    tree: Tree<'a>,
    anchors: HashMap<usize, Anchor>,
    open: Vec<Open>,
    expanded: usize,
}

struct Anchor {
    index: usize,
    weight: usize,
}

struct Open {
    index: usize,
    anchor: usize,
    is_flow: bool,
    /// Nodes below, all aliases written out.
    weight: usize,
    /// Where the last child ends.
    end: usize,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str) -> Self {
        let tree = Tree { text, nodes: vec![], documents: vec![] };
        Self { tree, anchors: HashMap::new(), open: vec![], expanded: 0 }
    }

    fn take(&mut self, event: Event<'a>, span: &Span) -> Result<(), EditError> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                self.add(Kind::Scalar { value, style }, span, tag.is_some());
                self.anchor(anchor, self.tree.nodes.len() - 1, 1);
                self.grow(1, bytes(span).end);
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.enter(Kind::List, style, anchor, span, tag.is_some());
            }
            Event::MappingStart(style, anchor, tag) => {
                self.enter(Kind::Map, style, anchor, span, tag.is_some());
            }
            Event::SequenceEnd | Event::MappingEnd => self.leave(span),
            Event::Alias(anchor) => self.alias(anchor, span)?,
            _ => {}
        }
        Ok(())
    }

    fn add(&mut self, kind: Kind<'a>, span: &Span, is_tagged: bool) {
        let index = self.tree.nodes.len();
        if self.open.is_empty() {
            self.tree.documents.push(index);
        }
        self.tree.nodes.push(Stored {
            kind,
            span: bytes(span),
            line: span.start.line(),
            next: index + 1,
            in_flow: self.open.last().is_some_and(|parent| parent.is_flow),
            is_tagged,
            is_shared: false,
        });
    }

    fn enter(&mut self, kind: Kind<'a>, style: StructureStyle, anchor: usize, span: &Span, is_tagged: bool) {
        self.add(kind, span, is_tagged);
        let index = self.tree.nodes.len() - 1;
        self.anchor(anchor, index, usize::MAX);
        let is_flow = style == StructureStyle::Flow;
        self.open.push(Open { index, anchor, is_flow, weight: 1, end: bytes(span).start });
    }

    fn leave(&mut self, span: &Span) {
        let Some(closed) = self.open.pop() else { return };
        let next = self.tree.nodes.len();
        // A block ends where its last child does; the parser says so only at the next token.
        let end = if closed.is_flow { bytes(span).end } else { closed.end };
        let node = &mut self.tree.nodes[closed.index];
        node.next = next;
        node.span.end = end;
        self.anchor(closed.anchor, closed.index, closed.weight);
        self.grow(closed.weight, end);
    }

    fn alias(&mut self, anchor: usize, span: &Span) -> Result<(), EditError> {
        let Some(&Anchor { index, weight }) = self.anchors.get(&anchor) else {
            return Err(unsupported(span, "an alias stands for nothing"));
        };
        if self.open.iter().any(|parent| parent.index == index) {
            return Err(unsupported(span, "an alias stands for the very thing that holds it"));
        }
        self.expanded = self.expanded.saturating_add(weight);
        if self.expanded > MOST_EXPANDED {
            return Err(unsupported(span, "the aliases, written out, are too many"));
        }
        self.tree.nodes[index].is_shared = true;
        self.add(Kind::Alias(index), span, false);
        self.grow(weight, bytes(span).end);
        Ok(())
    }

    fn anchor(&mut self, anchor: usize, index: usize, weight: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, Anchor { index, weight });
        }
    }

    fn grow(&mut self, weight: usize, end: usize) {
        if let Some(parent) = self.open.last_mut() {
            parent.weight = parent.weight.saturating_add(weight);
            parent.end = end;
        }
    }
}

fn bytes(span: &Span) -> Range<usize> {
    span.byte_range().expect("a parser over a str knows its byte offsets")
}

fn unsupported(span: &Span, message: &str) -> EditError {
    EditError::Unsupported(format!("line {}: {message}", span.start.line()))
}
