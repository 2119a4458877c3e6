//! Entries put into a list, in the shape that touches least of what is there.

use granit_parser::ScalarStyle;

use super::{
    super::{
        encode::{Around, encode},
        tree::{Kind, Node, Tree},
    },
    ListEdit, Place,
    splice::{Splice, inserted, line_end, line_start, spliced},
};
use crate::edit::EditError;

impl ListEdit {
    /// The text with the entries in the list.
    pub(in crate::edit) fn add(&self, text: &str) -> Result<String, EditError> {
        let tree = Tree::parse(text)?;
        let place = Place::find(&tree, &self.path, self.reading)?;
        if place.before() != self.before {
            return Err(EditError::Neither);
        }
        let values = [place.values(self.reading)?, self.entries.clone()].concat();
        let (ways, depth) = match place {
            Place::List(list) => (vec![self.in_list(text, list)?], self.path.len()),
            Place::Scalar { key, value, depth } if value.is_null() => {
                (vec![self.in_place_of_null(text, key, value, depth)?], depth)
            }
            Place::Scalar { value, depth, .. } => (self.beside_scalar(value), depth),
            Place::Map { map, depth } if is_flow(text, map) => {
                (vec![self.in_flow_map(map, depth)?], depth + 1)
            }
            Place::Map { map, depth } => (self.in_block_map(text, map, depth), depth + 1),
            Place::Nothing => (vec![inserted(text, text.len(), &self.lines(0, 0))], 1),
        };
        let mut held = Err(EditError::Neither);
        for way in ways {
            held = self.held(&tree, spliced(text, vec![way]), &values, depth);
            if held.is_ok() {
                break;
            }
        }
        held
    }

    fn in_list(&self, text: &str, list: Node<'_, '_>) -> Result<Splice, EditError> {
        let last = list.items().last();
        let like = last.map_or(ScalarStyle::Plain, style);
        match last {
            Some(last) if is_flow(text, list) => {
                let at = last.span().end;
                Ok((at..at, format!(", {}", self.row(like))))
            }
            None => {
                let at = list.span().start + 1;
                Ok((at..at, self.row(like)))
            }
            Some(last) => {
                let indent = dash(text, last).ok_or_else(|| {
                    let line = last.line();
                    EditError::Unsupported(format!(
                        "line {line}: the entry does not stand on a line of its own"
                    ))
                })?;
                Ok(inserted(text, line_end(text, last.span().end), &self.items(indent, like)))
            }
        }
    }

    fn in_place_of_null(
        &self,
        text: &str,
        key: Node<'_, '_>,
        value: Node<'_, '_>,
        depth: usize,
    ) -> Result<Splice, EditError> {
        let new = self.flow(depth, style(key));
        if matches!(value.source(), "~" | "null" | "Null" | "NULL") {
            return Ok((value.span(), new));
        }
        let at = after_colon(text, key)?;
        Ok((at..at, format!(" {new}")))
    }

    /// One scalar becomes a list; only one with commas stays, and grows.
    ///
    /// A program that does not split at commas takes the old value for one name: a further comma changes nothing for it.
    fn beside_scalar(&self, value: Node<'_, '_>) -> Vec<Splice> {
        let (like, source) = (style(value), value.source());
        let old = value.scalar().map(AsRef::as_ref).unwrap_or_default();
        let span = value.span();
        if !old.contains(',') {
            let old =
                if like == ScalarStyle::Plain { encode(old, like, Around::Flow) } else { source.to_owned() };
            return vec![(span, format!("[{old}, {}]", self.row(like)))];
        }
        let at = if like == ScalarStyle::Plain { span.end } else { span.end - 1 };
        let more = self.entries.join(",");
        let quoted = encode(&format!("{old},{more}"), ScalarStyle::DoubleQuoted, Around::Flow);
        vec![(at..at, format!(",{more}")), (span, quoted)]
    }

