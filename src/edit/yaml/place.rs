//! The one scalar that a path leads to, and its replacement under guard.

use granit_parser::ScalarStyle;

use super::{
    Segment, Written,
    encode::{Around, encode},
    guard::differs_only_at,
    tree::{Kind, Node, Tree},
};
use crate::edit::EditError;

/// A scalar that can be replaced without a change anywhere else.
pub(super) struct Place<'t, 'a> {
    tree: &'t Tree<'a>,
    node: Node<'t, 'a>,
}

impl<'t, 'a> Place<'t, 'a> {
    pub fn find(tree: &'t Tree<'a>, path: &[Segment]) -> Result<Self, EditError> {
        let mut node = only_document(tree)?;
        for (depth, segment) in path.iter().enumerate() {
            refuse_unsafe_way(node, &shown(&path[..depth]))?;
            node = match segment {
                Segment::Key(key) => under_key(node, key, path, depth)?,
                Segment::Named(name) => named(node, name, path, depth)?,
                Segment::Item(index) => {
                    node.items().nth(*index).ok_or_else(|| EditError::NotFound(shown(&path[..=depth])))?
                }
            };
        }
        refuse_unsafe_end(node, &shown(path))?;
        Ok(Self { tree, node })
    }

    pub fn written(&self) -> Written {
        Written { value: self.value().to_owned(), text: self.node.source().to_owned() }
    }

    pub fn value(&self) -> &'t str {
        self.node.scalar().expect("`find` stops at scalars alone")
    }

    /// How `value` would be written here.
    pub fn encoded(&self, value: &str) -> Written {
        let like = match self.node.kind() {
            Kind::Scalar { style, .. } => *style,
            _ => ScalarStyle::Plain,
        };
        let around = if self.node.in_flow() { Around::Flow } else { Around::Block };
        Written { value: value.to_owned(), text: encode(value, like, around) }
    }

    /// The text with `to` in this place.
    ///
    /// The recorded characters come first, so that taking an edit back brings the very bytes back. Where they
    /// no longer mean the value, because an anchor or the surroundings changed, the value is written out.
    pub fn replaced_by(&self, to: &Written) -> Result<String, EditError> {
        self.spliced(to).or_else(|_| self.spliced(&self.encoded(&to.value)))
    }

    /// Puts the characters in, reads the result, and refuses it if it differs in anything but this one value.
    fn spliced(&self, to: &Written) -> Result<String, EditError> {
        let (text, span) = (self.tree.text(), self.node.span());
        let after = [&text[..span.start], &to.text, &text[span.end..]].concat();
        if differs_only_at(self.tree, &after, self.node.index(), &to.value)? {
            return Ok(after);
        }
        let line = self.node.line();
        Err(EditError::Unsupported(format!("line {line}: a new value would change more than this one place")))
    }
}

fn only_document<'t, 'a>(tree: &'t Tree<'a>) -> Result<Node<'t, 'a>, EditError> {
    match (tree.documents(), tree.first()) {
        (1, Some(root)) => Ok(root),
        (0, _) | (_, None) => Err(EditError::NotFound("document in it".into())),
        (count, _) => Err(EditError::Unsupported(format!(
            "it holds {count} YAML documents, of which clients read the first alone; leave one in the file"
        ))),
    }
}

/// An edit below an alias, a shared anchor or a tag would change more, or mean something else, than it says.
pub(super) fn refuse_unsafe_way(node: Node<'_, '_>, way: &str) -> Result<(), EditError> {
    let line = node.line();
    let reason = match node.kind() {
        Kind::Alias(_) => {
            format!("line {line}: {way} is an alias of line {}, so it is shared", node.target().line())
        }
        _ if node.is_shared() => format!("line {line}: {way} is an anchor that is used elsewhere"),
        _ if node.is_tagged() => format!("line {line}: {way} has a tag"),
        _ => return Ok(()),
    };
    Err(EditError::Unsupported(reason))
}

fn refuse_unsafe_end(node: Node<'_, '_>, way: &str) -> Result<(), EditError> {
    let line = node.line();
    let reason = match node.kind() {
        Kind::Alias(_) if node.scalar().is_none() || node.target().is_tagged() => "is not a plain value",
        Kind::List | Kind::Map => "is not a single value",
        Kind::Scalar { style: ScalarStyle::Literal | ScalarStyle::Folded, .. } => "is a block of lines",
        _ if node.is_null() => "has no value",
        Kind::Alias(_) => return Ok(()),
        _ if node.is_shared() => "is an anchor that is used elsewhere",
        _ if node.is_tagged() => "has a tag",
        _ => return Ok(()),
    };
    Err(EditError::Unsupported(format!("line {line}: {way} {reason}")))
}

fn under_key<'t, 'a>(
    map: Node<'t, 'a>,
    key: &str,
    path: &[Segment],
    depth: usize,
) -> Result<Node<'t, 'a>, EditError> {
    let mut found = map.all(key);
    match (found.next(), found.next()) {
        (Some(value), None) => Ok(value),
        (Some(first), Some(second)) => Err(EditError::Unsupported(format!(
            "{} stands there twice, in lines {} and {}; leave one",
            shown(&path[..=depth]),
            first.line(),
            second.line()
        ))),
        (None, _) if map.merged().next().is_some() => Err(EditError::Unsupported(format!(
            "line {}: {} may come from a merge key (`<<`), which is shared",
            map.line(),
            shown(&path[..=depth])
        ))),
        (None, _) => Err(EditError::NotFound(shown(&path[..=depth]))),
    }
}

fn named<'t, 'a>(
    list: Node<'t, 'a>,
    name: &str,
    path: &[Segment],
    depth: usize,
) -> Result<Node<'t, 'a>, EditError> {
    let is_called = |value: Node<'_, '_>| value.scalar().is_some_and(|text| text == name);
    let mut found = list.items().filter(|item| item.all("name").any(is_called));
    match (found.next(), found.next()) {
        (Some(item), None) if item.all("name").count() == 1 => Ok(item),
        (Some(item), None) => Err(EditError::Unsupported(format!(
            "line {}: `{name}` has a second `name`; leave one",
            item.line()
        ))),
        (Some(first), Some(second)) => Err(EditError::Unsupported(format!(
            "`{name}` stands in {} twice, in lines {} and {}; leave one",
            shown(&path[..depth]),
            first.line(),
            second.line()
        ))),
        (None, _) => Err(EditError::NotFound(shown(&path[..=depth]))),
    }
}

/// A path for people: `clusters[prod].cluster.server`.
pub(super) fn shown(path: &[Segment]) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Key(key) if text.is_empty() => text.push_str(key),
            Segment::Key(key) => text.extend([".", key]),
            Segment::Named(name) => text.extend(["[", name, "]"]),
            Segment::Item(index) => text.push_str(&format!("[{index}]")),
        }
    }
    if text.is_empty() { "the document".into() } else { format!("`{text}`") }
}
