//! NGINX: what it reads of the files, which of its servers lead to API servers, and what is wrong with those.

mod files;
mod includes;
mod load;
mod parse;
mod rules;
mod served;
mod value;

pub(super) use self::includes::{home, included};
use super::{Facts, Files, Part, moving::Moving};
use crate::report::{Code, Finding};

/// A directive and the file where it stands.
#[derive(Clone, Copy)]
struct Here<'f, 'a> {
    source: &'a super::Source,
    it: &'f super::words::Statement<'a>,
}

/// Each machine's files by themselves: no NGINX reads what lies on another.
pub(super) fn judge<'a>(files: &Files<'_, 'a>, facts: &Facts<'_>) -> Part<'a> {
    let moving = Moving::of(files.all);
    let mut whole = Part::default();
    for these in files::by_machine(&files.these) {
        let part = of_machine(&these, &moving, facts);
        whole.pools.extend(part.pools);
        whole.findings.extend(part.findings);
    }
    whole
}

fn of_machine<'a>(these: &[&'a super::Source], moving: &Moving<'_>, facts: &Facts<'_>) -> Part<'a> {
    let loaded = files::pieces(these);
    let config = load::Config::of(&loaded.pieces);
    let mut served = served::all(&config);
    served.iter_mut().for_each(|served| served.hold_against(facts));
    // Those of other services count only for where they listen.
    let pools = served::pools(&served);
    served.retain(|served| served.serves != super::Serves::Other);
    let mut findings: Vec<Finding> = served.iter().flat_map(rules::judge).collect();
    findings.extend(served.iter().flat_map(|served| rules::listens_away(served, moving)));
    findings.extend(config.misplaced(&served));
    let is_broken = |(_, line): &(&super::Source, (usize, &str))| !line.1.contains("language");
    let told = loaded.unread.iter().filter(|unread| is_broken(unread) || !served.is_empty());
    findings.extend(told.map(|(source, (line, why))| {
        source.finding(Code::NotJudged, super::Spot::new(*line, format!("this is not judged: {why}")))
    }));
    if !served.is_empty() {
        findings.extend(config.not_given());
    }
    Part { pools, findings, ..Part::default() }
}
