//! pf: the rules that spread clients over API servers without looking at them, and the addresses that CARP holds.

mod carp;
mod parse;
mod spread;

use super::{Facts, Files, Part, Source, words::Statement};

pub(super) fn judge<'a>(files: &Files<'_, 'a>, facts: &Facts<'_>) -> Part<'a> {
    let mut part = Part::default();
    for source in &files.these {
        let parsed = parse::parse(&source.text);
        let found = spread::all(source, &parsed.statements, facts);
        part.findings.extend(carp::judge(source));
        part.findings.extend(found.findings);
        part.pools.extend(found.pools);
    }
    part
}

/// The numbers by which CARP tells shared addresses apart, with their lines.
pub(super) fn vhids(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    carp::vhids(source)
}

/// Whether relayd's rules have a place in it.
pub(super) fn has_anchor(source: &Source) -> bool {
    let parsed = parse::parse(&source.text);
    let is_it = |it: &Statement<'_>| {
        it.name().ends_with("anchor") && it.arg(0).is_some_and(|name| name.starts_with("relayd"))
    };
    parsed.statements.iter().any(is_it)
}
