//! Where an address lies, and where the records of a name lead.

use std::{collections::BTreeSet, net::IpAddr};

use crate::{
    endpoint::{Endpoint, Vip},
    probe::Lifetime,
    report::{Code, Finding},
};

/// So many seconds clients may keep an address that a change takes from a name.
const KEPT: u32 = 300;
/// Of several addresses, where one that is dead is met until then; as `lb lint` has it for zones.
const KEPT_OF_SEVERAL: u32 = 60;

/// An address inside a range that the cluster gives to something of its own; each range with what it is for.
pub fn inside(to: &Endpoint, addresses: &[IpAddr], ranges: &[(&str, Vip)]) -> Option<Finding> {
    let holding =
        |address: &IpAddr| Some((*address, ranges.iter().find(|(_, range)| range.holds(*address))?));
    let (address, (purpose, range)) = addresses.iter().find_map(holding)?;
    let message = format!(
        "{address} lies in {range}, which the cluster gives to {purpose}: on its nodes the address leads elsewhere"
    );
    Some(
        Finding::new(Code::EndpointInCluster, to.to_string(), message)
            .remedy("take an address of the nodes' own network, outside the ranges of services and pods"),
    )
}

/// What is wrong with the records of a name: `known` are the addresses of all that it may lead to, none where nobody
/// says, and `silent` those at which nobody answers.
pub fn records(to: &Endpoint, found: &[IpAddr], known: &[IpAddr], silent: &[IpAddr]) -> Vec<Finding> {
    let finding = |code, addresses: Vec<String>, what: &str, remedy: &str| {
        let message = format!("{} leads to {}, {what}", to.host, addresses.join(", "));
        (!addresses.is_empty()).then(|| Finding::new(code, to.to_string(), message).remedy(remedy))
    };
    let of = |is_it: &dyn Fn(&IpAddr) -> bool| {
        found.iter().filter(|ip| is_it(ip)).map(ToString::to_string).collect()
    };
    let strays = of(&|ip| !known.is_empty() && !known.contains(ip));
    let dead = of(&|ip| found.len() > 1 && silent.contains(ip));
    let stray = finding(
        Code::RecordStray,
        strays,
        "which is neither the inventory's `vip:` nor a balancer or a node of it",
        "take the record away, or write in the inventory what is there",
    );
    let dead = finding(
        Code::RecordSilent,
        dead,
        "where nobody answers, and clients try each address in turn",
        "take the record away until something answers there",
    );
    stray.into_iter().chain(dead).collect()
}

/// A record that clients keep for so long that a change would leave them behind, or why nobody can say.
pub fn lasting(to: &Endpoint, addresses: &[IpAddr], lifetime: &Lifetime) -> Result<Option<Finding>, String> {
    let Lifetime { seconds, kind, server, is_whole } = lifetime;
    if *seconds <= most(addresses) {
        let rest = format!("{server} tells what it has left of it, {seconds} s, not what the zone says");
        return if *is_whole { Ok(None) } else { Err(rest) };
    }
    let told = match is_whole {
        true => format!("a TTL of {seconds} s, as {server} says"),
        false => format!("a TTL of {seconds} s or more, which is what {server} has left of it"),
    };
    let message = format!(
        "the {kind} record of {} has {told}: after a change clients go on to the old address for so long",
        to.host
    );
    let remedy = format!("give it a TTL of 30, and change where it leads {seconds} s later at the earliest");
    Ok(Some(Finding::new(Code::RecordLasting, to.to_string(), message).remedy(remedy)))
}

/// An address of either family is no second one beside the other: a machine without one of them has but one.
fn most(addresses: &[IpAddr]) -> u32 {
    let of_v4 = addresses.iter().filter(|ip| ip.is_ipv4()).count();
    if of_v4.max(addresses.len() - of_v4) > 1 { KEPT_OF_SEVERAL } else { KEPT }
}

/// What a node resolves a name to, or why it does not tell.
pub type Resolved = Result<Vec<IpAddr>, String>;

/// Nodes for which a name leads elsewhere than for us, or nowhere.
pub fn split(to: &Endpoint, here: &[IpAddr], nodes: &[(String, Resolved)]) -> Vec<Finding> {
    let words = |addresses: &[IpAddr]| {
        let words: Vec<_> = addresses.iter().map(ToString::to_string).collect();
        words.join(", ")
    };
    let told = |(node, found): &(String, Resolved)| {
        let found = found.as_ref().ok()?;
        let host = &to.host;
        if found.is_empty() {
            let message = format!("{host} leads nowhere from there: what is led to it there finds nobody");
            return Some(
                Finding::new(Code::NameUnresolved, node, message).remedy(format!(
                    "`getent ahosts {host}` there; correct its resolver or its `/etc/hosts`"
                )),
            );
        }
        is_split(here, found).then(|| {
            let (there, here) = (words(found), words(here));
            let message = format!("{host} leads to {there} from there, and to {here} from here");
            Finding::new(Code::AnswersSplit, node, message)
                .remedy("let one name lead everybody to one place; `/etc/hosts` and views of a DNS server differ by machine")
        })
    };
    nodes.iter().filter_map(told).collect()
}

