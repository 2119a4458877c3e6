//! What is wrong in a balancer's files, for people.

use std::io::{self, Write};

use super::findings::{self, plain};
use crate::outcome::{Linted, LintedFile};

pub(super) fn write(linted: &Linted, out: &mut dyn Write) -> io::Result<()> {
    findings::write(&linted.findings, out)?;
    linted.files.iter().try_for_each(|file| writeln!(out, "{}: {}", plain(&file.name), plain(&judged(file))))
}

fn judged(file: &LintedFile) -> String {
    match (file.kind, file.pools.as_slice()) {
        (None, _) => "not judged".into(),
        (Some("sysctl"), []) => "sysctl, read for what the kernel lets a proxy listen on".into(),
        (Some(kind), []) => format!("{kind}, in which no pool of API servers is seen"),
        (Some(kind), [pool]) => format!("{kind}, judged for the API servers of {pool}"),
        (Some(kind), pools) => format!("{kind}, judged for the API servers of {}", pools.join(", ")),
    }
}
