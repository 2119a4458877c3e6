//! What wakes the kicker, and what does not.

use std::time::Duration;

use super::*;
use crate::rehearse::{Fault, KICKER, Round, kicker::own_round, kicker_round};

/// The edit as a hand makes it, without cpctl.
fn edit_by_hand(machine: &Machine) {
    let (_, bytes) = named_anew(machine);
    disk::overwrite(&machine.path(&cert("csr.conf.template")).unwrap(), &bytes).unwrap();
}

#[test]
fn an_edit_by_hand_on_the_first_node_costs_every_pod() {
    let alone = Alone::new(Part::First);
    let pods = alone.machine.pods();
    edit_by_hand(&alone.machine);

    assert_eq!(kicker_round(&alone.machine).unwrap(), Round::Kicked);

    let now = alone.machine.pods();
    assert_eq!(alone.machine.kicks(), 1);
    assert!(!pods.is_empty() && pods.keys().eq(now.keys()));
    assert!(pods.iter().all(|(name, pid)| now[name] != *pid));
    assert!(names(&alone.served()).contains(&"172.22.22.3".to_owned()));
    assert_eq!(kicker_round(&alone.machine).unwrap(), Round::Quiet);
}

#[test]
fn a_sleepy_kicker_goes_round_where_it_is_told_to_and_not_by_itself() {
    let alone = Alone::new(Part::First);
    edit_by_hand(&alone.machine);

    alone.machine.set(Fault::SleepyKicker).unwrap();
    assert_eq!(own_round(&alone.machine).unwrap(), Round::Skipped);
    assert_eq!(alone.machine.kicks(), 0);
    assert_eq!(kicker_round(&alone.machine).unwrap(), Round::Kicked);

    edit_by_hand(&alone.machine);
    alone.machine.clear(Fault::SleepyKicker).unwrap();
    assert_eq!(own_round(&alone.machine).unwrap(), Round::Kicked);
}

#[test]
fn an_edit_by_hand_on_a_joined_node_does_nothing_at_all() {
    let alone = Alone::new(Part::Joined);
    let (pods, before) = (alone.machine.pods(), serial(&alone.served()));
    edit_by_hand(&alone.machine);

    assert_eq!(kicker_round(&alone.machine).unwrap(), Round::Quiet);

    assert_eq!((alone.machine.pods(), alone.machine.kicks()), (pods, 0));
    assert_eq!(serial(&alone.served()), before);
}

#[test]
fn a_missing_certificate_is_signed_anew_and_costs_every_pod_even_on_a_joined_node() {
    let alone = Alone::new(Part::Joined);
    std::fs::remove_file(alone.machine.path(&cert("server.crt")).unwrap()).unwrap();

    assert_eq!(kicker_round(&alone.machine).unwrap(), Round::Kicked);

    assert_eq!(alone.machine.kicks(), 1);
    assert!(!alone.served().subject_alt_names().unwrap().is_empty());
}

#[test]
fn an_advertised_address_or_no_default_route_keeps_the_first_node_quiet() {
    let pinned = Alone::new(Part::First);
    let args = Path::new("/var/snap/microk8s/current/args/kube-apiserver");
    disk::overwrite(&pinned.machine.path(args).unwrap(), b"--advertise-address=192.0.2.11\n").unwrap();
    let unrouted = Alone::new(Part::First);
    unrouted.machine.remove_default_route().unwrap();

    for alone in [pinned, unrouted] {
        edit_by_hand(&alone.machine);
        assert_eq!(kicker_round(&alone.machine).unwrap(), Round::Quiet);
    }
}

#[test]
fn an_address_that_comes_to_the_first_node_costs_every_pod() {
    let alone = Alone::new(Part::First);
    alone.machine.set_addresses(&["192.0.2.11", "172.22.22.3"]).unwrap();

    assert_eq!(kicker_round(&alone.machine).unwrap(), Round::Kicked);
}

#[test]
fn a_kicker_that_is_held_does_not_notice_and_one_let_go_too_early_does() {
    let steps = |alone: &Alone| {
        [
            Act::StopIdle {
                unit: KICKER.into(),
                idle: "sleep".into(),
                within: Duration::ZERO,
                run: "r1".into(),
            },
            edit(&alone.machine),
            function("refresh_csr_conf"),
            function("gen_server_cert"),
            Act::Start { unit: KICKER.into(), run: "r1".into() },
        ]
    };
    let held = Alone::new(Part::First);
    let let_go = Alone::new(Part::First);
    for alone in [&held, &let_go] {
        alone.machine.set(Fault::EagerKicker).unwrap();
    }

    held.open().act(&steps(&held)).unwrap();
    let [stop, edit, _, _, start] = steps(&let_go);
    let_go.open().act(&[stop, edit, start]).unwrap();

    assert_eq!((held.machine.kicks(), let_go.machine.kicks()), (0, 1));
}

#[test]
fn the_kicker_waits_while_a_change_is_being_made() {
    let alone = Alone::new(Part::First);
    edit_by_hand(&alone.machine);

    let held = alone.machine.hold().unwrap();
    assert_eq!(kicker_round(&alone.machine).unwrap(), Round::Skipped);
    drop(held);

    assert_eq!(kicker_round(&alone.machine).unwrap(), Round::Kicked);
}
