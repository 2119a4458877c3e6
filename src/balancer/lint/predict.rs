//! How long an outage lasts, as the configuration lets expect.

use std::time::Duration;

use super::{Facts, Kind, Source, haproxy, keepalived};

/// A bound on an outage.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Bound {
    pub file: String,
    /// The backend or the instance.
    pub of: String,
    pub what: &'static str,
    pub within: Duration,
}

/// The bounds that HAProxy and keepalived have; other programs look at no server, or do not tell when.
pub fn bounds(sources: &[Source], facts: &Facts<'_>) -> Vec<Bound> {
    let of = |source: &Source| match source.kind() {
        Some(Kind::Haproxy | Kind::Pfsense | Kind::Opnsense) => haproxy::bounds(source, sources, facts),
        Some(Kind::Keepalived) => keepalived::bounds(source),
        _ => vec![],
    };
    sources.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::corpus::fixture, *};

    #[test]
    fn what_notices_a_dead_server_and_what_moves_the_address_are_told_with_their_times() {
        let today = jiff::civil::date(2026, 1, 1);
        let sources = [fixture("lint/haproxy/kubeadm.cfg"), fixture("lint/keepalived/clean/lb1")].concat();

        let bounds = bounds(&sources, &Facts { plane: None, today });

        let told: Vec<_> =
            bounds.iter().map(|one| (one.of.as_str(), one.what, one.within.as_millis())).collect();
        assert_eq!(
            told,
            [
                ("backend kube_api_nodes", "a dead server is noticed", 12_000),
                ("kube_api", "the address moves", 11_000),
            ]
        );
    }
}
