//! Questions as lines of the script, and what the script printed as answers.

use std::path::Path;

use super::{
    super::{Answer, Ask, Digest, FileSeen, LoadedUnit, ProcessSeen, UnitSeen, command::quote},
    frame::Frame,
    path_word,
};

const ABSENT: i32 = 20;
const NO: i32 = 21;

/// The calls that ask, for the script.
pub(super) struct Lines {
    /// What is asked beforehand, because asking about all units is hardly more than asking about one.
    pub foreseen: Option<String>,
    /// One for each question.
    pub calls: Vec<String>,
}

/// An error says which word cannot be asked about.
pub(super) fn lines(asks: &[Ask]) -> Result<Lines, String> {
    let (mut units, mut calls) = (vec![], vec![]);
    for ask in asks {
        let mut call = line(ask)?;
        if let Ask::Unit(unit) = ask {
            units.push(quote(unit));
            call = format!("{call} {}", units.len());
        }
        calls.push(call);
    }
    let foreseen = (!units.is_empty()).then(|| format!("foresee_units {}", units.join(" ")));
    Ok(Lines { foreseen, calls })
}

fn line(ask: &Ask) -> Result<String, String> {
    let with_path = |name: &str, path: &Path| Ok(format!("{name} {}", path_word(path)?));
    match ask {
        Ask::File(path) => with_path("ask_file", path),
        Ask::PublicFile(path) => with_path("ask_public_file", path),
        Ask::Certificates(path) => with_path("ask_certificates", path),
        Ask::Resolved(name) => Ok(format!("ask_resolved {}", quote(name))),
        Ask::Exists(path) => with_path("ask_exists", path),
        Ask::Directory(path) => with_path("ask_directory", path),
        Ask::Unit(unit) => Ok(format!("ask_unit {}", quote(unit))),
        Ask::Processes(program) => Ok(format!("ask_processes {}", quote(program))),
        Ask::Units(pattern) => Ok(format!("ask_units {}", quote(pattern))),
        Ask::Version(program) => with_path("ask_version", program),
        Ask::Addresses => Ok("ask_addresses".into()),
        Ask::InterfaceAddresses(names) => {
            let words: Vec<_> = names.iter().map(|name| quote(name)).collect();
            Ok(format!("ask_interface_addresses {}", words.join(" ")))
        }
        Ask::Clock => Ok("ask_clock".into()),
        Ask::Space(path) => with_path("ask_space", path),
        Ask::Writable(path) => with_path("ask_writable", path),
        Ask::PublicKeyOf(path) => with_path("ask_public_key_of", path),
        Ask::Balancer(socket) => with_path("ask_balancer", socket),
        Ask::EtcdMembers { k0s, data } => {
            Ok(format!("ask_etcd_members {} {}", path_word(k0s)?, path_word(data)?))
        }
    }
}

/// What could not be done, for an error.
pub(super) fn deed(ask: &Ask) -> String {
    match ask {
        Ask::File(path) | Ask::PublicFile(path) => format!("read {}", path.display()),
        Ask::Certificates(path) => format!("read the certificates in {}", path.display()),
        Ask::Resolved(name) => format!("resolve {name}"),
        Ask::Exists(path) => format!("look for {}", path.display()),
        Ask::Directory(path) => format!("list {}", path.display()),
        Ask::Unit(unit) => format!("ask systemd about {unit}"),
        Ask::Processes(program) => format!("look for processes of {program}"),
        Ask::Units(pattern) => format!("ask systemd about {pattern}"),
        Ask::Version(program) => format!("ask {} for its version", program.display()),
        Ask::Addresses | Ask::InterfaceAddresses(_) => "list the addresses".into(),
        Ask::Clock => "read the clock".into(),
        Ask::Space(path) => format!("measure the free space at {}", path.display()),
        Ask::Writable(path) => format!("tell whether {} can be written", path.display()),
        Ask::PublicKeyOf(path) => format!("read the public half of {}", path.display()),
        Ask::Balancer(socket) => format!("ask HAProxy at {}", socket.display()),
        Ask::EtcdMembers { k0s, .. } => format!("ask {} for the members of its etcd", k0s.display()),
    }
}

/// Whether the frame is an answer at all, and not a failure.
pub(super) fn is_answered(frame: &Frame) -> bool {
    matches!(frame.code, 0 | ABSENT | NO)
}

