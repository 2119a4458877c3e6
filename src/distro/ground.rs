//! What every change needs of a machine: a lock that is free, a clock that is right, and room to write.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::{
    node::{Answer, Ask, Lock},
    report::{Code, Finding},
};

/// Where cpctl keeps its lock and the copies that undo needs.
const OURS: &str = "/var/lib/cpctl";

/// A node ahead by more signs certificates that clients do not accept yet.
const AHEAD: i64 = 5;

/// The time that looking may take counts here, and a certificate signed a minute ago harms nobody.
const BEHIND: i64 = 60;

/// More than our copies and new certificates take.
const ROOM_BYTES: u64 = 1_048_576;
const ROOM_INODES: u64 = 32;

#[derive(Default)]
pub(super) struct Ground {
    node: String,
    /// Seconds since 1970 by the node's clock.
    clock: i64,
    rooms: Vec<Room>,
    /// The lock that a run of cpctl holds, as it is stored.
    run: Option<Vec<u8>>,
}

/// A place that must be written in.
struct Room {
    path: PathBuf,
    bytes: u64,
    inodes: u64,
    /// Why it cannot be written in.
    refusal: Option<String>,
    /// What comes of a disk that is full.
    loss: &'static str,
}

/// A directory that has to be written in, and what a full disk does there; it may still have to be made.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub path: &'a Path,
    pub loss: &'static str,
}

impl Ground {
    pub fn asks(place: Place<'_>) -> Vec<Ask> {
        let rooms = [place, ours()].into_iter().flat_map(Room::asks);
        let lock = Ask::File(Path::new(OURS).join("lock"));
        [Ask::Clock].into_iter().chain(rooms).chain([lock]).collect()
    }

    /// Takes as many answers as there are `asks`.
    pub fn read(node: &str, place: Place<'_>, answers: &mut dyn Iterator<Item = Answer>) -> Self {
        let mut next = || answers.next().unwrap_or(Answer::Absent);
        let clock = if let Answer::Clock(seconds) = next() { seconds } else { 0 };
        let rooms = [place, ours()].map(|place| Room::read(place, [next(), next(), next()])).into();
        let run = if let Answer::File(seen) = next() { Some(seen.bytes) } else { None };
        Self { node: node.to_owned(), clock, rooms, run }
    }

    /// A lock that another run holds.
    pub fn locked(&self) -> Option<Finding> {
        Some(locked(&self.node, self.run.as_deref()?))
    }

    /// A clock that is not that of this machine.
    pub fn clock_off(&self, now: Timestamp) -> Option<Finding> {
        let ahead = self.clock - now.as_second();
        (!(-BEHIND..=AHEAD).contains(&ahead)).then(|| {
            let side = if ahead > 0 { "ahead of" } else { "behind" };
            let message = format!("its clock is {} s {side} this machine's", ahead.unsigned_abs());
            Finding::new(Code::ClockOff, &self.node, message).remedy(
                "set both clocks: `sudo timedatectl set-ntp true`; clients refuse a certificate from the future",
            )
        })
    }

    /// Places without room, and places that cannot be written in.
    pub fn narrow(&self) -> impl Iterator<Item = Finding> + '_ {
        self.rooms.iter().flat_map(|room| [room.full(&self.node), room.read_only(&self.node)]).flatten()
    }
}

/// A machine's lock that another run holds, as it is stored there.
pub fn locked(machine: &str, stored: &[u8]) -> Finding {
    let lock: Option<Lock> = serde_json::from_slice(stored).ok();
    let run = lock.as_ref().map(|lock| lock.run.clone());
    let (message, remedy) = match lock {
        Some(Lock { run, operator, since, .. }) => (
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
    let finding = Finding::new(Code::NodeLocked, machine, message).remedy(remedy);
    Finding { about: run, ..finding }
}

fn ours() -> Place<'static> {
    Place { path: OURS.as_ref(), loss: "no copy of what is changed can be kept there" }
}

impl Room {
    fn asks(place: Place<'_>) -> [Ask; 3] {
        let above = place.path.parent().unwrap_or(place.path);
        [Ask::Space(place.path.into()), Ask::Writable(place.path.into()), Ask::Writable(above.into())]
    }

    fn read(place: Place<'_>, [space, inside, above]: [Answer; 3]) -> Self {
        let (bytes, inodes) = match space {
            Answer::Space { bytes, inodes } => (bytes, inodes),
            _ => (u64::MAX, u64::MAX),
        };
        let writable = if inside.is_present() { inside } else { above };
        let refusal = if let Answer::No(reason) = writable { Some(reason) } else { None };
        Self { path: place.path.to_owned(), bytes, inodes, refusal, loss: place.loss }
    }

    fn full(&self, node: &str) -> Option<Finding> {
        let what = match () {
            () if self.bytes < ROOM_BYTES => format!("{} bytes", self.bytes),
            () if self.inodes < ROOM_INODES => format!("{} inodes", self.inodes),
            () => return None,
        };
        let path = self.path.display();
        Some(
            Finding::new(Code::DiskFull, node, format!("{what} are left for {path}; {}", self.loss))
                .remedy(format!("make room: `df -h {path}; df -i {path}`")),
        )
    }

    fn read_only(&self, node: &str) -> Option<Finding> {
        let (reason, path) = (self.refusal.as_deref()?, self.path.display());
        Some(
            Finding::new(Code::ReadOnly, node, format!("{path} cannot be written in: {reason}"))
                .remedy(format!("make it writable: `findmnt -T {path}; lsattr -d {path}`")),
        )
    }
}
