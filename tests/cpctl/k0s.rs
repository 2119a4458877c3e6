//! Names added to controllers of k0s, with the shipped binary on rehearsed machines.

use std::{fs, path::Path};

use cpctl::{node::UnitSeen, rehearse::Kind, san::SanSet};

use super::desk::{Desk, NODES};

fn configurations(desk: &Desk) -> Vec<String> {
    let path = |node| desk.cluster.machine(node).unwrap().path(Path::new("/etc/k0s/k0s.yaml")).unwrap();
    NODES.map(|node| fs::read_to_string(path(node)).unwrap()).to_vec()
}

fn names(desk: &Desk) -> Vec<SanSet> {
    desk.served().into_iter().map(|leaf| leaf.sans).collect()
}

fn units(desk: &Desk) -> Vec<UnitSeen> {
    NODES.map(|node| desk.cluster.machine(node).unwrap().unit("k0scontroller")).to_vec()
}

#[test]
fn names_are_served_after_one_restart_of_each_controller_and_another_takes_them_back() {
    let desk = Desk::of(Kind::K0s);
    let (files, old, running) = (configurations(&desk), desk.served(), units(&desk));
    let vip = desk.cluster.endpoint().host.clone();
    let add = ["certs", "add-san", &vip.to_string(), "--yes"];
    desk.run(&["verify"]).exits(1);

    desk.run(&add).exits(0);

    desk.run(&["verify"]).exits(0);
    let (now, new) = (units(&desk), desk.served());
    for (new, old) in new.iter().zip(&old) {
        assert_eq!(new.sans, old.sans.union(&SanSet::from_iter([vip.clone()])));
        assert_eq!((&new.subject, &new.issuer), (&old.subject, &old.issuer));
        assert_ne!(new.public_key, old.public_key);
    }
    assert!(now.iter().zip(&running).all(|(now, old)| now != old), "{now:?}");
    assert!(desk.run(&add).exits(0).stdout.contains("nothing to do"));
    assert_eq!(units(&desk), now);
    desk.run(&["undo", "--yes"]).exits(0);
    let sans: Vec<_> = old.into_iter().map(|leaf| leaf.sans).collect();
    assert_eq!((configurations(&desk), names(&desk)), (files, sans));
}

#[test]
fn a_renewal_restarts_each_controller_and_changes_no_file_of_its_configuration() {
    let desk = Desk::of(Kind::K0s);
    let (files, old) = (configurations(&desk), desk.served());

    desk.run(&["certs", "renew", "--yes"]).exits(0);

    for (new, old) in desk.served().iter().zip(&old) {
        assert_eq!(new.sans, old.sans);
        assert!(new.not_after > old.not_after);
    }
    assert_eq!(configurations(&desk), files);
}
