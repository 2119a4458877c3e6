//! Every record of a run on rehearsed machines.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::{fs::PermissionsExt, process::ExitStatusExt},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use cpctl::{
    node::{Digest, UnitSeen},
    probe::Wire,
    rehearse::{Cluster, Fault, KICKER, KUBELITE},
};
use jiff::Timestamp;
use tempfile::TempDir;

use super::{
    super::harness::{Cpctl, Ran},
    has_strace, struck_at,
};

const SIGKILL: i32 = 9;

/// A rehearsed cluster and an operator beside it.
struct Bench {
    cluster: Cluster,
    home: TempDir,
    wire: Wire,
}

/// An operator's machine with runs of its own.
struct Laptop<'a> {
    bench: &'a Bench,
    state: TempDir,
}

/// What a run brings about or takes back, and what it must never touch, each under its name.
type Sight = BTreeMap<String, String>;

impl Bench {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let cluster = Cluster::start(&home.path().join("cluster"), Timestamp::now()).unwrap();
        cluster.machines().for_each(|(_, machine)| machine.set(Fault::EagerKicker).unwrap());
        fs::create_dir(home.path().join("kube")).unwrap();
        fs::copy(cluster.kubeconfig_path(), home.path().join("kube/config")).unwrap();
        Self { cluster, home, wire: Wire::new(Duration::from_secs(5)) }
    }

    fn name(&self) -> String {
        self.cluster.endpoint().host.to_string()
    }

    fn sight(&self) -> Sight {
        let mut sight = Sight::new();
        for target in self.cluster.targets() {
            let machine = self.cluster.machine(&target.name).unwrap();
            let leaf = self.wire.presented(&target.api.unwrap().parse().unwrap()).unwrap().leaf;
            let is_locked = machine.path(Path::new("/var/lib/cpctl/lock")).unwrap().exists();
            let is_kicking = matches!(machine.unit(KICKER), UnitSeen::Active { .. });
            let mut see = |what: &str, seen| sight.insert(format!("{} {what}", target.name), seen);
            see("names", leaf.sans.to_string());
            see("serial", leaf.serial);
            see("lock", is_locked.to_string());
            see("kicker", is_kicking.to_string());
            see("kubelite", format!("{:?}", machine.unit(KUBELITE)));
            see("pods", format!("{:?}, {} kicks", machine.pods(), machine.kicks()));
            let current = machine.path(Path::new("/var/snap/microk8s/current")).unwrap();
            for folder in ["certs", "args", "credentials", "var/lock"] {
                see_files(&current.join(folder), &mut sight);
            }
        }
        see_files(&self.home.path().join("kube"), &mut sight);
        // The CA's counter of serial numbers never goes back.
        sight.retain(|what, _| !what.ends_with("ca.srl"));
        sight
    }

    /// A laptop that knows of no run yet.
    fn laptop(&self) -> Laptop<'_> {
        Laptop { bench: self, state: tempfile::tempdir_in(self.home.path()).unwrap() }
    }
}

impl Laptop<'_> {
    /// A command in the operator's home, with the inventory, the kubeconfig and this laptop's runs.
    fn dress(&self, command: &mut Command) {
        Cpctl::at_home(self.bench.home.path())
            .with("KUBECONFIG", self.bench.home.path().join("kube/config"))
            .with("XDG_STATE_HOME", self.state.path())
            .scrub(command);
        command.arg("--inventory").arg(self.bench.cluster.inventory_path());
    }

    fn cpctl(&self, args: &[&str]) -> Ran {
        let mut command = Command::new(Cpctl::binary());
        command.args(args);
        self.dress(&mut command);
        Ran::of(&mut command).exits(0)
    }

    /// Kills the binary at its record of that number; `false` where it came to its end before.
    fn is_killed(&self, record: usize, args: &[&str]) -> bool {
        self.is_killed_at("fdatasync", record, args)
    }

    fn is_killed_at(&self, call: &str, record: usize, args: &[&str]) -> bool {
        let words = struck_at(call, "KILL", record, Path::new("/dev/null"));
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(args);
        self.dress(&mut command);
        let output = command.output().unwrap();
        let is_killed = output.status.signal() == Some(SIGKILL);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(is_killed || output.status.success(), "record {record}: {}\n{said}", output.status);
        is_killed
    }

    /// The journal of its only run, once there is a line in it.
    fn journal(&self) -> Option<PathBuf> {
        let entries = fs::read_dir(self.state.path().join("cpctl/runs")).ok()?;
        let mut journals: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        journals.retain(|path| path.extension().is_some_and(|end| end == "jsonl"));
        assert!(journals.len() <= 1, "{journals:?}");
        journals.pop().filter(|journal| fs::read_to_string(journal).unwrap().contains('\n'))
    }

    fn run(&self) -> Option<String> {
        Some(self.journal()?.file_stem()?.to_str()?.to_owned())
    }

    /// How many records the journal has.
    fn records(&self) -> usize {
        fs::read_to_string(self.journal().unwrap()).unwrap().lines().count()
    }
}

