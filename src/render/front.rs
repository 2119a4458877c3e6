//! What the balancer in front does, for people: the verdict, and what it rests on.

use std::io::{self, Write};

use super::{
    findings,
    inspection::{table, write_table},
};
use crate::{
    outcome::{
        Front,
        front::{Asks, Chain, Evidence, Face, Ready, Shown, User},
    },
    probe::Plain,
};

/// As much of a fingerprint as tells certificates apart.
const CUT: usize = 16;

pub(super) fn write(front: &Front, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", front.judgement.sentence)?;
    writeln!(out)?;
    faces(&front.seen, out)?;
    notes(&front.seen, out)?;
    if !(front.findings.is_empty() && front.judgement.untold.is_empty()) {
        writeln!(out)?;
    }
    findings::write(&front.findings, out)?;
    for untold in &front.judgement.untold {
        writeln!(out, "not told: {untold}")?;
    }
    Ok(())
}

fn faces(seen: &Evidence, out: &mut dyn Write) -> io::Result<()> {
    let mut table = table();
    table.set_header([
        "WHERE",
        "ADDRESS",
        "TLS",
        "ALPN",
        "CERTIFICATE",
        "CA",
        "NAME",
        "ASKS",
        "TICKETS",
        "READY",
        "USER",
    ]);
    for (who, face) in rows(seen) {
        table.add_row([vec![who.to_owned(), face.at.to_string()], cells(face)].concat());
    }
    write_table(&mut table, out)
}

fn rows(seen: &Evidence) -> impl Iterator<Item = (&str, &Face)> {
    let nodes = seen.nodes.iter().map(|node| (node.name.as_str(), &node.face));
    std::iter::once(("endpoint", &seen.front)).chain(nodes)
}

fn cells(face: &Face) -> Vec<String> {
    let Ok(shown) = &face.tls else { return vec!["-".to_owned(); 9] };
    let cells = [
        shown.version.trim_start_matches("TLS "),
        shown.alpn.as_deref().unwrap_or("-"),
        shown.fingerprint.get(..CUT).unwrap_or(&shown.fingerprint),
        match shown.chain {
            Chain::Leads => "yes",
            Chain::Strays(_) => "no",
            Chain::Unjudged => "-",
        },
        if shown.names_host { "yes" } else { "no" },
        match shown.asks {
            Asks::For(_) => "yes",
            Asks::No => "no",
            Asks::Untold => "-",
        },
    ];
    let tickets = shown.tickets.map_or_else(|| "-".to_owned(), |count| count.to_string());
    let rest = [tickets, ready(face, shown), user(&face.user)];
    cells.into_iter().map(str::to_owned).chain(rest).collect()
}

fn ready(face: &Face, shown: &Shown) -> String {
    match (&face.ready, &shown.said) {
        (Ready::Yes, _) => "yes".into(),
        (Ready::No(_), _) => "no".into(),
        (Ready::Untold, Some(said)) => said.status.to_string(),
        (Ready::Untold, None) => "-".into(),
    }
}

fn user(user: &User) -> String {
    match user {
        User::Named(name) => name.clone(),
        User::Refused(status) => format!("refused ({status})"),
        User::Untold => "-".into(),
    }
}

fn notes(seen: &Evidence, out: &mut dyn Write) -> io::Result<()> {
    if !seen.samples.is_empty() {
        let answered = seen.samples.iter().flatten().count();
        writeln!(out, "fresh connections: {} made, {answered} answered{}", seen.samples.len(), shares(seen))?;
    }
    writeln!(out, "in plain HTTP: {}", in_plain(seen))?;
    let took = rows(seen).filter_map(|(who, face)| {
        let took = face.tls.as_ref().ok()?.took?;
        Some(format!("{who} {} ms", took.as_millis()))
    });
    let took: Vec<_> = took.collect();
    if !took.is_empty() {
        writeln!(out, "handshakes took: {}", took.join(", "))?;
    }
    for (who, face) in rows(seen) {
        if let Err(error) = &face.tls {
            let (words, place) = (error.to_string(), format!("{}: ", face.at));
            writeln!(out, "{who}: {}", words.strip_prefix(&place).unwrap_or(&words))?;
        }
    }
    Ok(())
}

/// What each says without TLS; those that say the same are told together.
fn in_plain(seen: &Evidence) -> String {
    let mut told: Vec<(String, Vec<&str>)> = vec![];
    for (who, face) in rows(seen) {
        let words = plain(&face.plain);
        match told.iter_mut().find(|(known, _)| *known == words) {
            Some((_, all)) => all.push(who),
            None => told.push((words, vec![who])),
        }
    }
    let told = told.into_iter().map(|(words, all)| format!("{}: {words}", all.join(", ")));
    told.collect::<Vec<_>>().join("; ")
}

/// How many of the connections met whom.
fn shares(seen: &Evidence) -> String {
    let shares = seen.met().into_iter().map(|(fingerprint, count)| {
        let who = seen.node_of(fingerprint).or(fingerprint.get(..CUT)).unwrap_or(fingerprint);
        format!("{who} {count}")
    });
    let mut shares: Vec<_> = shares.collect();
    shares.sort_unstable();
    if shares.is_empty() { String::new() } else { format!(": {}", shares.join(", ")) }
}

/// What was said without TLS, on one line.
pub(super) fn plain(plain: &Plain) -> String {
    match plain {
        Plain::Said(said) => {
            let line = said.body.lines().next().unwrap_or_default();
            let line: String = line.chars().filter(|c| !c.is_control()).take(60).collect();
            format!("answers {} `{line}`", said.status)
        }
        Plain::Else => "answers something else".into(),
        Plain::HungUp => "hangs up".into(),
        Plain::Silent => "stays silent".into(),
        Plain::Unreached => "is not reached".into(),
    }
}
