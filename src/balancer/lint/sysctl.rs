//! Settings of the kernel: those by which a node keeps quiet about an address that a balancer holds too.

use super::{Facts, Files, Part, Source, Spot};
use crate::report::Code;

/// What a node with the shared address on its loopback must not do, and the value by which it does not.
const QUIET: &[(&str, &str)] = &[("arp_ignore", "1"), ("arp_announce", "2")];
const OF_INTERFACE: &str = "net.ipv4.conf.";

pub(super) fn judge<'a>(files: &Files<'_, 'a>, _: &Facts<'_>) -> Part<'a> {
    let mut part = Part::default();
    for source in &files.these {
        for (name, value) in QUIET {
            let Some(line) = on_loopback_alone(source, name) else { continue };
            let why = format!(
                "`{name}` of `lo` says nothing of what comes in at another interface, where the node still answers for the \
                 shared address"
            );
            let spot = Spot::new(line, why).instead(format!("{OF_INTERFACE}all.{name} = {value}"));
            part.findings.push(source.finding(Code::ArpAnswered, spot));
        }
        part.judged.extend(settings(source).find(|set| is_quiet(set.key)).map(|_| (*source, "ARP".into())));
    }
    part
}

struct Set<'a> {
    line: usize,
    key: &'a str,
    value: &'a str,
}

fn settings(source: &Source) -> impl Iterator<Item = Set<'_>> {
    source.text.lines().enumerate().filter_map(|(index, line)| {
        let said = line.split(['#', ';']).next()?;
        let (key, value) = said.split_once('=')?;
        Some(Set { line: index + 1, key: key.trim().trim_start_matches('-'), value: value.trim() })
    })
}

/// Whether a file switches a setting on.
pub(super) fn is_on(source: &Source, key: &str) -> bool {
    settings(source).filter(|set| set.key == key).last().is_some_and(|set| set.value == "1")
}

fn is_quiet(key: &str) -> bool {
    key.starts_with(OF_INTERFACE) && QUIET.iter().any(|(name, _)| key.ends_with(&format!(".{name}")))
}

/// The line by which it is set for the loopback, where it is set for no other interface.
fn on_loopback_alone(source: &Source, name: &str) -> Option<usize> {
    let interface = |set: Set<'_>| {
        let interface = set.key.strip_prefix(OF_INTERFACE)?.strip_suffix(name)?.strip_suffix('.')?;
        (set.value != "0").then(|| (set.line, interface.to_owned()))
    };
    let set: Vec<(usize, String)> = settings(source).filter_map(interface).collect();
    let first = set.first().map(|(line, _)| *line);
    first.filter(|_| set.iter().all(|(_, interface)| interface == "lo"))
}
