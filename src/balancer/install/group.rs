//! Whether the machines stay one group while one of them has the new configuration and another the old one.

use std::collections::BTreeSet;

use super::{Desired, KEEPALIVED, Seen, Wish};
use crate::{
    balancer::lint::{Statement, keepalived_parsed},
    report::{Code, Finding},
};

/// What all machines of a group must say alike, and the value where nothing is said.
const ALIKE: [(&str, &str); 4] =
    [("virtual_router_id", ""), ("interface", ""), ("advert_int", "1"), ("version", "2")];

/// A `vrrp_instance`.
struct Group {
    name: String,
    /// What its machines must say alike, in words for people; a password counts as one, whatever it is.
    terms: Vec<(&'static str, String)>,
}

impl Group {
    fn all_of(text: &str) -> Vec<Self> {
        let parsed = keepalived_parsed(text);
        let instances = parsed.statements.iter().filter(|statement| statement.name() == "vrrp_instance");
        instances.map(Self::of).collect()
    }

    fn of(instance: &Statement<'_>) -> Self {
        let word = |(key, otherwise): (&'static str, &str)| {
            let said = instance.last(key).and_then(|statement| statement.arg(0));
            (key, said.map_or(otherwise.to_owned(), std::borrow::Cow::into_owned))
        };
        let listed = |key| {
            let lines = instance.last(key).into_iter().flat_map(Statement::body);
            let first = lines.map(|line| line.name().split('/').next().unwrap_or_default().to_owned());
            first.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
        };
        let authentication = if instance.last("authentication").is_some() { "a password" } else { "none" };
        let spoken = if instance.last("unicast_peer").is_some() { "unicast" } else { "multicast" };
        let mut terms: Vec<_> = ALIKE.into_iter().map(word).collect();
        terms.push(("authentication", authentication.into()));
        terms.push(("how peers are spoken to", spoken.into()));
        terms.push(("virtual_ipaddress", listed("virtual_ipaddress")));
        Self { name: instance.arg(0).unwrap_or_default().into_owned(), terms }
    }
}

/// The new configuration with the instance called as it is on the machine: under another name keepalived would end it and
/// begin anew, and the address would be gone for some seconds.
pub(super) fn kept_name(file: &Wish, old: &str) -> String {
    match (Group::all_of(old).as_slice(), Group::all_of(&file.text).as_slice()) {
        ([old], [new]) if !old.name.is_empty() => {
            let named = |name: &str| format!("vrrp_instance {name} {{");
            file.text.replace(&named(&new.name), &named(&old.name))
        }
        _ => file.text.clone(),
    }
}

/// A configuration that leaves the old group: for a while two machines would hold the address.
pub(super) fn fault(desired: &Desired<'_>, seen: &Seen) -> Option<Finding> {
    let file = desired.files().find(|file| file.path == KEEPALIVED.main)?;
    let old = seen.text(KEEPALIVED.main)?;
    let (old, new) = (Group::all_of(&old), Group::all_of(&file.text));
    let (old, new) = match (old.as_slice(), new.as_slice()) {
        ([], _) => return None,
        ([old], [new]) => (old, new),
        _ => {
            let message = format!("keepalived has {} instances there, and would have one", old.len());
            return Some(left(
                desired,
                message,
                "change it by hand: the file has more to do than this group".into(),
            ));
        }
    };
    let unlike = old.terms.iter().zip(&new.terms).find(|(old, new)| old != new)?;
    let ((key, old), (_, new)) = unlike;
    let message = format!(
        "keepalived there has {key}: {old}, and would get {new}: until the last machine has it too, two of them hold {}",
        desired.vip
    );
    let remedy = match *key {
        "virtual_router_id" => format!("write `vrid: {old}` into the inventory"),
        "interface" => format!("write `interface: {old}` into the inventory"),
        _ => "make it so on all machines by hand, in a quiet hour".to_owned(),
    };
    Some(left(desired, message, remedy))
}

fn left(desired: &Desired<'_>, message: String, remedy: String) -> Finding {
    Finding::new(Code::BalancerGroupLeft, desired.machine, message).remedy(remedy)
}
