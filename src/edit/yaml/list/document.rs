//! One document of a text that may hold several, told by its `kind`.

use std::ops::Range;

use super::{super::Tree, ListEdit};
use crate::edit::EditError;

/// The document of this kind, with the line that begins it.
pub fn document<'t>(text: &'t str, kind: &str) -> Result<&'t str, EditError> {
    range(text, kind).map(|range| &text[range])
}

impl ListEdit {
    /// The text with the entries in the list.
    pub(in crate::edit) fn add(&self, text: &str) -> Result<String, EditError> {
        self.within(text, |text| self.put_in(text))
    }

    /// The text without the entries: as it was before they came, where nobody wrote beside them since.
    pub(in crate::edit) fn remove(&self, text: &str) -> Result<String, EditError> {
        self.within(text, |text| self.take_out(text))
    }

    /// The document that is meant, or all of the text.
    pub(super) fn part<'t>(&self, text: &'t str) -> Result<&'t str, EditError> {
        self.document.as_deref().map_or(Ok(text), |kind| document(text, kind))
    }

    fn within(
        &self,
        text: &str,
        edit: impl Fn(&str) -> Result<String, EditError>,
    ) -> Result<String, EditError> {
        let part = self.document.as_deref().map_or(Ok(0..text.len()), |kind| range(text, kind))?;
        let after = edit(&text[part.clone()])?;
        Ok([&text[..part.start], &after, &text[part.end..]].concat())
    }
}

fn range(text: &str, kind: &str) -> Result<Range<usize>, EditError> {
    // What is wrong with the text is told with its own lines.
    Tree::parse(text)?;
    let mut found = parts(text).into_iter().filter(|part| is_of(&text[part.clone()], kind));
    match (found.next(), found.next()) {
        (Some(_), Some(_)) => {
            Err(EditError::Unsupported(format!("it holds {kind} twice; leave one in the file")))
        }
        (Some(part), None) => Ok(part),
        (None, _) => Err(EditError::NotFound(kind.to_owned())),
    }
}

/// The documents of a text; `---` at the start of a line begins one, for no value can stand so far to the left.
fn parts(text: &str) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let rest = line.strip_prefix("---");
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace)) && at > 0 {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().copied().skip(1).chain([text.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

fn is_of(part: &str, kind: &str) -> bool {
    let Ok(tree) = Tree::parse(part) else { return false };
    let found = tree.first().and_then(|root| root.get("kind")?.scalar());
    tree.documents() == 1 && found.is_some_and(|found| found == kind)
}
