//! Where the balancer itself is.

use std::net::{IpAddr, Ipv4Addr};

use super::{Listen, Pool, Seen, Told};
use crate::balancer::lint::Spot;

/// What each distribution gives to services and pods where nobody says otherwise.
const RANGES: &[(&str, &str, Ipv4Addr, u32)] = &[
    ("kubeadm", "services", Ipv4Addr::new(10, 96, 0, 0), 12),
    ("k3s", "services", Ipv4Addr::new(10, 43, 0, 0), 16),
    ("k3s", "pods", Ipv4Addr::new(10, 42, 0, 0), 16),
    ("rke2", "services", Ipv4Addr::new(10, 43, 0, 0), 16),
    ("rke2", "pods", Ipv4Addr::new(10, 42, 0, 0), 16),
    ("microk8s", "services", Ipv4Addr::new(10, 152, 183, 0), 24),
    ("microk8s", "pods", Ipv4Addr::new(10, 1, 0, 0), 16),
    ("k0s", "services", Ipv4Addr::new(10, 96, 0, 0), 12),
    ("k0s", "pods", Ipv4Addr::new(10, 244, 0, 0), 16),
];

pub(super) fn own<'a>(seen: &'a Seen<'_>) -> Vec<Told<'a>> {
    let mut told = vec![];
    for pool in seen.apis() {
        for server in &pool.servers {
            let is_own = |listen: &&Listen| {
                listen.host.as_ref() == Some(&server.host) && server.port == Some(listen.port)
            };
            if pool.listens.iter().any(|listen| is_own(&listen)) {
                let why = format!(
                    "{} is the very address that {} listens on: clients go round in a circle",
                    server.name, pool.name
                );
                let spot = Spot::new(server.line, why).instead("the address of the node itself");
                told.push(Told(pool.source, spot));
            }
        }
    }
    told
}

pub(super) fn public<'a>(seen: &'a Seen<'_>) -> Vec<Told<'a>> {
    let told = |pool: &'a Pool<'_>| {
        let servers = pool.servers.iter().map(|server| (server.line, &server.host));
        let listens = pool.listens.iter().filter_map(|listen| Some((listen.line, listen.host.as_ref()?)));
        let (line, host) = listens.chain(servers).find(|(_, host)| host.parse().is_ok_and(is_public))?;
        let why = format!(
            "{host} belongs to the public Internet: it is somebody else's, or everybody reaches the API there"
        );
        let spot = Spot::new(line, why).instead("an address of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16");
        Some(Told(pool.source, spot))
    };
    seen.apis().filter_map(told).collect()
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            let is_shared = first == 100 && (64..128).contains(&second);
            let is_benchmark = first == 198 && (18..20).contains(&second);
            !(address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_documentation()
                || address.is_unspecified()
                || is_shared
                || is_benchmark)
        }
        // Global addresses are what most IPv6 networks have, inside too.
        IpAddr::V6(_) => false,
    }
}

pub(super) fn in_cluster<'a>(seen: &'a Seen<'_>) -> Vec<Told<'a>> {
    let distribution = seen.facts.plane.and_then(|plane| plane.nodes.first()?.distribution.as_deref());
    let Some(distribution) = distribution else { return vec![] };
    let ranges = || RANGES.iter().filter(|(of, ..)| *of == distribution);
    let mut told = vec![];
    for pool in seen.apis() {
        for listen in &pool.listens {
            let Some(Ok(address)) = listen.host.as_ref().map(|host| host.parse::<Ipv4Addr>()) else {
                continue;
            };
            let holds =
                |(_, _, network, prefix): &&(&str, &str, Ipv4Addr, u32)| is_in(address, *network, *prefix);
            let Some((_, what, network, prefix)) = ranges().find(holds) else { continue };
            let why = format!(
                "{address} lies in {network}/{prefix}, which {distribution} gives to {what} where nobody says otherwise"
            );
            told.push(Told(
                pool.source,
                Spot::new(listen.line, why).instead("an address of the nodes' own network"),
            ));
        }
    }
    told
}

fn is_in(address: Ipv4Addr, network: Ipv4Addr, prefix: u32) -> bool {
    let mask = u32::MAX.checked_shl(32 - prefix).unwrap_or(0);
    address.to_bits() & mask == network.to_bits()
}

pub(super) fn alone<'a>(seen: &'a Seen<'_>) -> Vec<Told<'a>> {
    let is_alone = seen.facts.plane.is_some_and(|plane| plane.balancers.len() == 1);
    let Some(pool) = seen.apis().next().filter(|_| is_alone) else { return vec![] };
    let why = "the inventory names one balancer, and with it every client loses the API";
    vec![Told(
        pool.source,
        Spot::new(pool.line, why)
            .instead("a second machine with the same file, and keepalived or CARP between them"),
    )]
}
