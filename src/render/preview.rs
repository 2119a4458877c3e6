//! A plan before it is carried out: what changes on which node, with diffs.

use std::io::{self, Write};

use console::Style;
use similar::{ChangeTag, TextDiff};

use super::{findings, lines::broken, notes::Notes};
use crate::{
    edit::{Edit, yaml::ListEdit},
    outcome::{FileDiff, Preview},
    plan::{Change, Plan, Replace, Step},
};

pub(super) fn write(preview: &Preview, out: &mut dyn Write) -> io::Result<()> {
    let cluster = &preview.plan.cluster;
    writeln!(out, "{}", preview.plan.title)?;
    match (&preview.ca, cluster.context.is_empty()) {
        (Some(ca), false) => writeln!(out, "context {}, CA sha256 {ca}", cluster.context)?,
        (Some(ca), true) => writeln!(out, "CA sha256 {ca}")?,
        _ => {}
    }
    let notes = Notes::of(&preview.plan);
    for step in &preview.plan.steps {
        write_step(step, &preview.diffs, out)?;
        notes.write_own(step, out)?;
    }
    notes.write_shared(out)?;
    if !preview.plan.finally.is_empty() || !preview.findings.is_empty() {
        writeln!(out)?;
    }
    write_finally(&preview.plan, out)?;
    findings::write(&preview.findings, out)
}

/// What is proved once all is done; proofs of single steps are named, not told twice.
fn write_finally(plan: &Plan, out: &mut dyn Write) -> io::Result<()> {
    let is_of = |step: &&Step| step.proofs.iter().any(|proof| plan.finally.contains(proof));
    let again: Vec<_> = plan.steps.iter().filter(is_of).map(|step| step.node.as_str()).collect();
    if !again.is_empty() {
        writeln!(out, "finally prove the same once more on {}", broken(&again.join(", "), 36, 2))?;
    }
    for proof in &plan.finally {
        if plan.steps.iter().all(|step| !step.proofs.contains(proof)) {
            writeln!(out, "finally {}", broken(&proof.to_string(), 8, 2))?;
        }
    }
    Ok(())
}

fn write_step(step: &Step, diffs: &[FileDiff], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}: {}", Style::new().bold().apply_to(&step.node), step.why)?;
    for hold in &step.holds {
        writeln!(out, "  {hold}")?;
    }
    for (index, change) in step.changes.iter().enumerate() {
        write_change(change, out)?;
        if let Change::Replace(Replace { file, .. }) = change {
            let of_file = diffs.iter().filter(|diff| diff.node == step.node && diff.path == *file);
            of_file.into_iter().try_for_each(|diff| write_diff(diff, out))?;
        }
        let Some((path, edit)) = change.edit() else { continue };
        // Several edits of one file make one diff, after the last of them.
        let is_of_path = |other: &Change| other.edit().is_some_and(|(other, _)| other == path);
        let is_last = !step.changes[index + 1..].iter().any(is_of_path);
        let of_text = diffs.iter().filter(|diff| is_last && diff.node == step.node && diff.path == path);
        for diff in of_text.filter(|diff| is_made_by(step, diff, diffs)) {
            match edit {
                Edit::Scalar(_) => write_values(diff, out)?,
                Edit::AddNames(_) | Edit::RemoveNames(_) | Edit::Cut(_) | Edit::Paste(_) => {
                    write_diff(diff, out)?
                }
                Edit::AddToList(list) | Edit::RemoveFromList(list) => write_entries(diff, list, out)?,
                // All there is to see of it stands in the line above.
                Edit::AddKey(_) | Edit::RemoveKey(_) | Edit::Word(_) => {}
            }
        }
    }
    for settle in &step.settle {
        writeln!(out, "  {settle}")?;
    }
    for proof in &step.proofs {
        writeln!(out, "  {}", broken(&proof.to_string(), 2, 4))?;
    }
    Ok(())
}

