//! How things stand from probe to probe.

use super::{ms, probe, probes};
use crate::{
    api::Miss,
    watch::{Event, Follower, Kind, Lane, Record, Seen, Turn, Via},
};

fn follower() -> Follower {
    let lane = |via| Lane { kind: Kind::Fresh, via, endpoint: "10.0.0.1:6443".parse().unwrap() };
    Follower::new(&[lane(Via::Shared), lane(Via::Node("cp1".into()))], ms(100))
}

fn turns(follower: &mut Follower, records: Vec<Record>) -> Vec<Turn> {
    records.into_iter().filter_map(|record| follower.heed(&Event::Probed(record))).collect()
}

#[test]
fn only_the_first_failure_and_the_first_answer_after_the_last_are_told() {
    let mut follower = follower();

    let turns = turns(&mut follower, probes("ooxoxxooooooooooooo"));

    assert_eq!(
        turns,
        [
            Turn::Fails { lane: 0, at: ms(201), miss: Miss::Refused },
            Turn::Answers { lane: 0, at: ms(610), since: ms(200) },
        ]
    );
    assert_eq!((follower.sent, follower.failed), (19, 3));
}

#[test]
fn an_answer_to_what_was_asked_before_the_failure_ends_nothing() {
    let refused = probe(200, 201, Seen::Failed(Miss::Refused));
    let late = probe(100, 900, Seen::Answered);

    let turns = turns(&mut follower(), vec![refused, late]);

    assert!(matches!(turns.as_slice(), [Turn::Fails { .. }]), "{turns:?}");
}

#[test]
fn it_is_stable_once_nothing_shared_has_failed_for_so_long() {
    let mut follower = follower();
    assert!(!follower.is_stable(ms(1_000), ms(60_000)), "nobody has answered yet");

    turns(&mut follower, probes("oxo"));

    assert!(!follower.is_stable(ms(1_000), ms(1_100)));
    assert!(follower.is_stable(ms(1_000), ms(1_101)));
    assert!(!follower.is_stable(ms(1_000), ms(5_000)), "nobody has answered for long");
    let of_a_node = Record { lane: 1, ..probe(1_000, 1_001, Seen::Failed(Miss::Refused)) };
    turns(&mut follower, vec![of_a_node]);
    assert!(follower.is_stable(ms(1_000), ms(1_101)), "a node of its own is nobody's outage");
    turns(&mut follower, vec![probe(1_050, 1_051, Seen::Failed(Miss::Refused))]);
    assert!(!follower.is_stable(ms(1_000), ms(60_000)), "it is still failing");
}
