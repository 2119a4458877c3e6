//! The service `kubernetes`, by which what runs in a cluster reaches the API servers.

use std::net::IpAddr;

use crate::{
    endpoint::Vip,
    san::{San, SanSet},
};

/// Names that clients inside the cluster use, whatever the cluster's domain.
const NAMES: [&str; 3] = ["kubernetes", "kubernetes.default", "kubernetes.default.svc"];

/// Its names in every cluster.
pub(super) fn names() -> impl Iterator<Item = San> {
    NAMES.iter().filter_map(|name| name.parse().ok())
}

/// The addresses that it takes: the first one of each of the ranges, which stand as the API server's flag has them.
pub(super) fn addresses(ranges: &str) -> SanSet {
    ranges.split(',').filter_map(first_of).collect()
}

/// The networks that services and pods are given, as flags and configurations have them: one for each family.
pub(super) fn ranges(services: &str, pods: &str) -> Vec<(&'static str, Vip)> {
    let each = |purpose: &'static str, text: &str| {
        let ranges = text.split(',').filter_map(|range| range.trim().parse().ok());
        ranges.map(|range| (purpose, range)).collect::<Vec<_>>()
    };
    [each("services", services), each("pods", pods)].concat()
}

fn first_of(range: &str) -> Option<San> {
    let (address, bits) = range.trim().split_once('/')?;
    let bits: u32 = bits.parse().ok()?;
    Some(San::Ip(match address.parse().ok()? {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32_u32.checked_sub(bits)?).unwrap_or(0);
            IpAddr::V4(((u32::from(address) & mask) + 1).into())
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128_u32.checked_sub(bits)?).unwrap_or(0);
            IpAddr::V6(((u128::from(address) & mask) + 1).into())
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_takes_the_first_address_of_its_range() {
        for (range, address) in [
            ("10.32.0.0/24", Some("10.32.0.1")),
            ("10.32.7.9/16", Some("10.32.0.1")),
            (" fd00:10::/108", Some("fd00:10::1")),
            ("0.0.0.0/0", Some("0.0.0.1")),
            ("10.32.0.0", None),
            ("10.32.0.0/33", None),
            ("nonsense/8", None),
        ] {
            assert_eq!(first_of(range).map(|name| name.to_string()).as_deref(), address, "{range}");
        }
    }
}
