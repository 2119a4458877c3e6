//! Outages, from rows of letters and from whatever a network may do.

use std::time::Duration;

use proptest::prelude::*;

use super::{model, ms, probe, probes};
use crate::{
    api::Miss,
    watch::{Outage, Record, Seen, calm, row::Row},
};

const INTERVAL: Duration = Duration::from_millis(100);

fn found(letters: &str) -> Vec<Outage> {
    let records = probes(letters);
    of(&records)
}

fn of(records: &[Record]) -> Vec<Outage> {
    row(records.to_vec(), 1).sum(lasted(records)).outages
}

fn lasted(records: &[Record]) -> Duration {
    records.iter().map(|record| record.end).max().unwrap_or_default()
}

fn row(records: Vec<Record>, at_once: usize) -> Row {
    let mut row = Row::new(INTERVAL, at_once);
    records.into_iter().for_each(|record| row.take(record));
    row
}

/// From, to, failed, answered in the middle, longest gap, whether it is over.
fn told(outage: &Outage) -> (u128, u128, u64, u64, u128, bool) {
    let ms = Duration::as_millis;
    let (from, to, gap) = (ms(&outage.from), ms(&outage.to), ms(&outage.longest_gap));
    (from, to, outage.failed, outage.flaps, gap, outage.is_over)
}

#[test]
fn an_outage_goes_from_the_last_answer_before_it_to_the_first_one_after_it() {
    for (letters, expected) in [
        ("", vec![]),
        ("ooooo", vec![]),
        ("ooxoo", vec![(110, 310, 1, 0, 200, true)]),
        ("ooxxxoo", vec![(110, 510, 3, 0, 400, true)]),
        ("ootoo", vec![(110, 310, 1, 0, 200, true)]),
        ("oo-oo", vec![]),
        ("oo-xo", vec![(110, 410, 1, 0, 300, true)]),
        ("xxoo", vec![(0, 210, 2, 0, 210, true)]),
        ("ooxx", vec![(110, 301, 2, 0, 191, false)]),
        ("oott", vec![(110, 1300, 2, 0, 1190, false)]),
        ("xxx", vec![(0, 201, 3, 0, 201, false)]),
    ] {
        assert_eq!(found(letters).iter().map(told).collect::<Vec<_>>(), expected, "{letters}");
    }
}

#[test]
fn answers_in_the_middle_end_an_outage_only_once_it_has_been_calm_for_a_second() {
    let flapping = found("ooxoxxoo");
    assert_eq!(flapping.iter().map(told).collect::<Vec<_>>(), [(110, 610, 3, 1, 300, true)]);

    let calm_between = found("oxoooooooooooxo");
    assert_eq!(
        calm_between.iter().map(told).collect::<Vec<_>>(),
        [(10, 210, 1, 0, 200, true), (1210, 1410, 1, 0, 200, true)]
    );
    assert_eq!(calm(Duration::from_secs(5)), Duration::from_secs(15));
}

#[test]
fn one_of_three_servers_that_hangs_is_one_long_outage_with_short_gaps() {
    let hanging = found("ootootootootootoo");

    assert_eq!(hanging.iter().map(told).collect::<Vec<_>>(), [(110, 1510, 5, 8, 200, true)]);
}

#[test]
fn an_answer_that_comes_after_the_outage_does_not_begin_it() {
    let records = [
        probe(0, 10, Seen::Answered),
        probe(100, 4_000, Seen::Answered),
        probe(200, 201, Seen::Failed(Miss::Refused)),
        probe(300, 310, Seen::Answered),
    ];

    assert_eq!(of(&records).iter().map(told).collect::<Vec<_>>(), [(200, 310, 1, 0, 110, true)]);
}

#[test]
fn answers_that_all_come_late_are_an_outage_though_none_failed() {
    let mut records = probes("oooooooooooooooooooooooooooooooooooooooooooooooooo");
    for held in &mut records[10..40] {
        held.end = ms(4_001);
    }

    assert_eq!(of(&records).iter().map(told).collect::<Vec<_>>(), [(910, 4_001, 0, 0, 3_091, true)]);
    assert_eq!(of(&records)[0].first, None);
}

