//! The machines that hold one address between them: who comes first, and what each is told of the others.

use std::{cmp::Reverse, net::IpAddr};

use serde::Serialize;

use super::{Error, Wanted};
use crate::endpoint::Vip;

/// By how much a machine without a living server comes to lie below the last one.
const BELOW_THE_LAST: u8 = 30;
/// The most that keepalived lets a script weigh.
const MOST: u8 = 253;

/// One machine of a group.
#[derive(Clone, Serialize)]
pub(super) struct Member {
    pub name: String,
    pub address: IpAddr,
    pub interface: String,
    pub priority: u8,
    /// CARP's way to say the same: the lowest holds the address.
    pub advskew: u8,
    /// The addresses of the others.
    pub peers: Vec<IpAddr>,
    pub peer_names: Vec<String>,
}

/// A group, as templates see it.
#[derive(Serialize)]
pub(super) struct Group {
    pub vrid: u8,
    pub members: Vec<Member>,
    /// What a machine whose proxy has no server loses of its priority: more than lies between the first and the last.
    pub weight: u8,
}

/// The held address, as templates see it.
#[derive(Serialize)]
pub(super) struct Held {
    pub address: IpAddr,
    pub prefix: u8,
    /// The bits of an address of its family.
    pub width: u8,
    pub family: &'static str,
}

impl Held {
    pub(super) fn of(vip: Vip, prefix: u8) -> Self {
        let family = if vip.address.is_ipv4() { "inet" } else { "inet6" };
        Self { address: vip.address, prefix, width: vip.width(), family }
    }
}

impl Group {
    pub(super) fn of(wanted: &Wanted) -> Result<Self, Error> {
        if wanted.machines.len() < 2 {
            return Err(Error::Missing {
                subject: wanted.inventory.clone(),
                what: "balancers: two machines take turns in holding the address",
                line: "balancers: [{name: lb1, host: ADDRESS, interface: eth0}, …]".into(),
                inventory: wanted.inventory.clone(),
                flag: None,
            });
        }
        let mut members = members(wanted)?;
        let (first, last) = priorities(&members)?;
        rank(&mut members);
        Ok(Self {
            vrid: wanted.group()?,
            members,
            weight: (first - last).saturating_add(BELOW_THE_LAST).min(MOST),
        })
    }
}

fn members(wanted: &Wanted) -> Result<Vec<Member>, Error> {
    let missing = |subject: &str, what, line: &str, flag| Error::Missing {
        subject: subject.to_owned(),
        what,
        line: line.to_owned(),
        inventory: wanted.inventory.clone(),
        flag,
    };
    let mut members: Vec<Member> = vec![];
    for (index, machine) in wanted.machines.iter().enumerate() {
        let address = machine.host.parse().map_err(|_| {
            missing(&machine.name, "address: its peers must know where it is", "host: ADDRESS", None)
        })?;
        let interface = wanted.interface.clone().or(machine.interface.clone()).ok_or_else(|| {
            missing(
                &machine.name,
                "interface to hold the address on",
                "interface: eth0",
                Some("--interface NAME"),
            )
        })?;
        let priority = machine.priority.unwrap_or_else(|| in_order(index));
        let name = machine.name.clone();
        members.push(Member {
            name,
            address,
            interface,
            priority,
            advskew: 0,
            peers: vec![],
            peer_names: vec![],
        });
    }
    let all: Vec<_> = members.iter().map(|member| (member.name.clone(), member.address)).collect();
    for member in &mut members {
        let others = all.iter().filter(|(name, _)| *name != member.name);
        (member.peer_names, member.peers) = others.cloned().unzip();
    }
    Ok(members)
}

/// 150, 120, 110 and so on, as they are listed.
fn in_order(index: usize) -> u8 {
    let below = u8::try_from(index).unwrap_or(u8::MAX).saturating_mul(10);
    if index == 0 { 150 } else { 130_u8.saturating_sub(below).max(1) }
}

/// The highest and the lowest; all differ, so that everybody knows who is next.
fn priorities(members: &[Member]) -> Result<(u8, u8), Error> {
    for (index, member) in members.iter().enumerate() {
        if let Some(twin) = members[..index].iter().find(|other| other.priority == member.priority) {
            let message =
                format!("{} and {} have the same priority, {}", twin.name, member.name, member.priority);
            return Err(Error::unfit(message, "give each balancer another `priority:`, or none"));
        }
    }
    let all = || members.iter().map(|member| member.priority);
    Ok((all().max().unwrap_or(1), all().min().unwrap_or(1)))
}

/// Gives the first one the smallest skew, and the next ones fifty more each.
fn rank(members: &mut [Member]) {
    let mut order: Vec<&mut Member> = members.iter_mut().collect();
    order.sort_by_key(|member| Reverse(member.priority));
    for (rank, member) in order.into_iter().enumerate() {
        member.advskew = u8::try_from(rank * 50).unwrap_or(254).min(254);
    }
}