fn see_files(folder: &Path, sight: &mut Sight) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        let mut bytes = fs::read(&path).unwrap_or_default();
        // The kicker renders in place, and may be about it.
        while bytes.is_empty() && path.ends_with("csr.conf.rendered") {
            bytes = fs::read(&path).unwrap();
        }
        let digest = Digest::of(&bytes);
        sight.insert(path.display().to_string(), format!("{mode:o} {}", digest.as_str()));
    }
}

/// What is the same after every run that was finished: a certificate is signed anew each time.
fn outcome(mut sight: Sight) -> Sight {
    sight.retain(|what, _| !["serial", "server.crt", "server.csr"].iter().any(|end| what.ends_with(end)));
    sight
}

/// Compares what was seen, and shows only what differs.
fn assert_same(after: &Sight, before: &Sight, when: &str) {
    let only = |these: &Sight, those: &Sight| -> Vec<String> {
        let differs = these.iter().filter(|(what, seen)| those.get(*what) != Some(seen));
        differs.map(|(what, seen)| format!("{what}: {seen}")).collect()
    };
    assert_eq!(only(after, before), only(before, after), "{when}");
}

/// Kills `args` at each record in turn, has it finished, and then taken back.
fn every_kill_is_survived_by_resume(bench: &Bench, args: &[&str]) {
    let (before, laptop) = (bench.sight(), bench.laptop());
    laptop.cpctl(args);
    let (after, records) = (outcome(bench.sight()), laptop.records());
    laptop.cpctl(&["undo", "--yes"]);
    assert_same(&bench.sight(), &before, "undisturbed and taken back");

    for record in 1..=records {
        let laptop = bench.laptop();
        assert!(laptop.is_killed(record, args), "record {record} of {records}");
        laptop.cpctl(&["resume"]);
        assert_same(&outcome(bench.sight()), &after, &format!("killed at record {record} and finished"));
        laptop.cpctl(&["undo", "--yes"]);
        assert_same(&bench.sight(), &before, &format!("killed at record {record}, finished and taken back"));
    }
}

/// What becomes of a run that was killed.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Survival {
    Resumed,
    Undone,
}

/// The calls by which a run on this machine alone changes files: its own, and those of others.
const CALLS: [&str; 6] = ["write", "fsync", "fdatasync", "linkat", "renameat", "unlink"];

/// Kills a run on this machine alone at each call that changes a file. Its journal waits for the disk only where a
/// change begins, so the waiting does not tell its records.
fn every_call_is_survived(bench: &Bench, args: &[&str], survival: Survival) {
    let (before, laptop) = (bench.sight(), bench.laptop());
    laptop.cpctl(args);
    let (after, records) = (bench.sight(), laptop.records());
    laptop.cpctl(&["undo", "--yes"]);

    let mut killed = BTreeMap::new();
    for call in CALLS {
        loop {
            let number = killed.get(call).unwrap_or(&0) + 1;
            let laptop = bench.laptop();
            let is_killed = laptop.is_killed_at(call, number, args);
            // Killed before it had a journal, it had not begun; the nodes know of the run before it alone.
            let run = laptop.run();
            if let Some(run) = run.as_deref().filter(|_| survival == Survival::Resumed) {
                laptop.cpctl(&["resume", run]);
                let (seen, when) = (bench.sight(), format!("killed at {call} {number} and resumed"));
                assert_same(&seen, if seen == before { &before } else { &after }, &when);
            }
            if let Some(run) = &run {
                laptop.cpctl(&["undo", run, "--yes"]);
            }
            assert_same(&bench.sight(), &before, &format!("killed at {call} {number} and taken back"));
            if !is_killed {
                break;
            }
            killed.insert(call, number);
        }
    }
    assert_eq!(killed.len(), CALLS.len(), "{killed:?}");
    assert!(killed["write"] >= records, "{killed:?} in a run of {records} records");
}

