//! Two laptops with one run: whoever takes it up later goes on, and the other one changes nothing more.

use std::{array, thread};

use super::{
    super::has_strace,
    bench::{Bench, assert_same, outcome},
};

/// What the second laptop does with the run.
const WAYS: [&[&str]; 2] = [&["resume"], &["undo", "--yes"]];
/// On how many clusters each way is tried at once: whoever is left behind waits for a proof that does not come.
const CLUSTERS: usize = 3;

#[test]
fn a_run_that_another_laptop_takes_up_meanwhile_is_left_to_it_at_any_record() {
    if !has_strace("stopping the binary in the middle") {
        return;
    }
    thread::scope(|scope| {
        let tried = WAYS.map(|way| {
            (
                way,
                array::from_fn::<_, CLUSTERS, _>(|from| scope.spawn(move || is_left_to_the_later(way, from))),
            )
        });
        for (way, clusters) in tried {
            let (records, refused): (Vec<_>, Vec<_>) =
                clusters.into_iter().map(|cluster| cluster.join().unwrap()).unzip();
            assert!(records.iter().all(|of| *of == records[0]), "{way:?}: {records:?}");
            assert!(refused.iter().sum::<usize>() > 3, "{way:?}: {refused:?}");
        }
    });
}

/// At every so many of the records: which they are in all, and how often the earlier laptop said why it stopped.
fn is_left_to_the_later(way: &[&str], from: usize) -> ((usize, usize), usize) {
    let bench = Bench::new();
    let add = ["certs", "add-san", &bench.name(), "--limit", "cp2", "--yes"];
    let (before, laptop) = (bench.sight(), bench.laptop());
    laptop.cpctl(&add);
    let (after, records) = (outcome(bench.sight()), laptop.records());
    let first = laptop.lines().iter().position(|line| line.contains(r#""record":"begun""#)).unwrap() + 1;
    laptop.undo();
    let mut refused = 0;

    for record in (first..=records).skip(from).step_by(CLUSTERS) {
        let (early, late) = (bench.laptop(), bench.laptop());
        let frozen = early.freeze_at(record, &add);
        let run = early.run().unwrap();
        late.cpctl(&[&way[..1], &[&run], &way[1..]].concat());
        let left = bench.sight();
        let ran = frozen.thaw();

        let when = format!("stopped at record {record}, {way:?} elsewhere");
        assert_same(&bench.sight(), &left, &when);
        refused += usize::from(ran.stderr.contains("another process goes on with run"));
        if way == WAYS[0] {
            assert_same(&outcome(left), &after, &when);
            late.cpctl(&["undo", &run, "--yes"]);
        }
        assert_same(&bench.sight(), &before, &when);
    }

    ((first, records), refused)
}
