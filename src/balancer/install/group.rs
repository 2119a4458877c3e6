//! Whether the machines stay one group while one of them has the new configuration and another the old one.

use super::{Desired, KEEPALIVED, Seen};
use crate::{
    balancer::render::Kind,
    report::{Code, Finding},
};

/// What every machine of a group must say alike, and the inventory's word for it.
const ALIKE: [(&str, &str); 2] = [("virtual_router_id", "vrid"), ("interface", "interface")];

/// A configuration that leaves the old group: for a while both machines would hold the address.
pub(super) fn fault(desired: &Desired<'_>, seen: &Seen) -> Option<Finding> {
    let (_, files) = desired.programs.iter().find(|(program, _)| program.kind == Kind::Keepalived)?;
    let new = &files.iter().find(|file| file.path == KEEPALIVED.main)?.text;
    let old = seen.text(KEEPALIVED.main)?;
    let (key, old, new, word) = ALIKE.into_iter().find_map(|(key, word)| {
        let (old, new) = (value(&old, key)?, value(new, key)?);
        (old != new).then(|| (key, old.to_owned(), new.to_owned(), word))
    })?;
    let message = format!(
        "keepalived has `{key} {old}` there and would get {new}: until the last machine has it too, two of them hold {}",
        desired.vip
    );
    let finding = Finding::new(Code::BalancerGroupLeft, desired.machine, message);
    Some(finding.remedy(format!(
        "write `{word}: {old}` into the inventory, or change it by hand on all machines in a quiet hour"
    )))
}

/// The word after a keyword, where the text has it once.
fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let mut lines = text
        .lines()
        .map(str::split_whitespace)
        .filter_map(|mut words| (words.next() == Some(key)).then(|| words.next()).flatten());
    let first = lines.next()?;
    lines.next().is_none().then_some(first)
}
