//! Checks as one web page for a change's ticket, which loads nothing.

use std::io::{self, Write};

use super::{
    names,
    style::STYLE,
    words::{few, tally, terms, verdict},
};
use crate::{
    outcome::Preflight,
    render::{
        findings::word,
        page::{self, escaped, sentence},
    },
    report::{Checked, Finding, Group, Severity, Verdict},
};

pub(super) fn write(preflight: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    let verdict = verdict(preflight);
    page::begin(&escaped(&sentence(verdict)), STYLE, out)?;
    writeln!(out, "<h1 class=\"{}\">{}</h1>", class(preflight), escaped(&sentence(verdict)))?;
    let made = preflight.now.strftime("%Y-%m-%d %H:%M UTC");
    writeln!(
        out,
        "<p class=\"soft\">{}.</p>\n<p class=\"soft\">Checked on {made}.</p>",
        escaped(&tally(preflight))
    )?;
    Group::ALL.iter().try_for_each(|group| said(preflight, *group, out))?;
    accepted(preflight, out)?;
    names::matrix(&preflight.nodes, preflight.to.as_ref(), out)?;
    names::bars(preflight, out)?;
    checks(preflight, out)?;
    writeln!(out, "</main>\n</body>\n</html>")
}

fn class(preflight: &Preflight) -> &'static str {
    match preflight.worst() {
        _ if preflight.is_failed() => "fail",
        Some(Severity::Warn | Severity::Fail) => "warn",
        Some(Severity::Note) | None => "ok",
    }
}

/// All that was found in a group.
fn said(preflight: &Preflight, group: Group, out: &mut dyn Write) -> io::Result<()> {
    let rows = preflight.rows.iter().filter(|row| row.check.group == group);
    let findings: Vec<&Finding> = rows.flat_map(Checked::findings).collect();
    if findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section>\n<h2>{} <span>{} found</span></h2>", sentence(group.id()), findings.len())?;
    for finding in findings {
        let severity = word(finding.code.severity());
        writeln!(out, "<div class=\"said {severity}\">")?;
        head(finding, severity, out)?;
        if let Some(remedy) = &finding.remedy {
            writeln!(out, "<pre>{}</pre>", escaped(remedy))?;
        }
        writeln!(out, "</div>")?;
    }
    writeln!(out, "</section>")
}

fn head(finding: &Finding, word: &str, out: &mut dyn Write) -> io::Result<()> {
    let line = finding.at.as_ref().map(|at| format!(":{}", at.line)).unwrap_or_default();
    let (subject, id) = (escaped(&finding.subject), finding.code.id());
    writeln!(out, "<h3><b class=\"{word}\">{word}</b> {subject}{line} <code>{id}</code></h3>")?;
    writeln!(out, "<p>{}</p>", escaped(&finding.message))?;
    finding.at.as_ref().map_or(Ok(()), |at| writeln!(out, "<p><code>{}</code></p>", escaped(&at.quote)))
}

fn accepted(preflight: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    let count = preflight.accepted().count();
    if count == 0 {
        return Ok(());
    }
    writeln!(out, "<section>\n<h2>Accepted <span>{count}, none of which counts</span></h2>")?;
    for accepted in preflight.accepted() {
        writeln!(out, "<div class=\"said\">")?;
        head(&accepted.finding, "quiet", out)?;
        writeln!(out, "<p>{}</p>\n</div>", escaped(&sentence(&terms(accepted))))?;
    }
    writeln!(out, "</section>")
}

/// Each check on a line, with how many subjects it came to what for.
fn checks(preflight: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section>\n<h2>Checks</h2>\n<div class=\"wide\"><table>")?;
    let head = ["Group", "Check", "Passed", "Found", "Skipped"];
    writeln!(out, "<tr>{}</tr>", head.map(|cell| format!("<th>{cell}</th>")).concat())?;
    for rows in preflight.rows.chunk_by(|a, b| a.check == b.check) {
        let of = |is: fn(&Verdict) -> bool| {
            let subjects: Vec<&str> =
                rows.iter().filter(|row| is(&row.verdict)).map(|row| &*row.subject).collect();
            if subjects.is_empty() { "-".to_owned() } else { few(&subjects) }
        };
        let cells = [
            rows[0].check.group.id().to_owned(),
            rows[0].check.id.to_owned(),
            of(|verdict| *verdict == Verdict::Passed),
            of(|verdict| matches!(verdict, Verdict::Found(_))),
            of(|verdict| matches!(verdict, Verdict::Skipped(_))),
        ];
        let cells = cells.map(|cell| format!("<td>{}</td>", escaped(&cell)));
        writeln!(out, "<tr title=\"{}\">{}</tr>", escaped(rows[0].check.title), cells.concat())?;
    }
    writeln!(out, "</table></div>\n</section>")
}
