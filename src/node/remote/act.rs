//! Deeds as lines of the script, and what the script printed as outcomes.

use std::{io, path::Path, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    super::{Act, Command, Digest, Done, Drain, Error, Kept, Lock, Output, command::quote},
    frame::Frame,
    path_word,
    words::{plain, seconds, served},
};

const ALREADY: i32 = 10;
const HELD_BY_RUN: i32 = 11;
const DRIFTED: i32 = 12;
const DIFFER: i32 = 13;
const HELD_BY_FILE: i32 = 14;
const NEVER_IDLE: i32 = 15;
const WENT_WRONG: i32 = 16;
const BUSY: i32 = 17;
const NOT_SPARED: i32 = 18;
const NOT_UP: i32 = 19;
const ABSENT: i32 = 20;
const TAKEN_OVER: i32 = 22;

/// A line of the script, and what it reads on its standard input.
pub(super) struct Line {
    pub call: String,
    pub payload: Option<String>,
}

/// The call that carries an act out; an error says which word cannot be used.
pub(super) fn line(act: &Act) -> Result<Line, String> {
    let call = match act {
        Act::Lock(lock) => format!("act_lock {} {}", plain(&lock.run)?, plain(&lock.holder)?),
        Act::TakeOver(lock) => format!("act_take_over {} {}", plain(&lock.run)?, plain(&lock.holder)?),
        Act::Hold { run, holder } => format!("act_hold {} {}", plain(run)?, plain(holder)?),
        Act::Unlock { run } => format!("act_unlock {}", plain(run)?),
        Act::Record { run, file, bytes } => {
            format!("act_record {} {} {}", plain(run)?, plain(file)?, Digest::of(bytes).as_str())
        }
        Act::StopIdle { unit, idle, within, run } => {
            let (unit, idle) = (plain(unit)?, quote(idle));
            format!("act_stop_idle {unit} {idle} {} {}", seconds(*within), plain(run)?)
        }
        Act::Start { unit, run } => format!("act_start {} {}", plain(unit)?, plain(run)?),
        Act::Restart { unit } => format!("act_restart {}", quote(unit)),
        Act::Drain(Drain { socket, server, run, rest, back_after }) => {
            let (socket, server, run) = (path_word(socket)?, served(server)?, plain(run)?);
            let (rest, back_after) = (seconds(*rest), seconds(*back_after));
            format!("act_drain {socket} {server} {run} {rest} {back_after}")
        }
        Act::Undrain { socket, server, run, within } => {
            let (socket, server, run) = (path_word(socket)?, served(server)?, plain(run)?);
            let within = within.map_or("-".to_owned(), |within| seconds(within).to_string());
            format!("act_undrain {socket} {server} {run} {within}")
        }
        Act::LockFile { path, run, within } => {
            format!("act_lock_file {} {} {}", path_word(path)?, seconds(*within), quote(run))
        }
        Act::UnlockFile { path, run } => format!("act_unlock_file {} {}", path_word(path)?, quote(run)),
        Act::Read(path) => format!("act_read {}", path_word(path)?),
        Act::Keep { file, copy } => format!("act_keep {} {}", path_word(file)?, path_word(copy)?),
        Act::PutBack { file, copy, kept, left } => {
            let kept = if *kept == Kept::Surely { "surely" } else { "perhaps" };
            let left = left.as_ref().map_or("-", Digest::as_str);
            format!("act_put_back {} {} {kept} {left}", path_word(file)?, path_word(copy)?)
        }
        Act::Write { path, before, bytes } => {
            let after = Digest::of(bytes);
            format!("act_write {} {} {}", path_word(path)?, before.as_str(), after.as_str())
        }
        Act::Create { path, mode, bytes, mark } => {
            let digest = Digest::of(bytes);
            format!("act_create {} {} {mode:o} {}", path_word(path)?, digest.as_str(), path_word(mark)?)
        }
        Act::Remove { path, made, mark } => {
            format!("act_remove {} {} {}", path_word(path)?, made.as_str(), path_word(mark)?)
        }
        // `env` would take a word with an equals sign for a setting.
        Act::Run(command) if command.program.contains('=') => return Err(command.program.clone()),
        Act::Run(command) => format!("act_run {command}"),
        Act::Sign { key, digest, .. } => {
            path_word(key)?;
            format!("act_sign {}", Command::signing(key, plain(digest)?))
        }
        Act::Flush(files) => {
            let words: Result<Vec<_>, _> = files.iter().map(|file| path_word(file)).collect();
            format!("act_flush {}", words?.join(" "))
        }
        Act::Same { left, right } => format!("act_same {} {}", path_word(left)?, path_word(right)?),
    };
    Ok(Line { call, payload: payload(act)? })
}

/// What an act reads on its standard input.
fn payload(act: &Act) -> Result<Option<String>, String> {
    Ok(match act {
        Act::Lock(lock) | Act::TakeOver(lock) => {
            Some(STANDARD.encode(serde_json::to_vec(lock).map_err(|error| error.to_string())?))
        }
        Act::Record { bytes, .. }
        | Act::Write { bytes, .. }
        | Act::Create { bytes, .. }
        | Act::Sign { bytes, .. } => Some(STANDARD.encode(bytes)),
        _ => None,
    })
}

