//! Numbers of whole recordings.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use proptest::prelude::*;

use super::{ms, probe, probes};
use crate::{
    api::Miss,
    watch::{Break, Event, Kind, Lane, LeftOut, Record, Recording, Seen, Spread, Via},
};

fn lane(kind: Kind, via: Via) -> Lane {
    Lane { kind, via, endpoint: "10.0.0.1:6443".parse().unwrap() }
}

fn recorded(lanes: Vec<Lane>, records: Vec<Record>) -> Recording {
    let mut recording = Recording::new(lanes, ms(100), Timestamp::UNIX_EPOCH);
    records.into_iter().for_each(|record| recording.take(Event::Probed(record)));
    recording
}

#[test]
fn times_are_told_by_nearest_rank() {
    let of = |times: &[u64]| Spread::of(times.iter().map(|time| ms(*time)));
    let told = |spread: Option<Spread>| {
        spread.map(|it| (it.p50.as_millis(), it.p99.as_millis(), it.max.as_millis()))
    };

    assert_eq!(told(of(&[])), None);
    assert_eq!(told(of(&[7])), Some((7, 7, 7)));
    assert_eq!(told(of(&[3, 1, 2, 4])), Some((2, 4, 4)));
    assert_eq!(told(of(&(1..=100).rev().collect::<Vec<_>>())), Some((50, 99, 100)));
    assert_eq!(told(of(&(1..=1000).collect::<Vec<_>>())), Some((500, 990, 1000)));
}

proptest! {
    #[test]
    fn no_time_lies_outside_of_those_that_were_measured(times in prop::collection::vec(0..10_000_u64, 1..300)) {
        let spread = Spread::of(times.iter().map(|time| ms(*time))).unwrap();

        let (least, most) = (ms(*times.iter().min().unwrap()), ms(*times.iter().max().unwrap()));
        prop_assert!(least <= spread.p50 && spread.p50 <= spread.p99 && spread.p99 <= spread.max);
        prop_assert_eq!(spread.max, most);
    }
}

#[test]
fn probes_are_counted_by_lane_by_kind_of_failure_and_by_who_answered() {
    let (first, second): (Arc<str>, Arc<str>) = ("aa".into(), "bb".into());
    let mut records = probes("ooxto-");
    records[0].backend = Some(first.clone());
    records[1].backend = Some(second);
    records[4].backend = Some(first);
    let mut recording = recorded(vec![lane(Kind::Fresh, Via::Shared)], records);
    recording.backends.insert("aa".into(), "cp1".into());

    let summary = recording.summary();

    let numbers = &summary.lanes[0];
    assert_eq!((numbers.sent, numbers.failed, numbers.unsent), (5, 2, 1));
    assert_eq!(numbers.classes.iter().collect::<Vec<_>>(), [(&"connect-refused", &1), (&"deadline", &1)]);
    let backends: Vec<_> = numbers.backends.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(backends, [("bb", 1), ("cp1", 2)]);
}

#[test]
fn answers_are_timed_before_during_and_after_outages() {
    let mut records = probes("ooxoxoooooooooooo");
    records[3].end += ms(40);
    let recording = recorded(vec![lane(Kind::Fresh, Via::Shared)], records);

    let latency = recording.summary().lanes.remove(0).latency;

    assert_eq!(latency.before.map(|spread| spread.max), Some(ms(10)));
    assert_eq!(latency.during.map(|spread| spread.max), Some(ms(50)));
    assert_eq!(latency.after.map(|spread| spread.max), Some(ms(10)));
    let calm = recorded(vec![lane(Kind::Fresh, Via::Shared)], probes("ooo")).summary().lanes.remove(0);
    assert!(calm.latency.before.is_some() && calm.latency.during.is_none() && calm.latency.after.is_none());
}

#[test]
fn only_what_clients_share_makes_an_outage_of_the_whole() {
    let mut records = probes("oooo");
    records.extend(probes("oxxo").into_iter().map(|record| Record { lane: 1, ..record }));
    let lanes = |via| vec![lane(Kind::Fresh, Via::Shared), lane(Kind::Fresh, via)];

    let of_a_node = recorded(lanes(Via::Node("cp1".into())), records.clone()).summary();
    let shared = recorded(lanes(Via::Shared), records).summary();

    assert_eq!((of_a_node.worst(), of_a_node.lanes[1].failed), (None, 2));
    assert_eq!(shared.worst(), Some(ms(300)));
}

#[test]
fn the_longest_gap_is_told_of_answers_too() {
    let mut records = probes("oooo");
    records[2].end = ms(290);
    let lanes = vec![lane(Kind::Fresh, Via::Shared)];

    let summary = recorded(lanes, records).summary();

    assert_eq!((summary.longest_gap(), summary.worst()), (Some(ms(180)), None));
}

#[test]
fn how_late_probes_left_is_told_of_all_that_were_on_a_schedule() {
    let late = |lane, scheduled, start| Record {
        lane,
        start: ms(start),
        ..probe(scheduled, start + 5, Seen::Answered)
    };
    let lanes = vec![lane(Kind::Fresh, Via::Shared), lane(Kind::Idle, Via::Shared)];

    let summary = recorded(lanes, vec![late(0, 0, 1), late(0, 100, 107), late(1, 0, 99)]).summary();

    assert_eq!(summary.lateness.map(|late| late.max), Some(ms(7)));
}

#[test]
fn an_idle_watch_that_is_there_again_with_the_next_try_is_no_outage() {
    let mut recording = recorded(vec![lane(Kind::Idle, Via::Shared)], vec![probe(0, 10, Seen::Answered)]);
    recording.take(Event::Broke(Break { lane: 0, at: ms(5_000) }));
    recording.take(Event::Probed(probe(5_000, 5_030, Seen::Answered)));

    let summary = recording.summary();

    let back: Vec<_> = summary.lanes[0].interruptions.iter().map(|one| one.back_after).collect();
    assert_eq!((back, summary.worst()), (vec![Some(ms(30))], None));
}

#[test]
fn an_idle_watch_that_does_not_come_back_at_once_is_out_from_its_end_on() {
    let refused = |at| Event::Probed(probe(at, at + 1, Seen::Failed(Miss::Refused)));
    let opened = probe(0, 10, Seen::Answered);
    let mut recording = recorded(vec![lane(Kind::Idle, Via::Shared)], vec![opened]);
    recording.take(Event::Broke(Break { lane: 0, at: ms(5_000) }));
    [refused(5_000), refused(5_100)].into_iter().for_each(|event| recording.take(event));
    recording.lasted = ms(7_000);
    assert_eq!(recording.summary().worst(), Some(ms(2_000)), "it was not there again");

    recording.take(Event::Probed(probe(5_200, 5_220, Seen::Answered)));

    let summary = recording.summary();
    let outage = &summary.lanes[0].outages[0];
    assert_eq!((outage.length(), outage.failed, outage.is_over), (ms(220), 2, true));
    assert_eq!(outage.first, Some(Miss::Refused));
}

#[test]
fn a_watch_that_is_not_allowed_is_left_out_and_no_outage() {
    let mut recording = recorded(vec![lane(Kind::Idle, Via::Shared)], vec![]);
    recording.take(Event::LeftOut(LeftOut { lane: 0, miss: Miss::Status(403) }));

    let summary = recording.summary();

    assert_eq!(summary.lanes[0].left_out, Some(Miss::Status(403)));
    assert_eq!((summary.worst(), summary.lateness), (None, None));
    assert_eq!(summary.lanes[0].longest_gap(), None::<Duration>);
}
