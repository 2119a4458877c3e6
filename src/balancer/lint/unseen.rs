//! Files in which there is nothing to judge, though there should be.

use super::{Facts, Kind, Pool, Serves, Source};
use crate::report::{Code, Finding};

/// Kinds that are for other things than pools; what of keepalived is not judged it tells itself.
const WITHOUT_POOLS: &[Kind] =
    &[Kind::Script, Kind::Sysctl, Kind::Pem, Kind::Zone, Kind::Kubeconfig, Kind::KubeVip, Kind::Keepalived];

pub(super) fn lint(
    sources: &[Source],
    pools: &[Pool<'_>],
    judged: &[(&Source, String)],
    facts: &Facts<'_>,
) -> Vec<Finding> {
    let is_empty = |source: &&Source| source.kind().is_some() && source.text.trim().is_empty();
    let empty: Vec<Finding> = sources.iter().filter(is_empty).map(nothing).collect();
    let has_pool = pools.iter().any(|pool| matches!(pool.serves, Serves::Api | Serves::Join));
    if has_pool || !judged.is_empty() || !empty.is_empty() {
        return empty;
    }
    let is_expected = facts.plane.is_some_and(|plane| !plane.balancers.is_empty());
    let may_have =
        |source: &&Source| source.kind().is_some_and(|kind| !WITHOUT_POOLS.contains(&kind)) && is_expected;
    sources.iter().find(may_have).map(unled).into_iter().collect()
}

fn nothing(source: &Source) -> Finding {
    Finding::new(Code::NothingSeen, &source.name, "the file is empty, so nothing is judged")
        .remedy("name the file that the balancer reads")
}

fn unled(source: &Source) -> Finding {
    let why = "the inventory names balancers, and no file that was given leads to API servers";
    Finding::new(Code::NothingSeen, &source.name, why)
        .remedy("name the file that does, or complete `nodes:` in the inventory")
}