/// A machine without an address of a family is told none of that family, so only what both know is compared.
fn is_split(here: &[IpAddr], there: &[IpAddr]) -> bool {
    let of = |all: &[IpAddr], is_v4: bool| {
        all.iter().filter(|ip| ip.is_ipv4() == is_v4).copied().collect::<BTreeSet<IpAddr>>()
    };
    let shared = [true, false].map(|is_v4| (of(here, is_v4), of(there, is_v4)));
    let mut both = shared.iter().filter(|(here, there)| !here.is_empty() && !there.is_empty()).peekable();
    both.peek().is_none() || both.any(|(here, there)| here != there)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ips(texts: &[&str]) -> Vec<IpAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn told(found: &[&str], known: &[&str], silent: &[&str]) -> Vec<&'static str> {
        let to = "cp.example.internal:6443".parse().unwrap();
        let found = records(&to, &ips(found), &ips(known), &ips(silent));
        found.iter().map(|finding| finding.code.id()).collect()
    }

    #[test]
    fn a_record_that_is_kept_for_long_is_told_with_the_time_that_a_change_has_to_wait() {
        let to = "cp.example.internal:6443".parse().unwrap();
        let lasting = |addresses: &[&str], seconds, is_whole| {
            let server = "10.0.0.53".parse().unwrap();
            lasting(&to, &ips(addresses), &Lifetime { seconds, kind: "A", server, is_whole })
        };
        let (one, dual, two) = (["10.0.0.3"], ["10.0.0.3", "fd00::3"], ["10.0.0.3", "10.0.0.4"]);

        let [whole, left] = [true, false].map(|is_whole| lasting(&one, 3600, is_whole).unwrap().unwrap());

        assert!(whole.message.contains("has a TTL of 3600 s, as 10.0.0.53 says: "), "{}", whole.message);
        assert!(left.message.contains("has a TTL of 3600 s or more, which"), "{}", left.message);
        assert!(whole.remedy.unwrap().contains("3600 s later"));
        for (addresses, kept) in [(&one[..], 300), (&dual, 300), (&two, 60)] {
            assert_eq!(lasting(addresses, kept, true), Ok(None), "{addresses:?}");
            assert!(lasting(addresses, kept + 1, true).unwrap().is_some(), "{addresses:?}");
        }
        let rest = "10.0.0.53 tells what it has left of it, 40 s, not what the zone says";
        assert_eq!(lasting(&one, 40, false), Err(rest.to_owned()));
    }

    #[test]
    fn a_record_is_told_where_it_leads_to_nobody_known_or_to_nobody_at_all() {
        for (found, known, silent, codes) in [
            (&["10.0.0.3"][..], &["10.0.0.3"][..], &[][..], &[][..]),
            (&["10.0.0.3", "10.0.0.9"], &["10.0.0.3"], &[], &["record-stray"]),
            (&["10.0.0.3", "10.0.0.9"], &["10.0.0.3"], &["10.0.0.9"], &["record-stray", "record-silent"]),
            (&["10.0.0.9"], &[], &[], &[]),
            (&["10.0.0.9"], &[], &["10.0.0.9"], &[]),
        ] {
            assert_eq!(told(found, known, silent), codes, "{found:?} {known:?} {silent:?}");
        }
    }

    #[test]
    fn what_a_node_resolves_is_held_against_what_we_do() {
        let to: Endpoint = "cp.example.internal:6443".parse().unwrap();
        for (here, there, code) in [
            (&["10.0.0.3"][..], &["10.0.0.3"][..], None),
            (&["10.0.0.3", "10.0.0.4"], &["10.0.0.4", "10.0.0.3"], None),
            (&["10.0.0.3", "fd00::3"], &["10.0.0.3"], None),
            (&["10.0.0.3"], &["10.0.0.9"], Some("answers-split")),
            (&["10.0.0.3"], &["10.0.0.3", "10.0.0.9"], Some("answers-split")),
            (&["10.0.0.3"], &["fd00::3"], Some("answers-split")),
            (&["10.0.0.3"], &[], Some("name-unresolved")),
        ] {
            let found = split(&to, &ips(here), &[("cp1".into(), Ok(ips(there)))]);

            assert_eq!(found.first().map(|one| one.code.id()), code, "{here:?} {there:?}");
        }
        assert_eq!(split(&to, &ips(&["10.0.0.3"]), &[("cp1".into(), Err("no getent".into()))]), []);
    }

    #[test]
    fn an_address_is_told_where_the_cluster_gives_it_out_itself() {
        let to: Endpoint = "10.96.0.9:6443".parse().unwrap();
        let told = |address: &str, range: &str| {
            inside(&to, &ips(&[address]), &[("services", range.parse().unwrap())]).is_some()
        };

        for (address, range, is_inside) in [
            ("10.96.0.9", "10.96.0.0/12", true),
            ("10.112.0.1", "10.96.0.0/12", false),
            ("10.111.255.255", "10.96.0.0/12", true),
            ("fd00:10:96::9", "fd00:10:96::/112", true),
            ("fd00:10:97::9", "fd00:10:96::/112", false),
            ("10.96.0.9", "fd00:10:96::/112", false),
            ("10.96.0.9", "10.96.0.9/32", true),
            ("10.96.0.9", "128.0.0.0/1", false),
        ] {
            assert_eq!(told(address, range), is_inside, "{address} in {range}");
        }
    }
}