/// Whether a step makes this of a text that other steps change too.
fn is_made_by(step: &Step, diff: &FileDiff, diffs: &[FileDiff]) -> bool {
    let is_of_text = |other: &&FileDiff| other.node == diff.node && other.path == diff.path;
    let edits = step.changes.iter().filter_map(Change::edit).filter(|(path, _)| *path == diff.path);
    let made = edits.map(|(_, edit)| edit).try_fold(diff.before.clone(), |text, edit| edit.make(&text));
    diffs.iter().filter(is_of_text).count() == 1 || made.is_ok_and(|made| made == diff.after)
}

/// Commands stand on lines of their own, so that they can be copied, and a new file is shown in full.
fn write_change(change: &Change, out: &mut dyn Write) -> io::Result<()> {
    let (commands, rewrites) = match change {
        Change::Run { commands, rewrites, undo: _ } => (commands, rewrites),
        Change::Create { text, .. } => {
            writeln!(out, "  {change}")?;
            return text.lines().try_for_each(|line| write_line(ChangeTag::Insert, line, out));
        }
        Change::Edit { .. } | Change::EditObject { .. } | Change::Reissue(_) | Change::Replace(_) => {
            return writeln!(out, "  {change}");
        }
    };
    for command in commands {
        writeln!(out, "  run `{command}`")?;
    }
    if rewrites.is_empty() {
        return Ok(());
    }
    let files: Vec<_> = rewrites.iter().map(|path| path.display().to_string()).collect();
    writeln!(out, "    which rewrites {}", broken(&files.join(", "), 19, 6))
}

/// The changed lines with three lines around them, as `diff -u` shows them.
fn write_diff(diff: &FileDiff, out: &mut dyn Write) -> io::Result<()> {
    let text = TextDiff::from_lines(&diff.before, &diff.after);
    for hunk in text.unified_diff().context_radius(3).iter_hunks() {
        writeln!(out, "    {}", hunk.header())?;
        for change in hunk.iter_changes() {
            write_line(change.tag(), change.value(), out)?;
        }
    }
    Ok(())
}

/// The changed values alone, with their keys: the lines around them, or the rest of a line in flow style, may hold a
/// token or a key.
fn write_values(diff: &FileDiff, out: &mut dyn Write) -> io::Result<()> {
    for (number, (old, new)) in diff.before.lines().zip(diff.after.lines()).enumerate() {
        if old != new {
            let (old, new) = without_the_rest(old, new);
            writeln!(out, "    line {}", number + 1)?;
            write_line(ChangeTag::Delete, &old, out)?;
            write_line(ChangeTag::Insert, &new, out)?;
        }
    }
    Ok(())
}

/// The changed lines of a list alone: those around them may hold a token, and so may a line that begins with another key.
fn write_entries(diff: &FileDiff, list: &ListEdit, out: &mut dyn Write) -> io::Result<()> {
    let is_of_list = |line: &str| {
        let line = line.trim_start().trim_start_matches(['"', '\'']);
        line.starts_with('-') || list.path.iter().any(|key| line.starts_with(key.as_str()))
    };
    let text = TextDiff::from_lines(&diff.before, &diff.after);
    for hunk in text.unified_diff().context_radius(0).iter_hunks() {
        writeln!(out, "    {}", hunk.header())?;
        for change in hunk.iter_changes() {
            let shown = if is_of_list(change.value()) { change.value() } else { "\u{2026}" };
            write_line(change.tag(), shown, out)?;
        }
    }
    Ok(())
}

/// Two versions of a line from the key before their difference to the end of the value after it.
fn without_the_rest(old: &str, new: &str) -> (String, String) {
    let is_same = |(left, right): &(char, char)| left == right;
    let common: usize = old.chars().zip(new.chars()).take_while(is_same).map(|(one, _)| one.len_utf8()).sum();
    let start = old[..common].rfind([',', '{']).map_or(0, |before| before + 1);
    let cut = |line: &str| {
        let end = line[common..].find([',', '}']).map_or(line.len(), |end| common + end);
        let mark = |is_cut: bool| if is_cut { "\u{2026}" } else { "" };
        format!("{}{}{}", mark(start > 0), &line[start..end], mark(end < line.len()))
    };
    (cut(old), cut(new))
}

