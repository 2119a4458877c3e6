//! Checks and what they came to, for people: group by group, a line for each check, and below it what was found.

use std::io::{self, Write};

use console::Style;

use super::words::{few, tally, terms, verdict};
use crate::{
    outcome::Preflight,
    render::findings,
    report::{Check, Checked, Group, Severity, Verdict},
};

/// Longer lines are broken in front of the subjects.
const WIDTH: usize = 80;

pub(super) fn write(preflight: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    for group in Group::ALL {
        let rows: Vec<_> = preflight.rows.iter().filter(|row| row.check.group == *group).collect();
        if !rows.is_empty() {
            writeln!(out, "{}\n{}", Style::new().bold().apply_to(group.id()), "-".repeat(group.id().len()))?;
            rows.chunk_by(|a, b| a.check == b.check).try_for_each(|rows| check(rows[0].check, rows, out))?;
            skipped(&rows, out)?;
            writeln!(out)?;
        }
    }
    conclusion(preflight, out)
}

/// One line for all subjects of which it is so, and what was found of the others.
fn check(check: &Check, rows: &[&Checked], out: &mut dyn Write) -> io::Result<()> {
    let is_fine = |row: &&&Checked| row.verdict == Verdict::Passed && row.accepted.is_empty();
    let passed: Vec<&str> = rows.iter().filter(is_fine).map(|row| &*row.subject).collect();
    if !passed.is_empty() {
        let mark = Style::new().green().apply_to("ok  ");
        line(&mark, &format!("{}: {}", check.id, check.title), &few(&passed), out)?;
    }
    for row in rows {
        findings::write(row.findings(), out)?;
        for accepted in &row.accepted {
            let finding = &accepted.finding;
            let (subject, message) = (findings::plain(&finding.subject), findings::plain(&finding.message));
            let mark = Style::new().dim().apply_to("quiet");
            writeln!(out, "{mark} {subject}: {message} [{}]", finding.code.id())?;
            writeln!(out, "     {}", findings::plain(&terms(accepted)))?;
        }
    }
    Ok(())
}

/// One line for all subjects that nothing of the group could be seen of, for one reason.
fn skipped(rows: &[&Checked], out: &mut dyn Write) -> io::Result<()> {
    let mut reasons: Vec<(&str, Vec<&str>)> = vec![];
    for row in rows {
        let Verdict::Skipped(reason) = &row.verdict else { continue };
        match reasons.iter_mut().find(|(known, _)| known == reason) {
            Some((_, subjects)) if subjects.contains(&&*row.subject) => {}
            Some((_, subjects)) => subjects.push(&row.subject),
            None => reasons.push((reason, vec![&row.subject])),
        }
    }
    for (reason, subjects) in reasons {
        let mut checks: Vec<&str> = rows
            .iter()
            .filter(|row| matches!(&row.verdict, Verdict::Skipped(other) if other == reason))
            .map(|row| row.check.id)
            .collect();
        checks.dedup();
        let mark = Style::new().dim().apply_to("skip");
        let said = format!("{}: {}", checks.join(", "), findings::plain(reason));
        line(&mark, &said, &few(&subjects), out)?;
    }
    Ok(())
}

fn line(mark: &dyn std::fmt::Display, said: &str, of: &str, out: &mut dyn Write) -> io::Result<()> {
    let of = findings::plain(of);
    let is_short = 5 + said.chars().count() + 3 + of.chars().count() <= WIDTH;
    let between = if is_short { " " } else { "\n     " };
    writeln!(out, "{mark} {said}{between}({of})")
}

fn conclusion(preflight: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", tally(preflight))?;
    let mark = match preflight.worst() {
        _ if preflight.is_failed() => findings::style(Severity::Fail).bold().apply_to("fail"),
        Some(worst @ (Severity::Warn | Severity::Fail)) => findings::style(worst).apply_to("warn"),
        Some(Severity::Note) | None => Style::new().green().apply_to("ok  "),
    };
    writeln!(out, "{mark} {}", verdict(preflight))?;
    let worst = preflight.findings().max_by_key(|finding| finding.code.severity());
    worst.map_or(Ok(()), |worst| {
        writeln!(out, "     what a finding means is told by its id: `cpctl explain {}`", worst.code.id())
    })
}
