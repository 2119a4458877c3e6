//! The network that an instance is on: whose its addresses are already, and whose its number is.

use std::net::Ipv4Addr;

use super::{
    super::{Facts, Files, Kind, pf, sysctl, vip},
    config::{Block, Value},
};
use crate::report::{Code, Finding};

const LOOPBACK: &str = "lo";

pub(super) fn judge(instance: &Block<'_, '_>, files: &Files<'_, '_>, facts: &Facts<'_>) -> Vec<Finding> {
    let held = instance.listed("virtual_ipaddress").unwrap_or_default();
    let taken = held.iter().filter_map(|held| taken(instance, held, files, facts));
    taken.chain(number(instance, files)).chain(on_loopback(instance, files)).collect()
}

/// Addresses on an interface that nothing leaves. A machine that keeps quiet about them answers clients directly, and has
/// them there with a reason.
fn on_loopback(instance: &Block<'_, '_>, files: &Files<'_, '_>) -> Vec<Finding> {
    if files.all.iter().any(sysctl::keeps_quiet) {
        return vec![];
    }
    let is_lo = instance.value("interface").is_some_and(|interface| interface.text == LOOPBACK);
    let lines = instance.it.last("virtual_ipaddress").into_iter().flat_map(|it| it.body());
    let on_lo = lines.filter(|it| {
        let words: Vec<&str> = it.words.iter().map(|word| word.text).collect();
        let own = words.windows(2).find(|pair| pair[0] == "dev").map(|pair| pair[1]);
        own.map_or(is_lo, |own| own == LOOPBACK)
    });
    let why = "no neighbour learns that an address on `lo` has moved: clients go on to the machine that had it before";
    on_lo.map(|it| instance.finding(Code::VipOnLoopback, it.line, why, elsewhere(it.name()))).collect()
}

/// The line to write for an address on the loopback, or its end where several addresses are made of one line.
fn elsewhere(address: &str) -> String {
    match address.starts_with('~') {
        true => "`dev eth0` at the end of the line, or wherever clients come in".to_owned(),
        false => format!("{address} dev eth0, or wherever clients come in"),
    }
}

/// An address that moves, and that one machine has for itself, or nobody can have.
fn taken(
    instance: &Block<'_, '_>,
    held: &Value,
    files: &Files<'_, '_>,
    facts: &Facts<'_>,
) -> Option<Finding> {
    let (address, prefix) = held
        .text
        .split_once('/')
        .map_or((held.text.as_str(), None), |(address, prefix)| (address, prefix.parse().ok()));
    let of_pair = || {
        let own = instance.value("unicast_src_ip");
        let peers = instance.listed("unicast_peer").unwrap_or_default();
        let is_it = own.into_iter().chain(peers).any(|machine| machine.text == address);
        is_it.then(|| format!("{address} is one machine's own address, and does not move"))
    };
    let of_nobody = || {
        let what = edge(address.parse().ok()?, prefix?)?;
        Some(format!("{address} is {what} of its network, and no machine can have it"))
    };
    let why = of_pair().or_else(|| vip::taken(address, files, facts)).or_else(of_nobody)?;
    Some(instance.finding(Code::VipTaken, held.line, why, vip::INSTEAD))
}

/// What an address is that lies at the edge of its network.
fn edge(address: Ipv4Addr, prefix: u32) -> Option<&'static str> {
    let hosts = u32::MAX.checked_shr(prefix).filter(|_| (1..=30).contains(&prefix))?;
    match address.to_bits() & hosts {
        0 => Some("the address"),
        inner if inner == hosts => Some("the broadcast address"),
        _ => None,
    }
}

/// CARP makes the same hardware address of a number as VRRP does.
fn number(instance: &Block<'_, '_>, files: &Files<'_, '_>) -> Option<Finding> {
    let id = instance.value("virtual_router_id")?;
    let firewalls = files.all.iter().filter(|source| source.kind() == Some(Kind::Pf));
    let mut theirs =
        firewalls.flat_map(|source| pf::vhids(source).map(move |(line, vhid)| (source, line, vhid)));
    let (source, line, _) = theirs.find(|(.., vhid)| *vhid == id.text)?;
    let why = format!(
        "line {line} of {} has the same number for CARP, and both make the same hardware address of it",
        source.name
    );
    Some(instance.finding(Code::KeepalivedIdTwice, id.line, why, "give each of them an id of its own"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_several_addresses_is_not_taken_for_one() {
        assert_eq!(elsewhere("10.0.0.9/32"), "10.0.0.9/32 dev eth0, or wherever clients come in");
        assert!(elsewhere("~SEQ(N,").starts_with("`dev eth0` at the end of the line"));
    }

    #[test]
    fn the_edges_of_a_network_are_no_machine_s() {
        for (address, prefix, is_edge) in [
            ("10.0.0.0", 24, true),
            ("10.0.0.255", 24, true),
            ("10.0.0.9", 24, false),
            ("10.0.0.8", 29, true),
            ("10.0.0.255", 16, false),
            ("10.0.0.0", 32, false),
            ("10.0.0.0", 31, false),
        ] {
            assert_eq!(edge(address.parse().unwrap(), prefix).is_some(), is_edge, "{address}/{prefix}");
        }
    }
}
