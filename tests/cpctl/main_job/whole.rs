//! The whole job on MicroK8s as one run: names, worker and kubeconfig, and all of them back.

use super::{BYTES, PODS, Snapshot, VIP, assert_same, unnoticed};
use crate::{crashes::stages::Killed, harness::Ran, lab::Lab};

const MIGRATE: [&str; 4] = ["migrate", "--to", VIP, "--yes"];

pub fn the_whole_job_is_one_run_and_nobody_notices(lab: &Lab, before: &Snapshot) {
    let worker = || lab.on("w1", BYTES).stdout;
    let (bytes, pods) = (worker(), lab.on("w1", PODS).exits(0));

    unnoticed(lab, &MIGRATE, &before.counts);

    assert_ne!(worker(), bytes);
    Ran::of(&mut lab.inside(&["kubectl", "get", "nodes", "-o", "name"])).exits(0);
    lab.cpctl(&["verify"]).exits(0);
    unnoticed(lab, &["undo", "--yes"], &before.counts);
    let after = Snapshot::of(lab);
    assert_eq!((after.kubeconfig, after.serials), (before.kubeconfig.clone(), before.serials.clone()));
    assert_same(&after.bytes, &before.bytes);
    assert_eq!((worker(), lab.on("w1", PODS)), (bytes, pods));
}

pub fn it_is_finished_or_taken_back_wherever_it_is_killed(lab: &Lab, before: &Snapshot) {
    let worker = || lab.on("w1", BYTES).stdout;
    let (bytes, pods) = (worker(), lab.on("w1", PODS).exits(0));
    let is_there = || {
        lab.cpctl(&["verify"]).exits(0);
        assert_ne!(worker(), bytes);
    };
    let is_back = || {
        let after = Snapshot::of(lab);
        assert_eq!((&after.kubeconfig, &after.serials), (&before.kubeconfig, &before.serials));
        assert_same(&after.bytes, &before.bytes);
        assert_eq!((&after.counts, worker()), (&before.counts, bytes.clone()));
        assert_eq!(lab.on("w1", PODS), pods);
    };

    let killed = Killed { lab, to: VIP, migrate: &MIGRATE, is_there: &is_there, is_back: &is_back };
    killed.resumed_after_each_stage();
    killed.undone_after_each_stage();
}
