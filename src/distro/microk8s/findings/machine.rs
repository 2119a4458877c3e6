//! The machine: its clock, its disk, what runs on it and who is at work on it.

use jiff::Timestamp;

use super::finding;
use crate::{
    distro::{
        machine_findings,
        microk8s::{
            facts::{Facts, KICKER, KUBELITE},
            template::Template,
        },
    },
    node::UnitSeen,
    report::{Code, Finding},
};

pub(super) fn findings(facts: &Facts, now: Timestamp) -> Vec<Finding> {
    let node = &facts.node;
    let single = [
        machine_findings::run(node, facts.run.as_deref()),
        join(facts),
        service(facts),
        machine_findings::clock(node, facts.clock, now),
        kicker(facts),
    ];
    single.into_iter().flatten().chain(machine_findings::rooms(node, &facts.rooms)).collect()
}

fn join(facts: &Facts) -> Option<Finding> {
    facts.has_lock("join-in-progress").then(|| {
        finding(
            facts,
            Code::JoinInProgress,
            "it is joining a cluster, which gives it another CA",
            "wait until `microk8s join` is done, then run this again",
        )
    })
}

fn service(facts: &Facts) -> Option<Finding> {
    (!matches!(facts.kubelite, UnitSeen::Active { .. })).then(|| {
        finding(
            facts,
            Code::ServiceStopped,
            format!("{KUBELITE} is not running, so nobody serves a new certificate"),
            "`sudo /snap/bin/microk8s start`",
        )
    })
}

/// Harmless in itself: nothing re-issues certificates while it is stopped.
fn kicker(facts: &Facts) -> Option<Finding> {
    let is_meant = facts.has_lock("low-memory-guard.lock") || facts.has_lock("stopped.lock");
    if facts.kicker != UnitSeen::Inactive || is_meant {
        return None;
    }
    let is_quiet =
        !facts.is_watched() || Template::read(facts).is_ok_and(|template| template.is_applied(facts));
    let start = match is_quiet {
        true => format!("`sudo systemctl start {KICKER}` kills no pod as things stand"),
        false => format!(
            "as things stand, starting {KICKER} kills every pod; after `cpctl certs add-san` it does not"
        ),
    };
    Some(finding(
        facts,
        Code::KickerStopped,
        format!("{KICKER} is not running; a run that was cut off leaves it so"),
        format!("`cpctl runs` tells whether one was; {start}"),
    ))
}
