//! Which node has which name, and until when, on the page of checks.

use std::{
    fmt::Display,
    io::{self, Write},
};

use jiff::{SignedDuration, Timestamp};

use crate::{
    cert::ServingCert,
    endpoint::Endpoint,
    outcome::{Filed, Preflight, Standing},
    render::page::escaped,
    san::{San, SanSet},
};

/// From here on a bar warns, as the check does.
const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A line for each name, a column for each node.
pub(super) fn matrix(nodes: &[Standing], to: Option<&Endpoint>, out: &mut dyn Write) -> io::Result<()> {
    if nodes.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section>\n<h2>Names <span>of each API server</span></h2>\n<div class=\"wide\"><table>")?;
    let heads: String = nodes.iter().map(|node| format!("<th>{}</th>", escaped(&node.node))).collect();
    writeln!(out, "<tr><th>Name</th>{heads}</tr>")?;
    let wanted = to.map(|to| to.host.clone());
    let names = nodes.iter().fold(SanSet::default(), |all, node| all.union(&named(node)));
    let others = names.iter().filter(|name| Some(*name) != wanted.as_ref());
    for name in wanted.iter().chain(others) {
        let cells: String = nodes.iter().map(|node| cell(node, name)).collect();
        writeln!(out, "<tr><th class=\"name\">{}</th>{cells}</tr>", escaped(&name.to_string()))?;
    }
    writeln!(out, "</table></div>")?;
    writeln!(
        out,
        "<p class=\"soft\">served: clients see it; disk: in the file and not yet served; asked: configured and not \
         yet signed.</p>\n</section>"
    )
}

fn named(node: &Standing) -> SanSet {
    let certs = [node.on_disk.as_ref(), node.leaf()].into_iter().flatten();
    certs.fold(node.configured.union(&node.derived), |all, cert| all.union(&cert.sans))
}

fn cell(node: &Standing, name: &San) -> String {
    let has = |cert: Option<&ServingCert>| cert.is_some_and(|cert| cert.sans.contains(name));
    let (class, word) = match (has(node.leaf()), has(node.on_disk.as_ref())) {
        (true, _) => ("yes", "served"),
        (false, true) => ("disk", "disk"),
        _ if node.configured.contains(name) || node.derived.contains(name) => ("disk", "asked"),
        _ => ("no", "-"),
    };
    format!("<td class=\"{class}\">{word}</td>")
}

/// How much of its time each certificate has left.
pub(super) fn bars(preflight: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    let serving: Vec<_> = preflight.nodes.iter().flat_map(certs).collect();
    section("serving certificates", &serving, preflight.now, out)?;
    let place = |filed: &Filed| escaped(&filed.path.display().to_string());
    let mut others: Vec<_> =
        preflight.filed.iter().map(|filed| (&*filed.node, place(filed), &filed.cert)).collect();
    others.sort_by_key(|(_, _, cert)| cert.not_after);
    section("other certificates on the nodes, the first to end first", &others, preflight.now, out)
}

fn section(
    what: &str,
    certs: &[(&str, impl Display, &ServingCert)],
    now: Timestamp,
    out: &mut dyn Write,
) -> io::Result<()> {
    if certs.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section>\n<h2>Expiry <span>of {what}</span></h2>\n<div class=\"bars\">")?;
    certs.iter().try_for_each(|(node, place, cert)| bar(node, place, cert, now, out))?;
    writeln!(out, "</div>\n</section>")
}

/// What a node serves, and what lies on its disk where that is another.
fn certs(node: &Standing) -> Vec<(&str, &'static str, &ServingCert)> {
    let leaf = node.leaf();
    let is_other = |disk: &&ServingCert| leaf.is_none_or(|leaf| leaf.fingerprint != disk.fingerprint);
    let disk = node.on_disk.as_ref().filter(is_other);
    let served = leaf.map(|leaf| (node.node.as_str(), "served", leaf));
    served.into_iter().chain(disk.map(|disk| (node.node.as_str(), "on its disk", disk))).collect()
}

fn bar(
    node: &str,
    place: &impl Display,
    cert: &ServingCert,
    now: Timestamp,
    out: &mut dyn Write,
) -> io::Result<()> {
    let left = cert.remaining(now);
    let whole = cert.not_after.duration_since(cert.not_before).as_secs_f64().max(f64::MIN_POSITIVE);
    let share = (left.as_secs_f64() / whole).clamp(0.0, 1.0) * 100.0;
    let class = match left {
        left if !left.is_positive() => " fail",
        left if left < SOON => " warn",
        _ => "",
    };
    let day = cert.not_after.strftime("%Y-%m-%d");
    let days = left.as_hours() / 24;
    let told = if left.is_positive() {
        format!("until {day}, {days} days left")
    } else {
        format!("expired on {day}")
    };
    let label = format!("{} {place}: {told}", escaped(node));
    writeln!(
        out,
        "<div><p>{label}</p><div class=\"bar{class}\" role=\"img\" aria-label=\"{label}\"><i style=\"width:{share:.1}%\"></i></div></div>"
    )
}
