//! How soon an address moves, as the configuration lets expect.

use std::time::Duration;

use super::{
    super::{Bound, Source},
    check,
    config::{Block, Config},
    load,
};

/// Advertisements that must be missed, and the time beyond them, which depends on the priority and is less than this.
const MISSED: f64 = 3.0;
const SKEW: f64 = 1.0;

pub(in super::super) fn bounds(source: &Source) -> Vec<Bound> {
    let configs = load::configs(&[source]);
    let mut bounds: Vec<Bound> =
        configs.iter().flat_map(Config::instances).filter_map(|one| bound(&one)).collect();
    bounds.dedup();
    bounds
}

/// The longer of two ways: the machine is gone, or a script of its says that its proxy is.
fn bound(instance: &Block<'_, '_>) -> Option<Bound> {
    let advertised = if instance.has("advert_int") { instance.number("advert_int")? } else { 1.0 };
    let silent = MISSED * advertised + SKEW;
    let mut longest = silent;
    for tracked in instance.tracked() {
        let Some(script) = tracked.script else { continue };
        longest = longest.max(check::noticed(&script)? + advertised + SKEW);
    }
    Some(Bound {
        file: instance.source.name.clone(),
        of: instance.name().into_owned(),
        what: "the address moves",
        within: Duration::try_from_secs_f64(longest).ok()?,
    })
}