/// The answer that a frame carries; `None` where it makes no sense.
pub(super) fn answer(ask: &Ask, frame: &Frame) -> Option<Answer> {
    if frame.code == NO {
        return Some(Answer::No(String::from_utf8_lossy(frame.out).trim().to_owned()));
    }
    if frame.code == ABSENT {
        return Some(if matches!(ask, Ask::Unit(_)) {
            Answer::Unit(UnitSeen::Missing)
        } else {
            Answer::Absent
        });
    }
    Some(match ask {
        Ask::File(_) | Ask::PublicFile(_) => Answer::File(file(frame.out)?),
        Ask::Exists(_) => Answer::Present,
        Ask::Directory(_) => Answer::Names(names(frame.out)),
        Ask::Unit(_) => Answer::Unit(unit(text(frame.out)?)?),
        Ask::Processes(_) => Answer::Processes(processes(frame.out)?),
        Ask::Units(_) => Answer::Units(units(frame.out)?),
        Ask::Version(_) => Answer::Version(String::from_utf8_lossy(frame.out).trim().to_owned()),
        Ask::Addresses | Ask::InterfaceAddresses(_) | Ask::Resolved(_) => {
            Answer::Addresses(text(frame.out)?.split_ascii_whitespace().map(str::to_owned).collect())
        }
        Ask::Clock => Answer::Clock(text(frame.out)?.trim().parse().ok()?),
        Ask::Space(_) => space(text(frame.out)?)?,
        Ask::Writable(_) => Answer::Yes,
        Ask::Balancer(_) | Ask::EtcdMembers { .. } | Ask::Certificates(_) => {
            Answer::Said(text(frame.out)?.to_owned())
        }
        Ask::PublicKeyOf(_) => {
            let hex = text(frame.out)?.split_ascii_whitespace().next()?;
            Answer::KeyDigest(Digest::from_hex(hex)?.as_str().to_owned())
        }
    })
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// The first line, which is `stat`'s, as words.
fn facts(bytes: &[u8]) -> Option<([&str; 6], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let words: Vec<_> = text(&bytes[..end])?.split(' ').collect();
    Some((words.try_into().ok()?, &bytes[end + 1..]))
}

fn file(bytes: &[u8]) -> Option<FileSeen> {
    let ([mode, uid, gid, modified, owner, group], bytes) = facts(bytes)?;
    Some(FileSeen {
        bytes: bytes.to_vec(),
        mode: u32::from_str_radix(mode, 8).ok()?,
        owner: named(owner, uid),
        group: named(group, gid),
        modified: modified.parse().ok()?,
    })
}

/// `stat` writes `UNKNOWN` where the number has no name.
fn named(name: &str, number: &str) -> String {
    if name == "UNKNOWN" { number.to_owned() } else { name.to_owned() }
}

fn names(bytes: &[u8]) -> Vec<String> {
    let mut names: Vec<_> = bytes
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect();
    names.sort();
    names
}

fn unit(line: &str) -> Option<UnitSeen> {
    let mut words = line.split_ascii_whitespace();
    let (active, load, main_pid) = (words.next()?, words.next()?, words.next()?.parse().ok()?);
    Some(match (active, load) {
        ("inactive" | "failed", "masked" | "not-found" | "error" | "bad-setting") => UnitSeen::Missing,
        ("inactive" | "failed", _) => UnitSeen::Inactive,
        _ => UnitSeen::Active { main_pid },
    })
}

/// Number, control group, how many arguments, the arguments: every part ends with a NUL.
fn processes(bytes: &[u8]) -> Option<Vec<ProcessSeen>> {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.split_terminator('\0');
    let mut found = vec![];
    while let Some(pid) = parts.next() {
        let (group, count) = (parts.next()?.to_owned(), parts.next()?.parse().ok()?);
        let arguments: Vec<_> = parts.by_ref().take(count).map(str::to_owned).collect();
        if arguments.len() != count {
            return None;
        }
        found.push(ProcessSeen { pid: pid.parse().ok()?, group, arguments });
    }
    Some(found)
}

/// Of each unit a line with its name and state, then its text, then a NUL.
fn units(bytes: &[u8]) -> Option<Vec<LoadedUnit>> {
    let told = bytes.split(|byte| *byte == 0).filter(|told| !told.is_empty());
    told.map(|told| {
        let told = String::from_utf8_lossy(told);
        let (line, text) = told.split_once('\n')?;
        let (name, state) = line.split_once(' ')?;
        Some(LoadedUnit { name: name.to_owned(), state: unit(state)?, text: text.to_owned() })
    })
    .collect()
}

fn space(line: &str) -> Option<Answer> {
    let numbers: Vec<u64> = line.split_ascii_whitespace().map(str::parse).collect::<Result<_, _>>().ok()?;
    let [blocks, size, inodes, all_inodes] = numbers[..] else { return None };
    // btrfs and others make inodes as they need them, and say that they have none.
    let inodes = if all_inodes == 0 { u64::MAX } else { inodes };
    Some(Answer::Space { bytes: blocks.saturating_mul(size), inodes })
}
