//! A machine of any kind that loses its power while it is changed.

use std::thread;

use cpctl::rehearse::Kind;

use super::{
    super::has_strace,
    bench::{Bench, assert_same, outcome},
};

/// The number, from one, of the record that says that the second node's first change is about to be made.
fn record_of_the_change(records: &[String]) -> usize {
    let is_it = |line: &String| line.contains(r#""record":"begun","step":1,"change":0"#);
    records.iter().position(is_it).unwrap() + 1
}

#[test]
fn a_run_whose_node_is_lost_half_way_is_stopped_and_finished_once_the_node_is_back() {
    if !has_strace("stopping the binary in the middle") {
        return;
    }
    thread::scope(|scope| Kind::ALL.map(|kind| scope.spawn(move || is_finished_once_it_is_back(kind))).len());
}

fn is_finished_once_it_is_back(kind: Kind) {
    let bench = Bench::of(kind);
    let add = ["certs", "add-san", &bench.name(), "--yes"];
    let (before, laptop) = (bench.sight(), bench.laptop());
    laptop.cpctl(&add);
    let (after, record) = (outcome(bench.sight()), record_of_the_change(&laptop.lines()));
    laptop.undo();
    let laptop = bench.laptop();
    let frozen = laptop.freeze_at(record, &add);
    bench.loses("cp2");

    let stopped = frozen.thaw().exits(3);

    let run = laptop.run().unwrap();
    assert!(stopped.stderr.contains(&format!("cpctl resume {run}")), "{kind:?}: {}", stopped.shown());
    bench.regains("cp2");
    laptop.cpctl(&["resume"]);
    assert_same(&outcome(bench.sight()), &after, &format!("{kind:?}, lost and back"));
    laptop.undo();
    assert_same(&bench.sight(), &before, &format!("{kind:?}, lost, back and taken back"));
}