    fn in_flow_map(&self, map: Node<'_, '_>, depth: usize) -> Result<Splice, EditError> {
        let like = map.entries().next().map_or(ScalarStyle::Plain, |(key, _)| style(key));
        let key = encode(&self.path[depth], like, Around::Flow);
        let new = format!("{key}: {}", self.flow(depth + 1, like));
        match map.entries().last() {
            None => {
                let at = map.span().start + 1;
                Ok((at..at, new))
            }
            Some((key, value)) if value.source().is_empty() => Err(EditError::Unsupported(format!(
                "line {}: the last key of the map has no value",
                key.line()
            ))),
            Some((_, value)) => {
                let at = value.span().end;
                Ok((at..at, format!(", {new}")))
            }
        }
    }

    /// After the last line of the map, or where its value would swallow what comes after it, before the first.
    fn in_block_map(&self, text: &str, map: Node<'_, '_>, depth: usize) -> Vec<Splice> {
        let first = line_start(text, map.span().start);
        let line = text[first..].trim_start_matches('\u{feff}');
        let indent = line.len() - line.trim_start_matches(' ').len();
        let lines = self.lines(depth, indent);
        [line_end(text, map.span().end), first].map(|at| inserted(text, at, &lines)).into()
    }

    /// The keys from `depth` on and the entries below them, each on a line of its own.
    fn lines(&self, depth: usize, indent: usize) -> Vec<String> {
        let keys = &self.path[depth..];
        let key = |(level, key): (usize, &String)| {
            format!("{}{}:", " ".repeat(indent + 2 * level), encode(key, ScalarStyle::Plain, Around::Block))
        };
        let mut lines: Vec<_> = keys.iter().enumerate().map(key).collect();
        lines.extend(self.items(indent + 2 * keys.len(), ScalarStyle::Plain));
        lines
    }

    fn items(&self, indent: usize, like: ScalarStyle) -> Vec<String> {
        let item = |entry: &String| format!("{}- {}", " ".repeat(indent), encode(entry, like, Around::Block));
        self.entries.iter().map(item).collect()
    }

    /// The keys from `depth` on and the entries in braces and brackets.
    fn flow(&self, depth: usize, like: ScalarStyle) -> String {
        self.path[depth..].iter().rev().fold(format!("[{}]", self.row(like)), |below, key| {
            format!("{{{}: {below}}}", encode(key, like, Around::Flow))
        })
    }

    fn row(&self, like: ScalarStyle) -> String {
        let entries: Vec<_> = self.entries.iter().map(|entry| encode(entry, like, Around::Flow)).collect();
        entries.join(", ")
    }
}

pub(super) fn is_flow(text: &str, node: Node<'_, '_>) -> bool {
    text[node.span().start..].starts_with(['[', '{'])
}

/// The column of the dash of a block list's entry; `None` where more than spaces stand before it.
pub(super) fn dash(text: &str, item: Node<'_, '_>) -> Option<usize> {
    let line = text.get(dash_line(text, item)?..)?;
    Some(line.len() - line.trim_start_matches(' ').len())
}

/// Where the line of an entry's dash begins: the value may stand on a later one.
pub(super) fn dash_line(text: &str, item: Node<'_, '_>) -> Option<usize> {
    let mut at = line_start(text, item.span().start);
    loop {
        let line = text[at..].trim_start_matches(' ');
        if line.starts_with("- ") || line.starts_with("-\n") || line.starts_with("-\r\n") {
            return Some(at);
        }
        let is_between = line.starts_with(['#', '\n', '\r']) || at == line_start(text, item.span().start);
        at = line_start(text, at.checked_sub(1).filter(|_| is_between)?);
    }
}

/// The place after the colon of a key.
pub(super) fn after_colon(text: &str, key: Node<'_, '_>) -> Result<usize, EditError> {
    let rest = &text[key.span().end..];
    let spaces = rest.len() - rest.trim_start_matches(' ').len();
    match rest[spaces..].starts_with(':') {
        true => Ok(key.span().end + spaces + 1),
        false => Err(EditError::Unsupported(format!("line {}: no colon stands after the key", key.line()))),
    }
}

fn style(node: Node<'_, '_>) -> ScalarStyle {
    match node.kind() {
        Kind::Scalar { style, .. } => *style,
        _ => ScalarStyle::Plain,
    }
}