#[test]
fn a_failure_in_a_silence_belongs_to_it() {
    let mut records = probes("oooooooooooooooooooooooooooooooooooooooooooooooooo");
    for held in &mut records[10..40] {
        held.end = ms(4_001);
    }
    records[20].seen = Seen::Failed(Miss::Deadline);

    assert_eq!(of(&records).iter().map(told).collect::<Vec<_>>(), [(910, 4_001, 1, 0, 3_091, true)]);
}

#[test]
fn one_slow_answer_among_others_is_no_outage() {
    let mut records = probes("oooooooooo");
    records[9].end = ms(4_000);
    records[2].end = ms(3_000);

    assert_eq!(of(&records), []);
}

/// Probes that leave every hundred milliseconds and come back whenever and however they like.
fn anything() -> impl Strategy<Value = Vec<Record>> {
    let fate = prop_oneof![
        4 => Just(Seen::Answered),
        2 => Just(Seen::Failed(Miss::Refused)),
        1 => Just(Seen::Failed(Miss::Deadline)),
        1 => Just(Seen::Unsent),
    ];
    prop::collection::vec((fate, 0..5_000_u64, 0..300_u64), 0..120).prop_map(|probes| {
        let one = |(index, (seen, took, late)): (usize, (Seen, u64, u64))| {
            let scheduled = ms(index as u64 * 100);
            let start = scheduled + ms(late);
            Record { lane: 0, scheduled, start, end: start + ms(took), seen, backend: None }
        };
        probes.into_iter().enumerate().map(one).collect()
    })
}

proptest! {
    #[test]
    fn every_failure_lies_in_one_outage_and_nothing_is_longer_than_the_watch(records in anything()) {
        let failed = records.iter().filter(|record| matches!(record.seen, Seen::Failed(_))).count() as u64;
        let lasted = records.iter().map(|record| record.end).max().unwrap_or_default();

        let outages = of(&records);

        prop_assert_eq!(outages.iter().map(|outage| outage.failed).sum::<u64>(), failed);
        for outage in &outages {
            prop_assert!(outage.from <= outage.to && outage.to <= lasted, "{outage:?}");
            prop_assert!(outage.longest_gap <= outage.length(), "{outage:?}");
            prop_assert!(outage.failed > 0 || outage.longest_gap > calm(INTERVAL), "{outage:?}");
        }
        prop_assert!(outages.iter().rev().skip(1).all(|outage| outage.is_over), "only the last may go on");
    }

    #[test]
    fn probes_that_are_counted_as_they_come_back_say_what_all_of_them_at_once_say(records in anything()) {
        let mut as_they_come = records.clone();
        as_they_come.sort_by_key(|record| record.end);
        let lasted = lasted(&records);

        let told = row(as_they_come, 1).sum(lasted);

        let outages = model::outages(&records.iter().collect::<Vec<_>>(), calm(INTERVAL), lasted);
        prop_assert_eq!(told.latency, model::latency(&records, &outages));
        prop_assert_eq!(told.between, model::between(&records));
        prop_assert_eq!(told.outages, outages);
    }

    #[test]
    fn one_more_failure_never_makes_less_of_an_outage(records in anything(), which in any::<prop::sample::Index>()) {
        prop_assume!(!records.is_empty());
        let mut worse = records.clone();
        which.get_mut(&mut worse).seen = Seen::Failed(Miss::Refused);

        let failed = |outages: &[Outage]| outages.iter().map(|outage| outage.failed).sum::<u64>();
        prop_assert!(failed(&of(&worse)) >= failed(&of(&records)));
    }
}

#[test]
fn what_is_kept_beside_the_outages_does_not_grow_with_the_probes() {
    for letters in ["o", "x", "-", "oot", "oooooooooooooooooooooooxxx"] {
        let all = letters.chars().cycle().take(60_000).collect::<String>();
        let mut records = probes(&all);
        records.sort_by_key(|record| record.end);

        let mut row = Row::new(INTERVAL, 64);
        let most = records.into_iter().map(|record| {
            row.take(record);
            row.held()
        });

        assert!(most.max() < Some(300), "{letters}");
    }
}
