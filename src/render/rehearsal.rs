//! How a rehearsal went, for people: who serves which name now, what it cost, and how to go on.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use super::inspection::{table, write_table};
use crate::{
    outcome::{Kept, Rehearsed, RehearsedNode},
    san::San,
};

pub(super) fn write(seen: &Rehearsed, out: &mut dyn Write) -> io::Result<()> {
    names(&seen.nodes, out)?;
    writeln!(out)?;
    writeln!(out, "requests sent {}, failed {}", seen.sent, seen.failed)?;
    writeln!(out, "API servers restarted {}, pods killed {}", seen.restarts, seen.pods_killed)?;
    writeln!(out, "\nFor the real thing, with the nodes in cpctl.yaml or named by --node:\n")?;
    writeln!(
        out,
        "  cpctl certs add-san 172.22.22.3\n  cpctl kubeconfig repoint --to 172.22.22.3\n  cpctl verify"
    )?;
    match &seen.kept {
        Some(kept) => way_in(kept, out),
        None => Ok(()),
    }
}

/// Every name on a line of its own, and what became of it on each node; names that are new stand last.
fn names(nodes: &[RehearsedNode], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "The names that each node serves, before the rehearsal and after it:\n")?;
    let served = nodes.iter().flat_map(|node| node.before.iter().chain(node.after.iter()));
    let mut names: Vec<&San> = served.collect::<BTreeSet<_>>().into_iter().collect();
    names.sort_by_key(|name| !nodes.iter().any(|node| node.before.contains(name)));
    let mut table = table();
    table.set_header(std::iter::once("NAME").chain(nodes.iter().map(|node| node.name.as_str())));
    for name in names {
        let cells = nodes.iter().map(|node| became_of(name, node).to_owned());
        table.add_row(std::iter::once(name.to_string()).chain(cells));
    }
    write_table(&mut table, out)
}

fn became_of(name: &San, node: &RehearsedNode) -> &'static str {
    match (node.before.contains(name), node.after.contains(name)) {
        (true, true) => "as before",
        (false, true) => "new",
        (true, false) => "gone",
        (false, false) => "-",
    }
}

fn way_in(kept: &Kept, out: &mut dyn Write) -> io::Result<()> {
    let directory = kept.directory.display();
    writeln!(out, "\nThe nodes, as {directory}/cpctl.yaml names them:\n")?;
    for line in kept.inventory.lines() {
        writeln!(out, "  {line}")?;
    }
    writeln!(out, "\nThe cluster keeps running until Ctrl-C. In another terminal:\n")?;
    if let Some(program) = &kept.program {
        writeln!(out, "  export PATH=\"{}:$PATH\"", program.display())?;
    }
    writeln!(
        out,
        "  cd {directory}\n  export KUBECONFIG={directory}/kubeconfig XDG_STATE_HOME={directory}/state"
    )?;
    writeln!(out, "  cpctl nodes\n  cpctl certs inspect\n  cpctl runs\n  cpctl undo")
}
