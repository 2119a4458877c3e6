//! Entries taken out of a list again, and with them whatever was made for them alone.

use std::ops::Range;

use granit_parser::ScalarStyle;

use super::{
    super::{
        encode::{Around, encode},
        tree::{Kind, Node, Tree},
    },
    Before, ListEdit, Place,
    add::{after_colon, dash_line, is_flow},
    place::entry,
    splice::{Splice, line_end, line_start, spliced, without_lines},
    values,
};
use crate::edit::EditError;

impl ListEdit {
    /// The text without the entries: as it was before they came, where nobody wrote beside them since.
    pub(in crate::edit) fn remove(&self, text: &str) -> Result<String, EditError> {
        let tree = Tree::parse(text)?;
        let place = Place::find(&tree, &self.path, self.reading)?;
        let there = place.values(self.reading)?;
        let ours = self.ours(&there);
        let is_ours = |index: &usize| ours.contains(index);
        let rest: Vec<_> =
            (0..there.len()).filter(|index| !is_ours(index)).map(|index| there[index].clone()).collect();
        if let Some((splices, depth)) = self.restored(text, &tree, &rest)
            && let Ok(after) = self.held(&tree, spliced(text, splices), &rest, depth)
        {
            return Ok(after);
        }
        let splices = match place {
            Place::List(list) => self.out_of_list(text, list)?,
            Place::Scalar { value, .. } => vec![out_of_scalar(value, &rest)],
            Place::Map { .. } | Place::Nothing => vec![],
        };
        self.held(&tree, spliced(text, splices), &rest, self.path.len())
    }

    /// Which of the values are ours: of equal ones the last.
    fn ours(&self, there: &[String]) -> Vec<usize> {
        self.entries.iter().filter_map(|entry| there.iter().rposition(|value| value == entry)).collect()
    }

    /// How to bring back what stood there before, and how much of the path that concerns; `None` where others wrote there.
    fn restored(&self, text: &str, tree: &Tree<'_>, rest: &[String]) -> Option<(Vec<Splice>, usize)> {
        match &self.before {
            Before::List => None,
            Before::Absent { .. } if !rest.is_empty() => None,
            Before::Absent { depth } => {
                let depth = (*depth..self.path.len()).find(|depth| self.is_alone_below(tree, *depth + 1))?;
                Some((self.out_of_map(text, tree, depth)?, depth + 1))
            }
            Before::Scalar { depth, text: old } => {
                let was = values(&format!("x: {old}"), &["x".to_owned()], self.reading).ok()?;
                if was != rest || !self.is_alone_below(tree, *depth) {
                    return None;
                }
                let (_, key, value) = self.entry_at(tree, *depth - 1)?;
                let start = if old.is_empty() { after_colon(text, key).ok()? } else { value.span().start };
                let found = &text[start..value.span().end];
                (!found.contains(['#', '\n'])).then(|| (vec![(start..value.span().end, old.clone())], *depth))
            }
        }
    }

    /// Whether the maps after `depth` keys of the path hold nothing but the way to the list.
    fn is_alone_below(&self, tree: &Tree<'_>, depth: usize) -> bool {
        (depth..self.path.len())
            .all(|depth| self.entry_at(tree, depth).is_some_and(|(map, ..)| map.entries().count() == 1))
    }

    /// The map that holds the path's key of this depth, with the key and its value.
    fn entry_at<'t, 'a>(
        &self,
        tree: &'t Tree<'a>,
        depth: usize,
    ) -> Option<(Node<'t, 'a>, Node<'t, 'a>, Node<'t, 'a>)> {
        let mut map = tree.first()?;
        for above in 0..depth {
            map = entry(map, &self.path, above).ok()??.1;
        }
        let (key, value) = entry(map, &self.path, depth).ok()??;
        Some((map, key, value))
    }

