//! Characters and lines put into a text, and taken out of it.

use std::ops::Range;

/// Other characters for a piece of a text.
pub(super) type Splice = (Range<usize>, String);

/// The text with all splices made; they do not overlap.
pub(super) fn spliced(text: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|(range, _)| (range.start, range.end));
    let mut after = text.to_owned();
    for (range, new) in splices.into_iter().rev() {
        after.replace_range(range, &new);
    }
    after
}

/// Where the line of this place ends; a place at the beginning of a line ends the one before.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    if at > 0 && text[..at].ends_with('\n') {
        return at;
    }
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// Lines put in between two others; at an open end the line ending goes before each.
pub(super) fn inserted(text: &str, at: usize, lines: &[String]) -> Splice {
    let ending = match text[..at].strip_suffix('\n') {
        Some(line) if line.ends_with('\r') => "\r\n",
        Some(_) => "\n",
        None if text.contains("\r\n") => "\r\n",
        None => "\n",
    };
    let is_open = at > 0 && !text[..at].ends_with('\n');
    let new =
        lines.iter().map(|line| if is_open { format!("{ending}{line}") } else { format!("{line}{ending}") });
    (at..at, new.collect())
}

/// Whole lines taken out; the last one of a text with an open end takes the line ending before it along.
pub(super) fn without_lines(text: &str, mut lines: Vec<Range<usize>>) -> Vec<Splice> {
    lines.sort_by_key(|line| (line.start, line.end));
    let mut runs: Vec<Range<usize>> = vec![];
    for line in lines {
        match runs.last_mut() {
            Some(run) if line.start <= run.end => run.end = run.end.max(line.end),
            _ => runs.push(line),
        }
    }
    if let Some(run) = runs.last_mut()
        && run.end == text.len()
        && !text.ends_with('\n')
    {
        let above = &text[..run.start];
        let above = above.strip_suffix('\n').map_or(above, |line| line.strip_suffix('\r').unwrap_or(line));
        run.start = above.len();
    }
    runs.into_iter().map(|run| (run, String::new())).collect()
}
