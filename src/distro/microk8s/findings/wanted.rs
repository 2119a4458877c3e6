//! What the wanted names run into.

use std::net::IpAddr;

use super::finding;
use crate::{
    distro::microk8s::{
        facts::{ARGUMENTS, Facts},
        template::Template,
    },
    report::{Code, Finding},
    san::{San, SanSet},
};

pub(super) fn findings(facts: &Facts, want: &SanSet) -> Vec<Finding> {
    let has_mark = Template::read(facts).is_ok_and(|template| template.has_mark);
    let mut findings: Vec<_> = launches(facts, want).collect();
    if facts.is_watched() && has_mark {
        findings.extend(on_interface(facts, want));
    }
    findings
}

fn launches<'f>(facts: &'f Facts, want: &'f SanSet) -> impl Iterator<Item = Finding> + 'f {
    facts.launches.iter().filter_map(move |launch| {
        let missing = want.missing_from(&launch.names);
        let path = launch.path.display();
        (!missing.is_empty()).then(|| {
            finding(
                facts,
                Code::LaunchConfiguration,
                format!(
                    "{path} lists `extraSANs` without {missing}; when it is applied next, the template is \
                     written anew from that list"
                ),
                format!(
                    "add {missing} to its `extraSANs` (without `snap set`, which applies it and kills pods), \
                     then run this again"
                ),
            )
        })
    })
}

/// A virtual address that moves to a watched node and away again re-issues the certificate each time.
fn on_interface(facts: &Facts, want: &SanSet) -> Vec<Finding> {
    let own: Vec<San> = facts.addresses.own().filter_map(|address| address.parse().ok()).collect();
    let host = facts.host.parse::<San>().ok();
    let is_virtual = |san: &&San| host.as_ref() != Some(*san) && own.first() != Some(*san);
    let address = facts.host.parse::<IpAddr>().map_or("ADDRESS".to_owned(), |ip| ip.to_string());
    let found = want.iter().filter(|san| own.contains(san)).filter(is_virtual);
    found
        .map(|san| {
            finding(
                facts,
                Code::AddressOnInterface,
                format!(
                    "{san} sits on an interface of the node: each time it moves, MicroK8s re-issues the \
                     certificate and kills every pod"
                ),
                format!(
                    "pin the address that does not move: `echo --advertise-address={address} | \
                     sudo tee -a {ARGUMENTS}`, then `sudo /usr/bin/snap restart microk8s.daemon-kubelite`"
                ),
            )
        })
        .collect()
}
