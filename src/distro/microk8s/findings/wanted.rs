//! What the wanted names run into.

use std::net::IpAddr;

use super::finding;
use crate::{
    distro::{
        Role, Want,
        microk8s::{
            facts::{ARGUMENTS, Facts},
            template::Template,
        },
    },
    report::{Code, Finding},
    san::{San, SanSet},
};

pub(super) fn findings(facts: &Facts, want: &Want) -> Vec<Finding> {
    let mut findings: Vec<_> = launches(facts, want.adds()).collect();
    findings.extend(bring_back(facts, want.removes()));
    findings.extend(on_interface(facts, want.adds()));
    findings
}

/// Launch configurations that list names which are to be gone.
fn bring_back<'f>(facts: &'f Facts, gone: &'f SanSet) -> impl Iterator<Item = Finding> + 'f {
    facts.launches.iter().filter_map(move |launch| {
        let listed = gone.shared_with(&launch.names);
        let path = launch.path.display();
        (!listed.is_empty()).then(|| {
            finding(
                facts,
                Code::LaunchConfiguration,
                format!("{path} lists {listed} among its `extraSANs`; when it is applied next, the template lists it again"),
                format!(
                    "take {listed} out of its `extraSANs` (without `snap set`, which applies it and kills pods), \
                     then run this again"
                ),
            )
        })
    })
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

/// Wanted addresses that the node itself holds now: virtual ones, which move, come into a certificate by themselves.
fn on_interface(facts: &Facts, want: &SanSet) -> Vec<Finding> {
    // Without the mark no address of the node comes into its certificate.
    if !Template::read(facts).is_ok_and(|template| template.has_mark) {
        return vec![];
    }
    let own: Vec<San> = facts.addresses.own().filter_map(|address| address.parse().ok()).collect();
    let host = facts.host.parse::<San>().ok();
    let is_virtual =
        |san: &&San| own.contains(san) && host.as_ref() != Some(*san) && own.first() != Some(*san);
    let found = want.iter().filter(is_virtual);
    found.map(|san| if facts.is_watched() { kicked(facts, san) } else { held_quietly(facts, san) }).collect()
}

/// On a watched node an address that comes or goes is enough to have the certificate re-issued.
fn kicked(facts: &Facts, san: &San) -> Finding {
    let address = facts.host.parse::<IpAddr>().map_or("ADDRESS".to_owned(), |ip| ip.to_string());
    finding(
        facts,
        Code::AddressOnInterface,
        format!(
            "{san} sits on an interface of the node: each time it moves, MicroK8s re-issues the certificate and \
             kills every pod"
        ),
        format!(
            "pin the address that does not move: `echo --advertise-address={address} | sudo tee -a {ARGUMENTS}`, \
             then `sudo /usr/bin/snap restart microk8s.daemon-kubelite`"
        ),
    )
}

/// A joined or pinned node is left alone by the kicker, but not by the snap's configure hook, which looks at no lock.
fn held_quietly(facts: &Facts, san: &San) -> Finding {
    let why = if facts.role() == Role::Joined { "it joined the cluster" } else { "its address is pinned" };
    finding(
        facts,
        Code::AddressHeld,
        format!(
            "{san} sits on an interface of the node: MicroK8s leaves the certificate alone when it moves, because \
             {why}, until a `snap refresh` or `snap set` signs anew for the addresses of that moment"
        ),
        format!(
            "carry on: listed in the template, {san} stays in the certificate wherever the address is then"
        ),
    )
}
