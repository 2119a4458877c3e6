//! Two operators at once.

use std::{fs, process::Child};

use super::{
    super::{LOCK, refused},
    *,
};

#[test]
fn of_two_operators_at_once_one_wins_and_the_other_is_told_who_holds_the_lock() {
    let stage = Stage::new();
    let gate = close(stage.machine("cp1"));
    let runs = ["ann", "bob"].map(|name| (name, stage.start(name, &[])));
    ["ann", "bob"].iter().for_each(|name| stage.until_opening(name));

    drop(gate);

    let (winner, lost) = settled(runs);
    let run = stage.run_of(winner);
    refused(lost, &["cp1: ", &format!("run {run} of {winner}@"), &format!("`cpctl resume {run}`")]);
    assert!((0..3).all(|node| stage.serves(node)));
    for node in ["cp1", "cp2", "cp3"] {
        assert!(!stage.path(node, LOCK).exists(), "{node}: a lock is left");
        let runs = fs::read_dir(stage.path(node, "/var/lib/cpctl/runs")).unwrap();
        let names: Vec<_> = runs.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        assert_eq!(names, [run.as_str()], "{node}");
    }
}

#[test]
fn two_operators_on_different_nodes_of_one_cluster_exclude_each_other() {
    let stage = Stage::new();
    let gate = close(stage.machine("cp1"));
    let runs =
        [("ann", "cp2"), ("bob", "cp3")].map(|(name, node)| (name, stage.start(name, &["--limit", node])));
    ["ann", "bob"].iter().for_each(|name| stage.until_opening(name));

    drop(gate);

    let (winner, lost) = settled(runs);
    let run = stage.run_of(winner);
    refused(lost, &["cp1: ", &format!("run {run} of {winner}@"), "holds the lock"]);
    assert_eq!((0..3).filter(|node| stage.serves(*node)).count(), 1);
    assert!(["cp1", "cp2", "cp3"].iter().all(|node| !stage.path(node, LOCK).exists()), "a lock is left");
}

#[test]
fn a_run_that_finds_the_second_node_locked_gives_the_first_one_back() {
    let stage = Stage::new();
    let gate = close(stage.machine("cp1"));
    let run = stage.start("ann", &[]);
    stage.until_opening("ann");
    let lock = stage.path("cp2", LOCK);
    fs::create_dir_all(lock.parent().unwrap()).unwrap();
    fs::write(&lock, SOMEBODYS).unwrap();

    drop(gate);

    refused(Ran::ended(run), &["cp2: run 20261120-101112-abcd of bob@desk holds the lock"]);
    assert!(!stage.path("cp1", LOCK).exists());
    assert_eq!(fs::read_to_string(lock).unwrap(), SOMEBODYS);
    assert!((0..3).all(|node| !stage.serves(node)));
}

/// The operator whose run is done, and what the other one was told.
fn settled(runs: [(&str, Child); 2]) -> (&str, Ran) {
    let mut ran = runs.map(|(name, run)| (name, Ran::ended(run)));
    ran.sort_by_key(|(_, ran)| ran.code);
    let [(winner, won), (_, lost)] = ran;
    won.exits(0);
    (winner, lost)
}
