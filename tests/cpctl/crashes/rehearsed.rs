//! Every record of a run on rehearsed machines.

use std::{collections::BTreeMap, thread};

use bench::{Bench, assert_same, outcome};
use cpctl::rehearse::Kind;

use super::{can_kill, has_strace};

mod bench;
mod laptop;
mod led;
mod lost;
mod rivals;

#[test]
fn names_being_added_when_the_binary_is_killed_at_any_record_are_added_by_resume() {
    if !can_kill("killing the binary") {
        return;
    }
    let bench = Bench::new();

    every_kill_is_survived_by_resume(&bench, &["certs", "add-san", &bench.name(), "--yes"]);
}

#[test]
fn names_being_added_when_the_binary_is_killed_at_any_record_are_taken_back_by_undo() {
    if !can_kill("killing the binary") {
        return;
    }
    let bench = Bench::new();

    every_kill_is_survived_by_undo(&bench, &["certs", "add-san", &bench.name(), "--yes"]);
}

/// A machine that others watch, of each kind: changes that others do not know, and restarts in the middle of a run.
#[test]
fn names_of_one_machine_of_any_kind_when_the_binary_is_killed_at_any_record_are_added_or_taken_back() {
    if !can_kill("killing the binary") {
        return;
    }
    thread::scope(|scope| {
        for kind in Kind::ALL {
            scope.spawn(move || {
                let bench = Bench::of(kind);
                let add = ["certs", "add-san", &bench.name(), "--limit", "cp2", "--yes"];

                every_kill_is_survived_by_resume(&bench, &add);
                every_killed_undo_is_survived_by_another(&bench, &add);
                every_kill_is_survived_by_undo(&bench, &add);
            });
        }
    });
}

#[test]
fn a_name_being_taken_out_when_the_binary_is_killed_at_any_record_is_gone_or_back_again() {
    if !can_kill("killing the binary") {
        return;
    }
    for (kind, node) in [(Kind::MicroK8s, "cp1"), (Kind::ByHand, "cp2")] {
        let bench = Bench::of(kind);
        bench.laptop().cpctl(&["certs", "add-san", "old.example", "--yes"]);
        let remove = ["certs", "remove-san", "old.example", "--limit", node, "--yes"];

        every_kill_is_survived_by_resume(&bench, &remove);
        every_killed_undo_is_survived_by_another(&bench, &remove);
        every_kill_is_survived_by_undo(&bench, &remove);
    }
}

#[test]
fn a_certificate_being_renewed_when_the_binary_is_killed_at_any_record_is_finished_or_taken_back() {
    if !can_kill("killing the binary") {
        return;
    }
    let bench = Bench::new();
    let renew = ["certs", "renew", "--limit", "cp1", "--yes"];

    every_kill_is_survived_by_resume(&bench, &renew);
    every_killed_undo_is_survived_by_another(&bench, &renew);
    every_kill_is_survived_by_undo(&bench, &renew);
}

#[test]
fn an_undo_that_is_killed_at_any_record_is_finished_by_another() {
    if !can_kill("killing the binary") {
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

#[test]
fn a_migration_killed_between_any_two_of_its_stages_is_finished_or_taken_back() {
    if !can_kill("killing the binary") {
        return;
    }
    let bench = Bench::new();
    let (to, first) = (bench.cluster.endpoint().to_string(), bench.cluster.targets().swap_remove(0));
    let migrate = ["migrate", "--to", &to, "--from", first.api.as_deref().unwrap(), "--yes"];
    let (before, laptop) = (bench.sight(), bench.laptop());
    laptop.cpctl(&migrate);
    let (after, lines) = (outcome(bench.sight()), laptop.lines());
    laptop.undo();

    let ends = lines.iter().enumerate().filter(|(_, line)| line.contains(r#""completed""#));
    let ends: Vec<usize> = ends.map(|(index, _)| index + 1).collect();

    assert_eq!(ends.len(), 5, "three nodes, the proof in between and the kubeconfig: {lines:#?}");
    for record in ends.into_iter().flat_map(|end| [end, end + 1]) {
        let [resumed, undone] = [bench.laptop(), bench.laptop()];
        assert!(resumed.is_killed(record, &migrate), "record {record}");
        resumed.cpctl(&["resume"]);
        assert_same(&outcome(bench.sight()), &after, &format!("killed at record {record} and finished"));
        resumed.undo();
        assert!(undone.is_killed(record, &migrate), "record {record}");
        undone.undo();
        assert_same(&bench.sight(), &before, &format!("killed at record {record} and taken back"));
    }
}

/// Kills `args` at each record in turn, has it finished, and then taken back.
fn every_kill_is_survived_by_resume(bench: &Bench, args: &[&str]) {
    let (before, laptop) = (bench.sight(), bench.laptop());
    laptop.cpctl(args);
    let (after, records) = (outcome(bench.sight()), laptop.records());
    laptop.undo();
    assert_same(&bench.sight(), &before, "undisturbed and taken back");

    for record in 1..=records {
        let laptop = bench.laptop();
        assert!(laptop.is_killed(record, args), "record {record} of {records}");
        laptop.cpctl(&["resume"]);
        assert_same(&outcome(bench.sight()), &after, &format!("killed at record {record} and finished"));
        laptop.undo();
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
        laptop.undo();
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
        if !laptop.is_killed(killed + 1, &["undo", &laptop.run().unwrap(), "--yes"]) {
            assert_eq!(done + killed, laptop.records(), "killed at every record");
            bench.forget();
            break;
        }
        killed += 1;
        laptop.undo();
        assert_same(&bench.sight(), &before, &format!("the undo was killed at record {killed}"));
    }
}
