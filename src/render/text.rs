//! Outcomes, for people.

use std::io::{self, Write};

use super::{
    completed, drift, explained, findings, front, inspection,
    inspection::{table, write_table},
    linted, preflight, preview, rehearsal, rendered, watched,
};
use crate::outcome::{Applied, Deed, NodesFound, Outcome, RunsFound, Shape, Verification};

pub(super) fn write(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    match outcome {
        Outcome::Inspection(seen) => inspection::write(seen, out),
        Outcome::Verification(verification) => verified(verification, out),
        Outcome::Front(seen) => front::write(seen, out),
        Outcome::Preflight(seen) => preflight::write(Shape::Text, seen, out),
        Outcome::Drift(seen) => drift::write(seen, out),
        Outcome::Linted(seen) => linted::write(seen, out),
        Outcome::Preview(seen) => preview::write(seen, out),
        Outcome::Applied(run) => applied(run, out),
        Outcome::Nodes(found) => nodes(found, out),
        Outcome::Runs(seen) => runs(seen, out),
        Outcome::Rehearsed(seen) => rehearsal::write(seen, out),
        Outcome::Rendered(seen) => rendered::write(seen, out),
        Outcome::Explained(codes) => explained::write(codes, out),
        Outcome::Watched(seen) => watched::write(seen, out),
        Outcome::Told => Ok(()),
        Outcome::Script(script) => out.write_all(script.as_bytes()),
        Outcome::Completed(seen) => completed::write(seen, out),
        Outcome::Refused(found) => {
            findings::write(found, out)?;
            writeln!(out, "nothing was changed")
        }
        Outcome::Declined => writeln!(out, "nothing was changed"),
    }
}

/// The presented certificates in PEM, leaf first; the verdicts of the text form go elsewhere.
pub(super) fn pem(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let Outcome::Inspection(seen) = outcome else { return write(outcome, out) };
    for (leaf, chain) in seen.rows.iter().filter_map(|row| row.certs()) {
        out.write_all(leaf.to_pem().as_bytes())?;
        for certificate in chain {
            out.write_all(certificate.to_pem().as_bytes())?;
        }
    }
    Ok(())
}

/// An inventory file.
pub(super) fn yaml(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let Outcome::Nodes(found) = outcome else { return write(outcome, out) };
    out.write_all(found.inventory.as_bytes())
}

fn verified(verification: &Verification, out: &mut dyn Write) -> io::Result<()> {
    let mut table = table();
    table.set_header(["WHERE", "ENDPOINT", "HANDSHAKES", "VERSION", "USER"]);
    for row in &verification.rows {
        table.add_row([
            row.subject.clone(),
            row.endpoint.to_string(),
            format!("{}/{}", row.handshakes, row.connections),
            row.version.clone().unwrap_or_else(|| "-".into()),
            row.user.clone().unwrap_or_else(|| "-".into()),
        ]);
    }
    write_table(&mut table, out)?;
    findings::write(&verification.findings, out)
}

fn applied(run: &Applied, out: &mut dyn Write) -> io::Result<()> {
    findings::write(&run.findings, out)?;
    if let Some(requests) = &run.requests {
        writeln!(out, "{requests}")?;
    }
    match (run.deed, &run.run) {
        (Deed::Done, Some(id)) => {
            writeln!(out, "{}: done {}", run.title, run.places)?;
            if run.lasts { writeln!(out, "to take it back: cpctl undo {id}") } else { Ok(()) }
        }
        (Deed::Undone, Some(id)) => {
            writeln!(out, "{}: run {id} taken back {}", run.title, run.places)
        }
        (Deed::NotDue, _) => Ok(()),
        _ => writeln!(out, "{}: nothing to do", run.title),
    }
}

fn nodes(found: &NodesFound, out: &mut dyn Write) -> io::Result<()> {
    let mut table = table();
    table.set_header(["NAME", "HOST", "API", "DISTRIBUTION", "ROLE"]);
    for node in &found.nodes {
        let user = node.target.user.as_deref().map(|user| format!("{user}@")).unwrap_or_default();
        table.add_row([
            node.target.name.clone(),
            format!("{user}{}", node.target.host),
            node.api.as_ref().map_or_else(|| "-".into(), ToString::to_string),
            node.distribution.clone().unwrap_or_else(|| "-".into()),
            node.role.clone().unwrap_or_else(|| "-".into()),
        ]);
    }
    write_table(&mut table, out)?;
    if let Some(endpoint) = &found.endpoint {
        writeln!(out, "endpoint {endpoint}")?;
    }
    for balancer in &found.balancers {
        let (target, socket) = (&balancer.target, balancer.socket.display());
        writeln!(out, "balancer {} at {}, {socket}", target.name, target.host)?;
    }
    writeln!(out, "found by {}", found.how)?;
    findings::write(&found.findings, out)
}

fn runs(seen: &RunsFound, out: &mut dyn Write) -> io::Result<()> {
    if seen.runs.is_empty() {
        writeln!(out, "no runs")?;
        return findings::write(&seen.findings, out);
    }
    let mut table = table();
    table.set_header(["RUN", "STARTED", "STATE", "RECORD", "WHAT", "WHERE"]);
    for run in &seen.runs {
        let started = run.started.strftime("%Y-%m-%d %H:%M UTC").to_string();
        table.add_row([&run.run, &started, &run.state, &run.kept, &run.title, &run.places.to_string()]);
    }
    write_table(&mut table, out)?;
    findings::write(&seen.findings, out)
}
