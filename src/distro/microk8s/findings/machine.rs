//! The machine: its clock, its disk, what runs on it and who is at work on it.

use jiff::Timestamp;

use super::finding;
use crate::{
    cert::ServingCert,
    distro::microk8s::{
        facts::{CERTS, Facts, KICKER, KUBELITE, Room},
        template::Template,
    },
    node::{Lock, UnitSeen},
    report::{Code, Finding},
};

/// A node ahead by more signs certificates that clients do not accept yet.
const AHEAD: i64 = 5;

/// The time that looking may take counts here, and a certificate signed a minute ago harms nobody.
const BEHIND: i64 = 60;

/// More than our copies and MicroK8s' new files take.
const ROOM_BYTES: u64 = 1_048_576;
const ROOM_INODES: u64 = 32;

pub(super) fn findings(facts: &Facts, now: Timestamp) -> Vec<Finding> {
    let single = [run(facts), join(facts), service(facts), clock(facts, now), kicker(facts)];
    let rooms = facts.rooms.iter().flat_map(|room| [full(facts, room), read_only(facts, room)]);
    single.into_iter().chain(rooms).flatten().collect()
}

pub(super) fn not_yet_valid(facts: &Facts, leaf: &ServingCert, now: Timestamp) -> Option<Finding> {
    (leaf.not_before > now).then(|| {
        finding(
            facts,
            Code::ClockOff,
            format!("the certificate that is served is valid only from {}", leaf.not_before),
            "set the clocks of this machine and of the node: `sudo timedatectl set-ntp true`",
        )
    })
}

fn run(facts: &Facts) -> Option<Finding> {
    let lock: Option<Lock> = serde_json::from_slice(facts.run.as_deref()?).ok();
    Some(match lock {
        Some(Lock { run, operator, since }) => finding(
            facts,
            Code::NodeLocked,
            format!("run {run} of {operator} holds the lock since {since}"),
            format!(
                "wait while it is at work; if it was cut off, `cpctl resume {run}` finishes it and \
                 `cpctl undo {run}` takes it back"
            ),
        ),
        None => finding(
            facts,
            Code::NodeLocked,
            "another run holds the lock",
            "`cpctl runs` tells which; `cpctl resume` finishes it, `cpctl undo` takes it back",
        ),
    })
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

fn clock(facts: &Facts, now: Timestamp) -> Option<Finding> {
    let ahead = facts.clock - now.as_second();
    (!(-BEHIND..=AHEAD).contains(&ahead)).then(|| {
        let side = if ahead > 0 { "ahead of" } else { "behind" };
        finding(
            facts,
            Code::ClockOff,
            format!("its clock is {} s {side} this machine's", ahead.unsigned_abs()),
            "set both clocks: `sudo timedatectl set-ntp true`; clients refuse a certificate from the future",
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

fn full(facts: &Facts, room: &Room) -> Option<Finding> {
    let what = match () {
        () if room.bytes < ROOM_BYTES => format!("{} bytes", room.bytes),
        () if room.inodes < ROOM_INODES => format!("{} inodes", room.inodes),
        () => return None,
    };
    let loss = match room.path {
        CERTS => "a full disk leaves an empty certificate",
        _ => "no copy of what is changed can be kept there",
    };
    Some(finding(
        facts,
        Code::DiskFull,
        format!("{what} are left for {}; {loss}", room.path),
        format!("make room: `df -h {0}; df -i {0}`", room.path),
    ))
}

fn read_only(facts: &Facts, room: &Room) -> Option<Finding> {
    let reason = room.refusal.as_deref()?;
    Some(finding(
        facts,
        Code::ReadOnly,
        format!("{} cannot be written in: {reason}", room.path),
        format!("make it writable: `findmnt -T {0}; lsattr -d {0}`", room.path),
    ))
}
