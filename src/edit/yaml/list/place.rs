//! Where a list stands, or would stand, in a document.

use granit_parser::ScalarStyle;

use super::{
    super::{
        place::refuse_unsafe_way,
        tree::{Kind, Node, Tree},
    },
    Before, Reading, shown,
};
use crate::edit::EditError;

/// What stands at a path, as far as the path leads.
#[derive(Clone, Copy)]
pub(super) enum Place<'t, 'a> {
    List(Node<'t, 'a>),
    /// A scalar, or nothing at all, under a key.
    Scalar {
        key: Node<'t, 'a>,
        value: Node<'t, 'a>,
        depth: usize,
    },
    /// A map without the next key.
    Map {
        map: Node<'t, 'a>,
        depth: usize,
    },
    /// A text without a document.
    Nothing,
}

impl<'t, 'a> Place<'t, 'a> {
    pub fn find(tree: &'t Tree<'a>, path: &[String], reading: Reading) -> Result<Self, EditError> {
        let mut node = match (tree.documents(), tree.first()) {
            (0, _) | (_, None) => return Ok(Self::Nothing),
            (1, Some(root)) if root.is_null() => return Ok(Self::Nothing),
            (1, Some(root)) => root,
            (count, _) => {
                return Err(EditError::Unsupported(format!(
                    "it holds {count} YAML documents; leave one in the file"
                )));
            }
        };
        let mut last = None;
        for depth in 0..path.len() {
            refuse_unsafe_way(node, &shown(&path[..depth]))?;
            if !node.is_map() {
                return Err(refused(node, &path[..depth], "is not a map"));
            }
            let Some((key, value)) = entry(node, path, depth)? else {
                return Ok(Self::Map { map: node, depth });
            };
            if value.is_null() && !matches!(value.kind(), Kind::Alias(_)) {
                refuse_unsafe_way(value, &shown(&path[..=depth]))?;
                return Ok(Self::Scalar { key, value, depth: depth + 1 });
            }
            (node, last) = (value, Some(key));
        }
        refuse_unsafe_way(node, &shown(path))?;
        match (node.kind(), last) {
            (Kind::List, _) => Ok(Self::List(node)),
            (Kind::Scalar { style: ScalarStyle::Literal | ScalarStyle::Folded, .. }, _) => {
                Err(refused(node, path, "is a block of lines"))
            }
            (Kind::Scalar { .. }, Some(key)) if reading == Reading::Flag => {
                Ok(Self::Scalar { key, value: node, depth: path.len() })
            }
            _ => Err(refused(node, path, "is not a list")),
        }
    }

    pub fn before(self) -> Before {
        match self {
            Self::List(_) => Before::List,
            Self::Scalar { value, depth, .. } => Before::Scalar {
                depth,
                text: if value.is_null() { null_text(value) } else { value.source().to_owned() },
            },
            Self::Map { depth, .. } => Before::Absent { depth },
            Self::Nothing => Before::Absent { depth: 0 },
        }
    }

    pub fn values(self, reading: Reading) -> Result<Vec<String>, EditError> {
        let split = |value: &str| match reading {
            Reading::List => vec![value.to_owned()],
            Reading::Flag => value.split(',').map(str::to_owned).collect(),
        };
        match self {
            Self::List(list) => {
                let mut values = vec![];
                for item in list.items() {
                    let value = item.scalar().filter(|_| !item.is_null()).ok_or_else(|| {
                        let line = item.line();
                        EditError::Unsupported(format!(
                            "line {line}: an entry of the list is not a single value"
                        ))
                    })?;
                    values.extend(split(value));
                }
                Ok(values)
            }
            Self::Scalar { value, .. } if !value.is_null() => {
                Ok(value.scalar().map(|text| split(text)).unwrap_or_default())
            }
            _ => Ok(vec![]),
        }
    }
}

/// The key and the value under the path's key of this depth; `None` where the map has no such key.
pub(super) fn entry<'t, 'a>(
    map: Node<'t, 'a>,
    path: &[String],
    depth: usize,
) -> Result<Option<(Node<'t, 'a>, Node<'t, 'a>)>, EditError> {
    let mut found = map.entries().filter(|(key, _)| key.scalar().is_some_and(|name| *name == path[depth]));
    match (found.next(), found.next()) {
        (Some((first, _)), Some((second, _))) => Err(EditError::Unsupported(format!(
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
        (one, _) => Ok(one),
    }
}

/// The characters of a null: none where nothing is written.
fn null_text(value: Node<'_, '_>) -> String {
    let text = value.source();
    if matches!(text, "~" | "null" | "Null" | "NULL") { text.to_owned() } else { String::new() }
}

fn refused(node: Node<'_, '_>, path: &[String], what: &str) -> EditError {
    EditError::Unsupported(format!("line {}: {} {what}", node.line(), shown(path)))
}