fn write_line(tag: ChangeTag, line: &str, out: &mut dyn Write) -> io::Result<()> {
    let (sign, style) = match tag {
        ChangeTag::Delete => ('-', Style::new().red()),
        ChangeTag::Insert => ('+', Style::new().green()),
        ChangeTag::Equal => (' ', Style::new()),
    };
    writeln!(out, "    {}", style.apply_to(format!("{sign}{line}").trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::yaml::Reading;

    #[test]
    fn a_changed_value_is_shown_without_the_secrets_beside_it() {
        for (old, new, shown) in [
            (
                "    server: https://a:1  # the first, for now",
                "    server: https://b:1  # the first, for now",
                (
                    "    server: https://a:1  # the first\u{2026}",
                    "    server: https://b:1  # the first\u{2026}",
                ),
            ),
            (
                r#"{"token":"s3cret","server":"https://a:1","password":"s3cret"}"#,
                r#"{"token":"s3cret","server":"https://b:1","password":"s3cret"}"#,
                ("\u{2026}\"server\":\"https://a:1\"\u{2026}", "\u{2026}\"server\":\"https://b:1\"\u{2026}"),
            ),
        ] {
            let (before, after) = without_the_rest(old, new);

            assert_eq!((before.as_str(), after.as_str()), shown);
        }
    }

    #[test]
    fn the_lines_around_a_value_are_not_shown() {
        let text = |server: &str| {
            format!("users:\n- user: {{token: s3cret}}\nclusters:\n- cluster:\n    server: {server}\n")
        };
        let diff = FileDiff {
            node: "localhost".into(),
            path: "config".into(),
            before: text("https://a:1"),
            after: text("https://b:1"),
        };
        let mut out = vec![];

        write_values(&diff, &mut out).unwrap();

        assert_eq!(
            String::from_utf8(out).unwrap(),
            "    line 5\n    -    server: https://a:1\n    +    server: https://b:1\n"
        );
    }

    #[test]
    fn the_lines_of_a_list_are_shown_and_no_other() {
        let list = ListEdit::adding("", &["tls-san"], &["x".into()], Reading::Flag).unwrap();
        for (before, after, shown) in [
            (
                "token: s3cret\ntls-san:\n- a\n",
                "token: s3cret\ntls-san:\n- a\n- x\n",
                "    @@ -3,0 +4 @@\n    +- x\n",
            ),
            (
                "token: s3cret\n'tls-san': a\n",
                "token: s3cret\n'tls-san': [a, 'x']\n",
                "    @@ -2 +2 @@\n    -'tls-san': a\n    +'tls-san': [a, 'x']\n",
            ),
            (
                r#"{"token": "s3cret", "tls-san": ["a"]}"#,
                r#"{"token": "s3cret", "tls-san": ["a", "x"]}"#,
                "    @@ -1 +1 @@\n    -\u{2026}\n    +\u{2026}\n",
            ),
        ] {
            let (before, after) = (before.to_owned(), after.to_owned());
            let diff = FileDiff { node: "cp1".into(), path: "config.yaml".into(), before, after };
            let mut out = vec![];

            write_entries(&diff, &list, &mut out).unwrap();

            assert_eq!(String::from_utf8(out).unwrap(), shown);
        }
    }

    #[test]
    fn a_new_file_is_shown_in_full() {
        let change = Change::Create {
            path: "/x.d/99.yaml".into(),
            text: "a:\n- b\n".into(),
            mode: 0o600,
            judge: None,
        };
        let mut out = vec![];

        write_change(&change, &mut out).unwrap();

        assert_eq!(String::from_utf8(out).unwrap(), "  create /x.d/99.yaml, mode 0600\n    +a:\n    +- b\n");
    }
}
