//! What stands in the way of a change by what a server of K3s serves now.

use jiff::Timestamp;

use super::{
    apart::{self, other_file},
    facts::Facts,
    findings::finding,
    flavour::Flavour,
    old,
    version::READS_A_FILE,
};
use crate::{
    cert::ServingCert,
    distro::{Served, serving},
    report::{Code, Finding},
    san::{San, SanSet},
};

/// What depends on what is served.
pub(super) fn findings(facts: &Facts, want: &SanSet, served: &Served<'_>, now: Timestamp) -> Vec<Finding> {
    let (leaf, shared) = (&served.presented.leaf, &served.shared().leaf);
    let single = [
        too_old(facts),
        other_authority(facts, shared),
        other_file(facts, leaf),
        unnamed(facts, want, served),
        wildcards(facts, want, shared),
        serving::not_yet_valid(&facts.node, leaf, now),
    ];
    single.into_iter().flatten().collect()
}

fn too_old(facts: &Facts) -> Option<Finding> {
    if facts.apart.is_some() {
        return apart::too_old(facts);
    }
    let version = facts.version.filter(|version| *version < READS_A_FILE)?;
    let unit = &facts.found.unit;
    Some(finding(
        facts,
        Code::VersionTooOld,
        format!(
            "K3s {version} reads no configuration: its names stand in the flags of {unit}, which cpctl leaves alone"
        ),
        format!(
            "upgrade to {READS_A_FILE} or later, or by hand: with `sudo systemctl edit --full {unit}` add \
             `--tls-san=NAME` for the name and for each that is served (`cpctl certs inspect`), because it forgets every \
             other one; then {}",
            old::by_hand(facts)
        ),
    ))
}

/// A certificate of the operator's own, which K3s never changes (`listener.cattle.io/static`), or another server's.
fn other_authority(facts: &Facts, leaf: &ServingCert) -> Option<Finding> {
    let &Flavour { title, kubectl, secret, .. } = facts.flavour();
    (!facts.signed(leaf)).then(|| {
        finding(
            facts,
            Code::CertificateElsewhere,
            format!(
                "{}/server/tls/server-ca.crt did not sign the certificate that is served, so {title} does not change it",
                facts.data().display()
            ),
            format!(
                "`sudo {kubectl} -n kube-system get secret {secret} -o yaml` tells whether it is static \
                 (`listener.cattle.io/static`): then add the name where that certificate comes from; otherwise correct \
                 `api:` in the inventory"
            ),
        )
    })
}

/// While it starts, K3s takes every name that it is asked for into its certificate, for ever.
fn unnamed(facts: &Facts, want: &SanSet, served: &Served<'_>) -> Option<Finding> {
    let host = &served.endpoint.host;
    let is_named = served.shared().leaf.sans.covers(host) || want.covers(host);
    (!is_named).then(|| {
        finding(
            facts,
            Code::EndpointUnnamed,
            format!(
                "it would be dialled as {host}, which its certificate does not name: while it restarts, {} takes \
                 every name that it is asked for into the certificate, for ever",
                facts.title()
            ),
            format!("let `api:` in the inventory be one of its own addresses, or add {host} as well"),
        )
    })
}

fn wildcards(facts: &Facts, want: &SanSet, leaf: &ServingCert) -> Option<Finding> {
    let version = facts.version.filter(|version| version.drops_wildcards())?;
    let unserved = want.missing_from(&leaf.sans);
    let wildcard =
        unserved.iter().find(|san| matches!(san, San::Dns(name) if name.as_str().starts_with("*.")))?;
    Some(finding(
        facts,
        Code::WildcardDropped,
        format!(
            "{} {version} silently leaves {wildcard} out of its certificate, as it does with every wildcard",
            facts.title()
        ),
        "add the names that clients use one by one, or upgrade to 1.36.3 or later",
    ))
}
