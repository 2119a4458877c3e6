//! Certificates, for people: a card each, a line each, and the matrix of names.

use std::io::{self, Write};

use comfy_table::{Table, presets};
use jiff::Timestamp;

use super::{findings, lines::broken};
use crate::{
    outcome::{Inspected, Inspection, Server},
    probe::Verdict,
    san::{San, SanSet},
};

/// Columns for an address, and for the names, in the lines that are told as servers answer.
const SUBJECT: usize = 22;
const NAMES: usize = 80;

pub(super) fn write(inspection: &Inspection, out: &mut dyn Write) -> io::Result<()> {
    if !inspection.streamed {
        for row in &inspection.rows {
            card(row, inspection, out)?;
        }
        if inspection.rows.len() > 1 {
            matrix(&inspection.rows, out)?;
        }
    }
    findings::write(&inspection.findings, out)
}

/// One server on one line, told as it comes: who, for how long, whether trusted, and by which names.
pub(super) fn line(row: &Inspected, now: Timestamp, out: &mut dyn Write) -> io::Result<()> {
    let Some((leaf, _)) = row.certs() else { return unseen_line(row, out) };
    let days = leaf.remaining(now).as_hours() / 24;
    writeln!(
        out,
        "{:<SUBJECT$}  {days:>4} days  {:<10}  {}",
        row.subject(),
        row.verdict().map_or("not judged", trust_word),
        shortened(&leaf.sans)
    )
}

/// As many names as a line has room for, those of the server itself before those that every API server carries.
fn shortened(sans: &SanSet) -> String {
    let mut names: Vec<String> = sans.iter().map(ToString::to_string).collect();
    names.sort_by_key(|name| name == "kubernetes" || name.starts_with("kubernetes."));
    let mut length = 0;
    let fitting = names.iter().take_while(|name| {
        length += name.chars().count() + 2;
        length <= NAMES
    });
    let shown = fitting.count().max(1).min(names.len());
    let rest = names.len() - shown;
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("{}{more}", names[..shown].join(", "))
}

fn card(row: &Inspected, inspection: &Inspection, out: &mut dyn Write) -> io::Result<()> {
    match row {
        Inspected::Server(server) if server.endpoint.to_string() != server.subject => {
            writeln!(out, "{} ({})", server.subject, server.endpoint)?;
        }
        _ => writeln!(out, "{}", row.subject())?,
    }
    let Some((leaf, chain)) = row.certs() else { return unseen(row, out).and_then(|()| writeln!(out)) };
    for (label, value) in [
        ("names", leaf.sans.to_string()),
        ("subject", leaf.subject.clone()),
        ("issuer", leaf.issuer.clone()),
        ("serial", leaf.serial.clone()),
        ("valid", validity(leaf.not_before, leaf.not_after, inspection.now)),
        ("key", leaf.key.clone()),
        ("sha256", leaf.fingerprint.clone()),
        ("chain", judged(chain.len() + 1, row.verdict(), inspection)),
    ] {
        writeln!(out, "  {label:<8} {}", if label == "names" { broken(&value, 11, 11) } else { value })?;
    }
    if let Inspected::Server(Server { shown: Ok(shown), .. }) = row {
        let alpn = shown.alpn.as_deref().map(|alpn| format!(", {alpn}")).unwrap_or_default();
        writeln!(out, "  {:<8} {}, {}{alpn}", "tls", shown.version, shown.cipher)?;
    }
    writeln!(out)
}

/// A server that showed nothing, and why.
fn unseen(row: &Inspected, out: &mut dyn Write) -> io::Result<()> {
    match row {
        Inspected::Server(Server { endpoint, shown: Err(error), .. }) => {
            let (error, place) = (error.to_string(), format!("{endpoint}: "));
            writeln!(out, "  {}", error.strip_prefix(&place).unwrap_or(&error))
        }
        _ => Ok(()),
    }
}

/// The same on one line.
fn unseen_line(row: &Inspected, out: &mut dyn Write) -> io::Result<()> {
    match row {
        // The error names the endpoint, which is the subject of all but nodes.
        Inspected::Server(Server { subject, endpoint, shown: Err(error), .. }) => {
            let subject = if *subject == endpoint.to_string() { "" } else { subject };
            writeln!(out, "{subject}{}{error}", if subject.is_empty() { "" } else { "  " })
        }
        _ => Ok(()),
    }
}

fn validity(from: Timestamp, until: Timestamp, now: Timestamp) -> String {
    let days = until.duration_since(now).as_hours() / 24;
    let left = match days {
        _ if until <= now => format!("expired {} days ago", -days),
        _ if from > now => "not yet valid".into(),
        1 => "1 day left".into(),
        _ => format!("{days} days left"),
    };
    format!("{} until {} ({left})", from.strftime("%Y-%m-%d %H:%M"), until.strftime("%Y-%m-%d %H:%M UTC"))
}

fn judged(sent: usize, verdict: Option<&Verdict>, inspection: &Inspection) -> String {
    let sent = if sent == 1 { "1 certificate".to_owned() } else { format!("{sent} certificates") };
    match (verdict, &inspection.judged_by) {
        (Some(verdict), Some(judge)) => match &verdict.chain {
            None => format!("{sent}, verifies against {judge}"),
            Some(reason) => format!("{sent}, does not verify against {judge}: {reason}"),
        },
        _ => format!("{sent}, not judged: no CA at hand"),
    }
}

fn trust_word(verdict: &Verdict) -> &'static str {
    if verdict.chain.is_none() { "trusted" } else { "untrusted" }
}

/// Which server carries which name; names that all carry come first.
fn matrix(rows: &[Inspected], out: &mut dyn Write) -> io::Result<()> {
    let seen: Vec<(&str, &SanSet)> =
        rows.iter().filter_map(|row| Some((row.subject(), &row.certs()?.0.sans))).collect();
    if seen.is_empty() {
        return Ok(());
    }
    let mut names: Vec<&San> = seen
        .iter()
        .flat_map(|(_, sans)| sans.iter())
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    names.sort_by_key(|name| !seen.iter().all(|(_, sans)| sans.contains(name)));
    let mut table = table();
    table.set_header(std::iter::once("NAME").chain(seen.iter().map(|(subject, _)| *subject)));
    for name in names {
        let marks = seen.iter().map(|(_, sans)| if sans.contains(name) { "yes" } else { "-" }.to_owned());
        table.add_row(std::iter::once(name.to_string()).chain(marks));
    }
    write_table(&mut table, out)?;
    writeln!(out)
}

/// A table without lines, as kubectl prints them.
pub(super) fn table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table
}

/// Writes a table flush left, two spaces between the columns.
pub(super) fn write_table(table: &mut Table, out: &mut dyn Write) -> io::Result<()> {
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    writeln!(out, "{}", table.trim_fmt())
}
