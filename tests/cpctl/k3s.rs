//! Names added to servers of K3s, with the shipped binary on rehearsed machines.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use cpctl::{node::UnitSeen, rehearse::Kind, san::SanSet};

use super::desk::{Desk, NODES};

const DROP_IN: &str = "/etc/rancher/k3s/config.yaml.d/99-cpctl.yaml";

pub(super) fn file(desk: &Desk, node: &str, path: &str) -> PathBuf {
    desk.cluster.machine(node).unwrap().path(Path::new(path)).unwrap()
}

/// Every file of the configurations, with its text.
pub(super) fn configurations(desk: &Desk) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = NODES.map(|node| file(desk, node, "/etc/rancher")).to_vec();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                found.insert(path.clone(), "a directory".into());
                folders.push(path);
            } else {
                found.insert(path.clone(), fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

fn names(desk: &Desk) -> Vec<SanSet> {
    desk.served().into_iter().map(|leaf| leaf.sans).collect()
}

fn processes(desk: &Desk) -> Vec<(UnitSeen, BTreeMap<String, u32>)> {
    let machines = NODES.map(|node| desk.cluster.machine(node).unwrap());
    machines.iter().map(|machine| (machine.unit("k3s"), machine.pods())).collect()
}

#[test]
fn names_are_served_after_one_restart_of_each_server_and_undo_takes_them_out_of_the_configuration() {
    let desk = Desk::of(Kind::K3s);
    let (files, old, running) = (configurations(&desk), names(&desk), processes(&desk));
    let vip = desk.cluster.endpoint().host.clone();
    let add = ["certs", "add-san", &vip.to_string(), "--yes"];
    desk.run(&["verify"]).exits(1);

    desk.run(&add).exits(0);

    desk.run(&["verify"]).exits(0);
    let (now, new) = (processes(&desk), names(&desk));
    for (new, old) in new.iter().zip(&old) {
        assert_eq!(*new, old.union(&SanSet::from_iter([vip.clone()])));
    }
    assert!(now.iter().zip(&running).all(|(now, old)| now.0 != old.0 && now.1 == old.1), "{now:?}");
    assert!(desk.run(&add).exits(0).stdout.contains("nothing to do"));
    assert_eq!(processes(&desk), now);
    desk.run(&["undo", "--yes"]).exits(0);
    assert_eq!((configurations(&desk), names(&desk)), (files, new));
}

#[test]
fn a_server_whose_configuration_lacks_a_name_that_it_serves_is_found_and_put_right_without_a_restart() {
    let desk = Desk::of(Kind::K3s);
    let vip = desk.cluster.endpoint().host.to_string();
    desk.run(&["certs", "add-san", &vip, "--yes"]).exits(0);
    let drift = ["certs", "drift", "--fail-on", "warn"];
    desk.run(&drift).exits(0);
    fs::remove_file(file(&desk, "cp2", DROP_IN)).unwrap();
    let before = processes(&desk);

    let found = desk.run(&drift).exits(1).stdout;
    desk.run(&["certs", "add-san", &vip, "--yes"]).exits(0);

    let told = format!(
        "warn cp2: {vip} is served because other servers ask for it; this one's configuration does not"
    );
    assert!(found.contains(&told), "{found}");
    assert!(!found.contains("warn cp1") && !found.contains("warn cp3"), "{found}");
    desk.run(&drift).exits(0);
    assert_eq!(processes(&desk), before);
}
