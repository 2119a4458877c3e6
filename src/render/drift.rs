//! Where the names of each node stand, for people: one table.

use std::io::{self, Write};

use super::{
    findings,
    inspection::{table, write_table},
};
use crate::{
    cert::ServingCert,
    outcome::{Drift, Standing},
    san::{San, SanSet},
};

/// As much of a fingerprint as tells certificates apart.
const FINGERPRINT: usize = 16;

pub(super) fn write(drift: &Drift, out: &mut dyn Write) -> io::Result<()> {
    let mut table = table();
    table.set_header(["NODE", "NAME", "CONFIGURED", "ON DISK", "SERVED"]);
    for node in &drift.nodes {
        for row in rows(node) {
            table.add_row(std::iter::once(node.node.clone()).chain(row));
        }
    }
    write_table(&mut table, out)?;
    findings::write(&drift.findings, out)
}

/// Each name, and below them the certificate on the disk and the one that is served.
fn rows(node: &Standing) -> Vec<[String; 4]> {
    let (disk, leaf) = (node.on_disk.as_ref(), node.leaf());
    let signed = [disk, leaf].into_iter().flatten().map(|cert| &cert.sans);
    let names = signed.fold(node.configured.union(&node.derived), |all, names| all.union(names));
    let has =
        |cert: Option<&ServingCert>, name: &San| mark(cert.is_some_and(|cert| cert.sans.contains(name)));
    let row = |name: &San| [name.to_string(), asked(node, name), has(disk, name), has(leaf, name)];
    let both = |what: &str, told: fn(&ServingCert) -> String| {
        let told = |cert: Option<&ServingCert>| cert.map_or_else(|| "-".to_owned(), told);
        [what.to_owned(), "-".to_owned(), told(disk), told(leaf)]
    };
    let mut rows: Vec<_> = names.iter().map(row).collect();
    rows.push(both("(valid until)", |cert| cert.not_after.strftime("%Y-%m-%d %H:%M").to_string()));
    rows.push(both("(sha256)", |cert| cert.fingerprint.chars().take(FINGERPRINT).collect()));
    rows
}

fn asked(node: &Standing, name: &San) -> String {
    let is_in = |names: &SanSet| names.contains(name);
    if is_in(&node.derived) && !is_in(&node.configured) {
        return "by itself".to_owned();
    }
    mark(is_in(&node.configured))
}

fn mark(is_there: bool) -> String {
    if is_there { "yes" } else { "-" }.to_owned()
}
