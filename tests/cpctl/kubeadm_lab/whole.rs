//! The whole job on nodes of kubeadm's as one run: names, ConfigMaps, worker and kubeconfig, and all of them back.

use super::{NAMES, Snapshot, VIP, unnoticed};
use crate::{
    crashes::stages::Killed,
    kubeadm_move_lab::{self as moving, OLD, a_pod_runs_on_the_worker, the_worker_s_kubelet_is_led_there},
    lab::{Lab, Probe},
};

const MIGRATE: [&str; 4] = ["migrate", "--to", VIP, "--yes"];

/// Nobody serves the name yet.
pub fn everything_is_moved_as_one_and_taken_back(lab: &Lab, before: &Snapshot) {
    a_pod_runs_on_the_worker(lab);
    let leading = moving::Snapshot::of(lab);
    let is_back = || everybody_is_back(lab, before, &leading);

    unnoticed(lab, &MIGRATE);

    let (after, led) = (Snapshot::of(lab), moving::Snapshot::of(lab));
    assert_eq!(after.processes, before.processes, "the same API server and etcd");
    assert_eq!((&after.keys, &after.beside), (&before.keys, &before.beside));
    assert!(after.names.iter().all(|names| names.contains(NAMES[0])), "{:?}", after.names);
    let judge = Probe::start(lab, &["--by-name", "--for", "1s", VIP]).tally();
    assert!(judge.sent > 0 && judge.ok == judge.sent, "the address proves itself by name: {judge:?}");
    assert!(after.configuration.contains(&format!("- {}\n", NAMES[0])), "{}", after.configuration);
    everybody_is_led_there(lab, &leading, &led);

    unnoticed(lab, &["undo", "--yes"]);

    let back = is_back();
    assert_eq!(back.replaced.intersection(&led.replaced).count(), 0, "kube-proxy is led back too");
    lab.on("w1", "test ! -e /var/lib/cpctl/lock").exits(0);

    let is_there = || {
        lab.cpctl(&["verify"]).exits(0);
        everybody_is_led_there(lab, &leading, &moving::Snapshot::of(lab));
    };
    let is_back = || drop(is_back());
    Killed { lab, to: VIP, migrate: &MIGRATE, is_there: &is_there, is_back: &is_back }
        .resumed_after_each_stage();
}

fn everybody_is_back(lab: &Lab, before: &Snapshot, leading: &moving::Snapshot) -> moving::Snapshot {
    assert_eq!(Snapshot::of(lab), *before);
    let back = moving::Snapshot::of(lab);
    let (replaced, own) = (leading.replaced.clone(), leading.own.clone());
    let but_for_times_and_replaced_pods = moving::Snapshot { replaced, own, ..back.clone() };
    assert_eq!(but_for_times_and_replaced_pods, *leading);
    the_worker_s_kubelet_is_led_there(lab, OLD);
    back
}

/// With no pod gone but those of kube-proxy, which read where they go only when they start.
fn everybody_is_led_there(lab: &Lab, before: &moving::Snapshot, after: &moving::Snapshot) {
    let led = |text: &str| text.replace(&format!("https://{OLD}"), &format!("https://{VIP}"));
    assert!(before.maps.iter().all(|map| map["data"].to_string().contains(OLD)));
    for map in &after.maps {
        let texts = map["data"].to_string();
        assert!(texts.contains(VIP) && !texts.contains(OLD), "{map}");
    }
    assert_eq!((&after.worker, &after.kubeconfig), (&led(&before.worker), &led(&before.kubeconfig)));
    assert_eq!(after.pods, before.pods);
    assert_eq!((after.replaced.len(), before.replaced.intersection(&after.replaced).count()), (4, 0));
    the_worker_s_kubelet_is_led_there(lab, VIP);
}