/// Kills the undoing of a run on this machine alone at each call that changes a file, and undoes again.
fn every_call_of_its_undo_is_survived(bench: &Bench, args: &[&str]) {
    let before = bench.sight();
    for call in CALLS {
        for number in 1.. {
            let laptop = bench.laptop();
            laptop.cpctl(args);
            let run = laptop.run().unwrap();
            let is_killed = laptop.is_killed_at(call, number, &["undo", &run, "--yes"]);
            laptop.cpctl(&["undo", &run, "--yes"]);
            assert_same(&bench.sight(), &before, &format!("the undo was killed at {call} {number}"));
            if !is_killed {
                break;
            }
        }
    }
}

/// Kills `args` at each record in turn, and has it taken back.
fn every_kill_is_survived_by_undo(bench: &Bench, args: &[&str]) {
    let before = bench.sight();
    let mut killed = 0;

    let unharmed = loop {
        let laptop = bench.laptop();
        if !laptop.is_killed(killed + 1, args) {
            break laptop;
        }
        killed += 1;
        laptop.cpctl(&["undo", "--yes"]);
        assert_same(&bench.sight(), &before, &format!("killed at record {killed}"));
    };

    assert_eq!(killed, unharmed.records(), "killed at every record");
}

/// Kills the undoing of `args` at each of its records in turn, and undoes again.
fn every_killed_undo_is_survived_by_another(bench: &Bench, args: &[&str]) {
    let before = bench.sight();
    let mut killed = 0;

    loop {
        let laptop = bench.laptop();
        laptop.cpctl(args);
        let done = laptop.records();
        if !laptop.is_killed(killed + 1, &["undo", "--yes"]) {
            assert_eq!(done + killed, laptop.records(), "killed at every record");
            break;
        }
        killed += 1;
        laptop.cpctl(&["undo", "--yes"]);
        assert_same(&bench.sight(), &before, &format!("the undo was killed at record {killed}"));
    }
}

#[test]
fn names_being_added_when_the_binary_is_killed_at_any_record_are_added_by_resume() {
    if !has_strace("killing the binary") {
        return;
    }
    let bench = Bench::new();

    every_kill_is_survived_by_resume(&bench, &["certs", "add-san", &bench.name(), "--yes"]);
}

#[test]
fn names_being_added_when_the_binary_is_killed_at_any_record_are_taken_back_by_undo() {
    if !has_strace("killing the binary") {
        return;
    }
    let bench = Bench::new();

    every_kill_is_survived_by_undo(&bench, &["certs", "add-san", &bench.name(), "--yes"]);
}

#[test]
fn a_limited_run_that_is_killed_at_any_record_leaves_no_lock_on_any_node() {
    if !has_strace("killing the binary") {
        return;
    }
    let bench = Bench::new();
    let add = ["certs", "add-san", &bench.name(), "--limit", "cp2", "--yes"];

    every_kill_is_survived_by_resume(&bench, &add);
    every_killed_undo_is_survived_by_another(&bench, &add);
    every_kill_is_survived_by_undo(&bench, &add);
}

#[test]
fn an_undo_that_is_killed_at_any_record_is_finished_by_another() {
    if !has_strace("killing the binary") {
        return;
    }
    let bench = Bench::new();

    every_killed_undo_is_survived_by_another(&bench, &["certs", "add-san", &bench.name(), "--yes"]);
}

#[test]
fn a_kubeconfig_being_repointed_when_the_binary_is_killed_at_any_call_is_finished_or_taken_back() {
    if !has_strace("killing the binary") {
        return;
    }
    let bench = Bench::new();
    bench.laptop().cpctl(&["certs", "add-san", &bench.name(), "--yes"]);

    every_call_is_survived(&bench, &["kubeconfig", "repoint"], Survival::Resumed);
    every_call_is_survived(&bench, &["kubeconfig", "repoint"], Survival::Undone);
    every_call_of_its_undo_is_survived(&bench, &["kubeconfig", "repoint"]);
}
