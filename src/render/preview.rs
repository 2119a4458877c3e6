//! A plan before it is carried out: what changes on which node, with diffs.

use std::io::{self, Write};

use console::Style;
use similar::{ChangeTag, TextDiff};

use super::findings;
use crate::{
    outcome::{FileDiff, Preview},
    plan::Step,
};

pub(super) fn write(preview: &Preview, out: &mut dyn Write) -> io::Result<()> {
    let cluster = &preview.plan.cluster;
    writeln!(out, "{}", preview.plan.title)?;
    match (&preview.ca, cluster.context.is_empty()) {
        (Some(ca), false) => writeln!(out, "context {}, CA sha256 {ca}", cluster.context)?,
        (Some(ca), true) => writeln!(out, "CA sha256 {ca}")?,
        _ => {}
    }
    for step in &preview.plan.steps {
        write_step(step, &preview.diffs, out)?;
    }
    writeln!(out)?;
    for proof in &preview.plan.finally {
        writeln!(out, "finally {proof}")?;
    }
    findings::write(&preview.findings, out)
}

fn write_step(step: &Step, diffs: &[FileDiff], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}: {}", Style::new().bold().apply_to(&step.node), step.why)?;
    for hold in &step.holds {
        writeln!(out, "  {hold}")?;
    }
    for change in &step.changes {
        writeln!(out, "  {change}")?;
        if let crate::plan::Change::Edit { path, .. } = change {
            for diff in diffs.iter().filter(|diff| diff.node == step.node && diff.path == *path) {
                write_diff(diff, out)?;
            }
        }
    }
    for settle in &step.settle {
        writeln!(out, "  {settle}")?;
    }
    if let Some(proof) = &step.proof {
        writeln!(out, "  {proof}")?;
    }
    for note in &step.notes {
        writeln!(out, "  note: {note}")?;
    }
    Ok(())
}

/// The changed lines with three lines around them, as `diff -u` shows them.
fn write_diff(diff: &FileDiff, out: &mut dyn Write) -> io::Result<()> {
    let text = TextDiff::from_lines(&diff.before, &diff.after);
    for hunk in text.unified_diff().context_radius(3).iter_hunks() {
        writeln!(out, "    {}", hunk.header())?;
        for change in hunk.iter_changes() {
            let (sign, style) = match change.tag() {
                ChangeTag::Delete => ('-', Style::new().red()),
                ChangeTag::Insert => ('+', Style::new().green()),
                ChangeTag::Equal => (' ', Style::new()),
            };
            let line = change.value().trim_end_matches(['\r', '\n']);
            writeln!(out, "    {}", style.apply_to(format!("{sign}{line}")))?;
        }
    }
    Ok(())
}
