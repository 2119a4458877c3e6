//! Makes a tree of the parser's events, and refuses aliases that would not end.

use std::{collections::HashMap, ops::Range};

use granit_parser::{Event, Options, Parser, Span, StructureStyle};

use super::tree::{Kind, Stored, Tree};
use crate::edit::EditError;

/// Nodes after all aliases are written out; far above any real file, far below what exhausts a machine.
const MOST_EXPANDED: usize = 2_000_000;

impl<'a> Tree<'a> {
    pub fn parse(text: &'a str) -> Result<Self, EditError> {
        let mut builder = Builder::new(text);
        for event in events(text) {
            let (event, span) = event?;
            builder.take(event, &span)?;
        }
        Ok(builder.tree)
    }
}

/// What the parser finds in a text, comments left out.
pub(super) fn events(text: &str) -> impl Iterator<Item = Result<(Event<'_>, Span), EditError>> {
    let mut options = Options::default();
    // Comment events are bounded in number, and a kubeconfig may hold any number of commented lines.
    options.set_emit_comments(false);
    Parser::new_from_str_with_options(text, options).map(|event| {
        event.map_err(|error| EditError::Syntax {
            line: error.marker().line(),
            column: error.marker().col() + 1,
            message: error.info(),
        })
    })
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
