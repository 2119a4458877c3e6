//! relayd: the relays and redirects that lead to API servers, and what is wrong with them; pf, as far as they need it.

mod config;
mod forward;
mod parse;
mod rules;

use self::config::Config;
use super::{Facts, Files, Kind, Part, Serves, Spot};
use crate::report::{Code, Finding};

pub(super) fn judge<'a>(files: &Files<'_, 'a>, facts: &Facts<'_>) -> Part<'a> {
    let mut part = Part::default();
    for source in &files.these {
        let config = Config::of(source);
        let mut forwards = forward::all(&config);
        for forward in &mut forwards {
            forward.serves = facts.serves(forward.serves, &forward.servers);
        }
        let meant = forwards.iter().filter(|forward| matches!(forward.serves, Serves::Api | Serves::Join));
        part.findings.extend(meant.clone().flat_map(|forward| rules::judge(forward, facts)));
        part.findings.extend(meant.flat_map(|forward| anchored(forward, files)));
        if forwards.iter().any(|forward| forward.serves != Serves::Other) {
            part.findings.extend(config.unread());
        }
        part.pools.extend(forwards.iter().map(forward::Forward::pool));
    }
    part
}

/// A redirect is made of rules of pf, which come into force where pf.conf has a place for them.
fn anchored(forward: &forward::Forward<'_, '_>, files: &Files<'_, '_>) -> Option<Finding> {
    if !forward.is_redirect() {
        return None;
    }
    let mut given = files.all.iter().filter(|source| source.kind() == Some(Kind::Pf)).peekable();
    let line = forward.around.line;
    let Some(_) = given.peek() else {
        let why = "whether it comes into force is not judged: that is told by pf.conf";
        let spot = Spot::new(line, why).instead("give pf.conf too");
        return Some(forward.config.source.finding(Code::NotJudged, spot));
    };
    if given.any(super::pf::has_anchor) {
        return None;
    }
    let why = "pf.conf has no anchor for relayd, so the redirect never comes into force";
    let spot = Spot::new(line, why).instead("add to pf.conf: `anchor \"relayd/*\"`");
    Some(forward.config.source.finding(Code::RelaydNoAnchor, spot))
}