    fn out_of_map(&self, text: &str, tree: &Tree<'_>, depth: usize) -> Option<Vec<Splice>> {
        let (map, key, value) = self.entry_at(tree, depth)?;
        if is_flow(text, map) {
            let entries: Vec<_> =
                map.entries().map(|(key, value)| key.span().start..value.span().end).collect();
            let index = entries.iter().position(|entry| entry.start == key.span().start)?;
            return Some(out_of_row(text, &entries, &[index]));
        }
        let mut lines = vec![];
        for depth in depth..self.path.len() {
            let (_, key, value) = self.entry_at(tree, depth)?;
            lines.push(line_start(text, key.span().start)..line_end(text, key.span().end));
            if is_flow(text, value) {
                lines.push(line_start(text, value.span().start)..line_end(text, value.span().end));
            }
        }
        let (_, _, list) = self.entry_at(tree, self.path.len() - 1)?;
        if !is_flow(text, value) {
            lines.extend(list.items().filter_map(|item| line_of(text, item)));
        }
        Some(without_lines(text, lines))
    }

    fn out_of_list(&self, text: &str, list: Node<'_, '_>) -> Result<Vec<Splice>, EditError> {
        let items: Vec<_> = list.items().collect();
        let value = |item: &Node<'_, '_>| item.scalar().map(ToString::to_string).unwrap_or_default();
        let ours = self.ours(&items.iter().map(value).collect::<Vec<_>>());
        if ours.len() < self.entries.len() && self.is_joined(&items) {
            let line = list.line();
            return Err(EditError::Unsupported(format!(
                "line {line}: somebody joined the names with others by commas; take them out by hand"
            )));
        }
        if is_flow(text, list) {
            let spans: Vec<_> = items.iter().map(|item| item.span()).collect();
            return Ok(out_of_row(text, &spans, &ours));
        }
        let lines = ours.iter().filter_map(|index| line_of(text, items[*index]));
        Ok(without_lines(text, lines.collect()))
    }

    /// Whether one of the entries is only a part of an item.
    fn is_joined(&self, items: &[Node<'_, '_>]) -> bool {
        let is_part = |item: &Node<'_, '_>, entry: &str| {
            item.scalar().is_some_and(|text| text.contains(',') && text.split(',').any(|part| part == entry))
        };
        self.entries.iter().any(|entry| items.iter().any(|item| is_part(item, entry)))
    }
}

/// The lines of a block list's entry.
fn line_of(text: &str, item: Node<'_, '_>) -> Option<Range<usize>> {
    Some(dash_line(text, item)?..line_end(text, item.span().end))
}

/// Entries between brackets or braces, each with the comma before it, or where it is the first, after it.
fn out_of_row(text: &str, entries: &[Range<usize>], ours: &[usize]) -> Vec<Splice> {
    let leading = (0..entries.len()).take_while(|index| ours.contains(index)).count();
    let mut splices = vec![];
    if leading > 0 {
        let end = entries.get(leading).map_or(entries[leading - 1].end, |next| next.start);
        splices.push((entries[0].start..end, String::new()));
    }
    for index in (leading..entries.len()).filter(|index| ours.contains(index)) {
        let (before, entry) = (entries[index - 1].end, &entries[index]);
        let between = &text[before..entry.start];
        match between.find(',') {
            // A comment of somebody else stays.
            Some(comma) if between.contains('#') => {
                splices.push((before + comma..before + comma + 1, String::new()));
                splices.push((entry.clone(), String::new()));
            }
            _ => splices.push((before..entry.end, String::new())),
        }
    }
    splices
}

fn out_of_scalar(value: Node<'_, '_>, rest: &[String]) -> Splice {
    let joined = rest.join(",");
    let new = match value.kind() {
        Kind::Scalar { style: ScalarStyle::Plain, .. } if !rest.is_empty() => joined,
        Kind::Scalar { style, .. } => encode(&joined, *style, Around::Flow),
        _ => joined,
    };
    (value.span(), new)
}
