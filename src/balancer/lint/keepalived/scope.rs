//! Whether a file of keepalived is of a control plane at all; nothing in its grammar tells.

use super::{
    super::{Facts, Files, Serves, Source, Spot},
    config::{Block, Config},
};
use crate::{
    report::{Code, Finding},
    san::San,
};

/// What scripts and names say where API servers are meant.
const SIGNS: &[&str] =
    &[":6443", ":16443", ":9345", "/readyz", "/livez", "apiserver", "kube", "k8s", "lb-ready"];

pub(super) fn is_meant(
    config: &Config<'_>,
    scripts: &[&Source],
    files: &Files<'_, '_>,
    facts: &Facts<'_>,
) -> bool {
    let is_said = config.source.kind.is_some();
    let has_pool = files.pools.iter().any(|pool| pool.serves != Serves::Other)
        || config.pools().any(|pool| pool.serves != Serves::Other);
    let texts = scripts.iter().flat_map(|script| script.text.lines());
    let texts = texts.chain(config.pieces.iter().flat_map(|piece| piece.source.text.lines()));
    is_said
        || has_pool
        || texts.filter_map(said).any(shows)
        || config.instances().any(|one| is_endpoint(&one, facts))
}

/// A line without its comment.
fn said(line: &str) -> Option<&str> {
    line.split(['#', '!']).next()
}

fn shows(text: &str) -> bool {
    SIGNS.iter().any(|sign| text.contains(sign))
}

fn is_endpoint(instance: &Block<'_, '_>, facts: &Facts<'_>) -> bool {
    let endpoint = facts.plane.and_then(|plane| plane.endpoint.as_ref());
    let Some(San::Ip(vip)) = endpoint.map(|endpoint| &endpoint.host) else { return false };
    let vip = vip.to_string();
    let held = instance.listed("virtual_ipaddress").unwrap_or_default();
    held.iter().any(|held| held.text.split('/').next() == Some(&vip))
}

/// Says so, once for each file that holds an address.
pub(super) fn not_meant(configs: &[Config<'_>]) -> Vec<Finding> {
    let first = configs.iter().filter_map(|config| config.instances().next());
    first
        .map(|instance| {
            let why = "this is not judged: nothing shows that the address leads to API servers";
            let instead = "give the proxy's configuration too, and the check scripts; or say it with `--kind keepalived`";
            instance.source.finding(Code::NotJudged, Spot::new(instance.line(), why).instead(instead))
        })
        .collect()
}
