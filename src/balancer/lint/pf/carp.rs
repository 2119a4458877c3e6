//! CARP on OpenBSD: the address that two firewalls share.

use super::super::{Source, Spot};
use crate::report::{Code, Finding};

/// An address alone in its network, which the machine cannot tell its interface by. FreeBSD's aliases are written so,
/// and right: they name no `carpdev`.
const ALONE: &[&str] = &["255.255.255.255", "0xffffffff"];

/// The numbers of shared addresses, with their lines.
pub(super) fn vhids(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    source.text.lines().enumerate().filter_map(|(index, line)| {
        let said = line.split('#').next()?;
        let mut words = said.split(|c: char| c.is_whitespace() || matches!(c, '"' | '='));
        words.find(|word| *word == "vhid")?;
        words.next().map(|vhid| (index + 1, vhid))
    })
}

pub(super) fn judge(source: &Source) -> Vec<Finding> {
    let lines = source.text.lines().enumerate();
    let of_carp = lines.filter(|(_, line)| {
        let said = line.split('#').next().unwrap_or_default();
        said.contains("carpdev")
            && said.split_whitespace().any(|word| ALONE.contains(&word) || word.ends_with("/32"))
    });
    of_carp
        .map(|(index, _)| {
            let why = "the shared address has a mask of its own: it is to be the one of the interface that it moves on";
            let spot = Spot::new(index + 1, why).instead("inet ADDRESS 255.255.255.0 BROADCAST vhid … carpdev …");
            source.finding(Code::CarpMask, spot)
        })
        .collect()
}
