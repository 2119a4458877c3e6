//! What any machine may have against a change: its clock, its disk, and another run that is at work on it.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::{
    cert::ServingCert,
    node::{Answer, Ask, Lock},
    report::{Code, Finding},
};

/// Where cpctl keeps its lock and the copies that undo needs, and the directory that it is made in.
const OURS: &str = "/var/lib/cpctl";
const ABOVE_OURS: &str = "/var/lib";

/// A node ahead by more signs certificates that clients do not accept yet.
const AHEAD: i64 = 5;

/// The time that looking may take counts here, and a certificate signed a minute ago harms nobody.
const BEHIND: i64 = 60;

/// More than our copies and a distribution's new files take.
const ROOM_BYTES: u64 = 1_048_576;
const ROOM_INODES: u64 = 32;

/// A place that must be written in.
pub(super) struct Room {
    pub path: PathBuf,
    pub bytes: u64,
    pub inodes: u64,
    /// Why it cannot be written in.
    pub refusal: Option<String>,
    /// What a full disk would do there.
    pub loss: &'static str,
}

/// What to ask for cpctl's own place; `own_room` and `run` read the answers.
pub(super) fn own_asks() -> [Ask; 3] {
    [Ask::Space(OURS.into()), Ask::Writable(OURS.into()), Ask::Writable(ABOVE_OURS.into())]
}

/// The file of the lock that a run holds.
pub(super) fn lock_file() -> PathBuf {
    Path::new(OURS).join("lock")
}

/// The place of cpctl's own files, from the answers to `own_asks`.
pub(super) fn own_room([space, writable, above]: [Answer; 3]) -> Room {
    let writable = if writable.is_present() { writable } else { above };
    room(OURS, &space, writable, "no copy of what is changed can be kept there")
}

pub(super) fn room(path: impl Into<PathBuf>, space: &Answer, writable: Answer, loss: &'static str) -> Room {
    let (bytes, inodes) = match space {
        Answer::Space { bytes, inodes } => (*bytes, *inodes),
        _ => (u64::MAX, u64::MAX),
    };
    let refusal = if let Answer::No(reason) = writable { Some(reason) } else { None };
    Room { path: path.into(), bytes, inodes, refusal, loss }
}

/// Another run at work; `lock` is the lock's file as it is stored.
pub(super) fn run(node: &str, lock: Option<&[u8]>) -> Option<Finding> {
    let lock: Option<Lock> = serde_json::from_slice(lock?).ok();
    let (message, remedy) = match lock {
        Some(Lock { run, operator, since }) => (
            format!("run {run} of {operator} holds the lock since {since}"),
            format!(
                "wait while it is at work; if it was cut off, `cpctl resume {run}` finishes it and \
                 `cpctl undo {run}` takes it back"
            ),
        ),
        None => (
            "another run holds the lock".to_owned(),
            "`cpctl runs` tells which; `cpctl resume` finishes it, `cpctl undo` takes it back".to_owned(),
        ),
    };
    Some(Finding::new(Code::NodeLocked, node, message).remedy(remedy))
}

/// A clock that is off; `clock` is the node's, in seconds since 1970.
pub(super) fn clock(node: &str, clock: i64, now: Timestamp) -> Option<Finding> {
    let ahead = clock - now.as_second();
    (!(-BEHIND..=AHEAD).contains(&ahead)).then(|| {
        let side = if ahead > 0 { "ahead of" } else { "behind" };
        let message = format!("its clock is {} s {side} this machine's", ahead.unsigned_abs());
        Finding::new(Code::ClockOff, node, message).remedy(
            "set both clocks: `sudo timedatectl set-ntp true`; clients refuse a certificate from the future",
        )
    })
}

pub(super) fn not_yet_valid(node: &str, leaf: &ServingCert, now: Timestamp) -> Option<Finding> {
    (leaf.not_before > now).then(|| {
        let message = format!("the certificate that is served is valid only from {}", leaf.not_before);
        Finding::new(Code::ClockOff, node, message)
            .remedy("set the clocks of this machine and of the node: `sudo timedatectl set-ntp true`")
    })
}

/// Places that are full or cannot be written in.
pub(super) fn rooms<'a>(node: &'a str, rooms: &'a [Room]) -> impl Iterator<Item = Finding> + 'a {
    rooms.iter().flat_map(|room| [full(node, room), read_only(node, room)]).flatten()
}

fn full(node: &str, room: &Room) -> Option<Finding> {
    let what = match () {
        () if room.bytes < ROOM_BYTES => format!("{} bytes", room.bytes),
        () if room.inodes < ROOM_INODES => format!("{} inodes", room.inodes),
        () => return None,
    };
    let path = room.path.display();
    let message = format!("{what} are left for {path}; {}", room.loss);
    Some(
        Finding::new(Code::DiskFull, node, message)
            .remedy(format!("make room: `df -h {path}; df -i {path}`")),
    )
}

fn read_only(node: &str, room: &Room) -> Option<Finding> {
    let (path, reason) = (room.path.display(), room.refusal.as_deref()?);
    Some(
        Finding::new(Code::ReadOnly, node, format!("{path} cannot be written in: {reason}"))
            .remedy(format!("make it writable: `findmnt -T {path}; lsattr -d {path}`")),
    )
}