/// What could not be done, for an error.
pub(in crate::node) fn deed(act: &Act) -> String {
    match act {
        Act::Lock(lock) | Act::TakeOver(lock) => format!("take the lock for run {}", lock.run),
        Act::Hold { run, .. } => format!("look at the lock of run {run}"),
        Act::Unlock { run } => format!("give back the lock of run {run}"),
        Act::Record { run, file, .. } => format!("record {file} of run {run}"),
        Act::StopIdle { unit, .. } => format!("stop {unit}"),
        Act::Start { unit, .. } => format!("start {unit}"),
        Act::Restart { unit } => format!("restart {unit}"),
        Act::Drain(Drain { server, .. }) => format!("drain {server}"),
        Act::Undrain { server, .. } => format!("put {server} back"),
        Act::LockFile { path, .. } => format!("take {}", path.display()),
        Act::UnlockFile { path, .. } => format!("give back {}", path.display()),
        Act::Read(path) => format!("read {}", path.display()),
        Act::Keep { file, .. } => format!("keep a copy of {}", file.display()),
        Act::PutBack { file, .. } => format!("put back {}", file.display()),
        Act::Write { path, .. } => format!("write {}", path.display()),
        Act::Create { path, .. } => format!("create {}", path.display()),
        Act::Remove { path, .. } => format!("remove {}", path.display()),
        Act::Run(command) => format!("run `{command}`"),
        Act::Sign { key, .. } => format!("sign with {}", key.display()),
        Act::Flush(files) => {
            let files: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
            format!("bring {} to the disk", files.join(", "))
        }
        Act::Same { left, right } => format!("compare {} with {}", left.display(), right.display()),
    }
}

/// How long an act may take by its own account, beyond what every act may take.
pub(super) fn patience(act: &Act) -> Duration {
    match act {
        Act::StopIdle { within, .. } | Act::LockFile { within, .. } => *within,
        Act::Drain(Drain { rest, .. }) => *rest,
        Act::Undrain { within, .. } => within.unwrap_or_default(),
        _ => Duration::ZERO,
    }
}

/// What became of an act.
pub(super) fn done(node: &str, act: &Act, frame: &Frame) -> Result<Done, Error> {
    let node = node.to_owned();
    match (frame.code, act) {
        (0, Act::Read(_)) => Ok(Done::Read(Some(frame.out.to_vec()))),
        (ABSENT, Act::Read(_)) => Ok(Done::Read(None)),
        (0, Act::Run(_) | Act::Sign { .. }) => Ok(Done::Output(Output {
            status: frame.status,
            stdout: frame.out.to_vec(),
            stderr: frame.err.to_vec(),
        })),
        (0, _) => Ok(Done::Done),
        (ALREADY, _) => Ok(Done::Already),
        (HELD_BY_RUN, _) => Err(held_by_run(node, frame.out)),
        (
            TAKEN_OVER,
            Act::Lock(Lock { run, .. }) | Act::TakeOver(Lock { run, .. }) | Act::Hold { run, .. },
        ) => Err(Error::TakenOver { node, run: run.clone() }),
        (DRIFTED, Act::Write { path, .. } | Act::Create { path, .. } | Act::Remove { path, .. }) => {
            Err(Error::Drifted { node, path: path.clone() })
        }
        (DRIFTED, Act::PutBack { file, .. }) => Err(Error::Rewritten { node, path: file.clone() }),
        (DIFFER, Act::Same { left, right }) => {
            Err(Error::Differ { node, path: left.clone(), other: right.clone() })
        }
        (HELD_BY_FILE, Act::LockFile { path, .. }) => Err(held_by_file(node, path, frame.out)),
        (NEVER_IDLE, Act::StopIdle { unit, .. }) => Err(Error::NeverIdle { node, unit: unit.clone() }),
        (NOT_SPARED, Act::Drain(Drain { server, .. })) => {
            Err(Error::NotSpared { node, server: server.clone(), others: said(frame) })
        }
        (NOT_UP, Act::Undrain { server, .. }) => {
            Err(Error::NotUp { node, server: server.clone(), state: said(frame) })
        }
        (WENT_WRONG, Act::Run(command)) => Err(failed(node, command.clone(), frame)),
        (WENT_WRONG, Act::Sign { key, digest, .. }) => {
            Err(failed(node, Command::signing(key, digest), frame))
        }
        _ => Err(undone(node, deed(act), frame)),
    }
}

fn failed(node: String, command: Command, frame: &Frame) -> Error {
    let stderr = String::from_utf8_lossy(frame.err).into_owned();
    Error::Failed { node, command, status: frame.status, stderr }
}

/// Whether the machine's lock for changing commands was taken.
pub(super) fn machine_held(node: &str, frame: &Frame) -> Result<(), Error> {
    let deed = "wait for a command that is still running there".to_owned();
    match frame.code {
        0 => Ok(()),
        BUSY => Err(Error::Deed { node: node.to_owned(), deed, source: io::ErrorKind::TimedOut.into() }),
        _ => Err(undone(node.to_owned(), "take the machine's lock".into(), frame)),
    }
}

/// A deed that could not be done, with what was said about it.
pub(super) fn undone(node: String, deed: String, frame: &Frame) -> Error {
    let said = String::from_utf8_lossy(frame.err).trim().to_owned();
    let said = if said.is_empty() { format!("the script gave up with {}", frame.code) } else { said };
    Error::Deed { node, deed, source: io::Error::other(said) }
}

/// What a refusal said, on one line.
fn said(frame: &Frame) -> String {
    let text = String::from_utf8_lossy(frame.out);
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")
}

fn held_by_run(node: String, lock: &[u8]) -> Error {
    match serde_json::from_slice::<Lock>(lock) {
        Ok(Lock { run, operator, since, .. }) => Error::Locked { node, run, operator, since },
        Err(_) => Error::Protocol { node, what: "the lock names no run".into() },
    }
}

fn held_by_file(node: String, path: &Path, age: &[u8]) -> Error {
    let seconds = std::str::from_utf8(age).ok().and_then(|text| text.trim().parse::<i64>().ok());
    let age = Duration::from_secs(seconds.unwrap_or(0).try_into().unwrap_or(0));
    Error::LockFileHeld { node, path: path.to_owned(), age }
}
