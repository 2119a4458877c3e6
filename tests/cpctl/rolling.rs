//! Servers that are restarted one after the other: what clients notice meanwhile, and what the certificates name then.

use std::collections::BTreeSet;

use super::{
    harness::Ran,
    lab::{Lab, Probe, Tally},
};

pub const NODES: [&str; 3] = ["n1", "n2", "n3"];
/// The servers' addresses and, last, the one that clients share.
pub const HOSTS: [&str; 4] = ["172.22.22.11", "172.22.22.12", "172.22.22.13", "172.22.22.3"];
/// What is added.
pub const NAMES: [&str; 2] = ["172.22.22.3", "cp.example.internal"];

/// Where probes knock.
pub struct Doors {
    /// What tells when each server was away.
    pub servers: Told,
    /// The ports of the address that lose nothing, each with a path that is answered there.
    pub shared: &'static [(u16, &'static str)],
}

/// What tells from when to when a server was away.
pub enum Told {
    /// Nobody answers `/readyz` at this port.
    Port(u16),
    /// This unit is down, perhaps for too short a time to be noticed.
    Unit(&'static str),
}

pub fn lines(text: &str) -> BTreeSet<String> {
    text.lines().map(str::to_owned).collect()
}

pub fn with(old: &BTreeSet<String>, new: impl IntoIterator<Item = String>) -> BTreeSet<String> {
    old.iter().cloned().chain(new).collect()
}

/// A script that tells every file that `find` finds of these in a directory, with its mode, owner and content.
pub fn files_below(directory: &str, of: &str) -> String {
    let told = r"-printf '%p %M %u:%g\n' -type f -exec sha256sum {} +";
    format!("cd {directory} && find {of} {told} | sort")
}

/// Another run of the same is nothing to do: no process, and no file that this script tells, is touched.
pub fn a_second_run_changes_nothing(lab: &Lab, args: &[&str], times: &str) {
    let look = || NODES.map(|node| (lab.on(node, times).stdout, lab.processes(node)));
    let before = look();

    let ran = lab.cpctl(args).exits(0);

    assert!(ran.stdout.contains("nothing to do"), "{}", ran.shown());
    assert_eq!(look(), before);
}

/// The names that a server's certificate at this port holds now.
pub fn names_at(lab: &Lab, node: &str, port: u16) -> BTreeSet<String> {
    let script = format!(
        "openssl s_client -noservername -connect $(hostname -I | cut -d' ' -f1):{port} </dev/null 2>/dev/null \
        | openssl x509 -noout -ext subjectAltName"
    );
    let text = lab.on(node, &script).exits(0).stdout;
    let words = text.lines().skip(1).flat_map(|line| line.split(", "));
    words.filter_map(|word| word.trim().split_once(':')).map(|(_, name)| name.to_owned()).collect()
}

/// The new names on twenty fresh connections in a row, and each of the old ones still there.
pub fn shows_on_twenty_connections(lab: &Lab, endpoint: &str, old: &BTreeSet<String>) {
    let shown = |name: &str| {
        let kind = if name.parse::<std::net::IpAddr>().is_ok() { "-verify_ip" } else { "-verify_hostname" };
        let times = if NAMES.contains(&name) { 20 } else { 1 };
        format!("show {times} {kind} {name}\n")
    };
    let all: String = old.iter().map(String::as_str).chain(NAMES).map(shown).collect();
    let script = format!(
        "set -e; show() {{ for i in $(seq $1); do openssl s_client -noservername -connect {endpoint} -CAfile {} \
        -verify_return_error $2 $3 </dev/null; done; }}\n{all}",
        lab.path("pki/ca.crt").display(),
    );
    Ran::of(&mut lab.inside(&["sh", "-c", &script])).exits(0);
}

/// Runs the binary while probes knock at every server and at the address, each twenty times a second: no two servers are
/// away at once, they go in this order, and the address loses nothing, because each is drained before it goes.
pub fn changed_one_at_a_time(lab: &Lab, args: &[&str], order: &[&str; 3], doors: &Doors) {
    let knock = |host: &str, port: u16, path: &str| {
        let target = format!("{host}:{port}");
        Probe::start(lab, &["--path", path, &target])
    };
    let [one, two, three, address] = HOSTS;
    let servers = match doors.servers {
        Told::Port(port) => [one, two, three].map(|host| knock(host, port, "/readyz")).into(),
        Told::Unit(_) => vec![],
    };
    let shared: Vec<_> = doors.shared.iter().map(|(port, path)| knock(address, *port, path)).collect();

    let ran = lab.cpctl(args);

    let shared: Vec<_> = shared.into_iter().map(Probe::tally).collect();
    let tallies: Vec<_> = servers.into_iter().map(Probe::tally).collect();
    ran.exits(0);
    let away: Vec<_> = match doors.servers {
        Told::Port(_) => tallies.iter().map(away).collect(),
        Told::Unit(unit) => NODES.iter().map(|node| down(lab, node, unit)).collect(),
    };
    let at = |node: &str| away[NODES.iter().position(|known| *known == node).unwrap()];
    for pair in order.windows(2) {
        assert!(at(pair[0]).1 < at(pair[1]).0, "one at a time, in order: {order:?} of {away:?}");
    }
    for tally in shared {
        assert!(tally.sent > 0, "the probe was at work: {tally:?}");
        assert_eq!((tally.ok, tally.kinds.len()), (tally.sent, 1), "{tally:?}, away {away:?}");
    }
}

/// From when to when a unit was down, in microseconds of the clock that all machines share.
fn down(lab: &Lab, node: &str, unit: &str) -> (f64, f64) {
    let at = |state: &str| {
        let script = format!("systemctl show --property={state}TimestampMonotonic --value {unit}");
        lab.on(node, &script).exits(0).stdout.trim().parse().unwrap()
    };
    (at("InactiveEnter"), at("ActiveEnter"))
}

/// From when to when a server gave no good answer, in seconds since 1970.
fn away(tally: &Tally) -> (f64, f64) {
    let at = |bad: Option<f64>| tally.begun + bad.expect("a server that restarts answers nobody");
    (at(tally.first_bad_s), at(tally.last_bad_s))
}
