//! Both peers held against each other.

use std::collections::BTreeSet;

use super::config::{Block, Value};
use crate::report::{Code, Finding};

/// What has to be the same on both, and the value where it is not said.
const SAME: &[(&str, &str)] = &[("virtual_router_id", ""), ("advert_int", "1"), ("version", "2")];

/// Told on whichever of the two it concerns.
pub(super) fn either(instance: &Block<'_, '_>, peer: &Block<'_, '_>) -> Vec<Finding> {
    never_cross(instance, peer).into_iter().chain(not_peered(instance, peer)).collect()
}

/// Told once, on the second of the two.
pub(super) fn second(instance: &Block<'_, '_>, first: &Block<'_, '_>) -> Vec<Finding> {
    let equal = equal_priorities(instance, first).into_iter();
    let differ = SAME.iter().filter_map(|(name, otherwise)| differs(instance, first, name, otherwise));
    equal.chain(differ).chain(addresses(instance, first)).chain(passwords(instance, first)).collect()
}

/// `None` where it is not known.
fn priority(instance: &Block<'_, '_>) -> Option<(i32, usize)> {
    match instance.value("priority") {
        Some(value) => Some((value.text.parse().ok()?, value.line)),
        None if instance.has("priority") => None,
        None => Some((100, instance.line())),
    }
}

/// The scripts of the machine that holds the address: what their failure takes away must be more than what it is ahead.
fn never_cross(instance: &Block<'_, '_>, peer: &Block<'_, '_>) -> Vec<Finding> {
    let (Some((own, _)), Some((other, _))) = (priority(instance), priority(peer)) else { return vec![] };
    let gap = own - other;
    let tracked = instance.tracked();
    let weights: Option<Vec<i32>> = tracked.iter().map(|one| one.weight.map(i32::abs)).collect();
    let enough = weights.is_none_or(|weights| weights.iter().sum::<i32>() > gap);
    if gap <= 0 || enough {
        return vec![];
    }
    let weighted = tracked.iter().filter(|one| one.weight.is_some_and(|weight| weight != 0));
    weighted
        .map(|one| {
            let weight = one.weight.unwrap_or_default();
            let of_script = one.script.and_then(|script| Some((script, script.value("weight")?.line)));
            let (at, line) = of_script.unwrap_or((one.holder, one.line));
            let why = format!(
                "the address stays here when {} fails: {weight} does not make up for priority {own} against {other}",
                one.name
            );
            at.finding(Code::KeepalivedNeverCross, line, why, format!("weight -{}", gap + 20))
        })
        .collect()
}

fn equal_priorities(instance: &Block<'_, '_>, first: &Block<'_, '_>) -> Option<Finding> {
    let ((own, line), (other, _)) = (priority(instance)?, priority(first)?);
    (own == other).then(|| {
        let why =
            format!("both machines have priority {own}: which one holds the address is left to their IPs");
        instance.finding(Code::KeepalivedEqual, line, why, format!("priority {}", own - 10))
    })
}

fn differs(instance: &Block<'_, '_>, first: &Block<'_, '_>, name: &str, otherwise: &str) -> Option<Finding> {
    let said = |block: &Block<'_, '_>| match block.has(name) {
        true => block.value(name),
        false => Some(Value { text: otherwise.to_owned(), line: block.line() }),
    };
    let (own, other) = (said(instance)?, said(first)?);
    let is_same = match (own.text.parse::<f64>(), other.text.parse::<f64>()) {
        (Ok(one), Ok(other)) => (one - other).abs() < f64::EPSILON,
        _ => own.text == other.text,
    };
    (!is_same).then(|| {
        let why = format!(
            "`{name}` is {} here and {} on the other machine; both take the address then",
            own.text, other.text
        );
        instance.finding(Code::KeepalivedPeersDiffer, own.line, why, format!("{name} {}", other.text))
    })
}

fn addresses(instance: &Block<'_, '_>, first: &Block<'_, '_>) -> Option<Finding> {
    let set = |block: &Block<'_, '_>| -> Option<BTreeSet<String>> {
        Some(block.listed("virtual_ipaddress")?.into_iter().map(|value| value.text).collect())
    };
    let (own, other) = (set(instance)?, set(first)?);
    let line = instance.inner("virtual_ipaddress")?.line();
    (own != other).then(|| {
        let other: Vec<_> = other.into_iter().collect();
        let why = format!("the other machine has other addresses: {}", other.join(", "));
        instance.finding(Code::KeepalivedPeersDiffer, line, why, "the same addresses on both machines")
    })
}

fn passwords(instance: &Block<'_, '_>, first: &Block<'_, '_>) -> Option<Finding> {
    let said = |block: &Block<'_, '_>| {
        let inner = block.inner("authentication")?;
        Some(["auth_type", "auth_pass"].map(|name| inner.value(name).map(|value| value.text)))
    };
    let line = instance.inner("authentication").map_or(instance.line(), |block| block.line());
    (said(instance) != said(first)).then(|| {
        let why = "the two machines authenticate in different ways, and neither hears the other";
        instance.finding(
            Code::KeepalivedPeersDiffer,
            line,
            why,
            "the same `authentication` on both machines, or none",
        )
    })
}

/// One speaks to everybody and the other to one, or to somebody else.
fn not_peered(instance: &Block<'_, '_>, peer: &Block<'_, '_>) -> Option<Finding> {
    let (own, other) = (instance.inner("unicast_peer"), peer.inner("unicast_peer"));
    let source = peer.value("unicast_src_ip");
    let why = match (&own, &other, &source) {
        (None, Some(_), _) => {
            "the other machine has `unicast_peer`, and this one speaks to everybody".to_owned()
        }
        (Some(_), _, Some(source)) => {
            let named = instance.listed("unicast_peer").filter(|named| !named.is_empty())?;
            let is_named = named.iter().any(|named| named.text == source.text);
            (!is_named).then(|| format!("the other machine, {}, is not among its peers", source.text))?
        }
        _ => return None,
    };
    let instead =
        source.map_or("`unicast_peer` with the other machine's address".into(), |source| source.text);
    let line = own.map_or(instance.line(), |block| block.line());
    Some(instance.finding(Code::KeepalivedPeersDiffer, line, why, instead))
}
