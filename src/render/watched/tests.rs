//! Recordings as they are told, with a clock that stands still.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use super::{timeline::timeline, *};
use crate::{
    api::Miss,
    outcome::Outcome,
    render::{Format, json},
    watch::{
        Break, Event, Fate, Kind, Lane, LeftOut, Prediction, Record, Seen, Spread, Turn, Via,
        prediction::allowed,
    },
};

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn lane(kind: Kind, via: Via, endpoint: &str) -> Lane {
    Lane { kind, via, endpoint: endpoint.parse().unwrap() }
}

/// A probe of a lane every hundred milliseconds: `o` is answered by one node, `O` by another, `x` is refused.
fn row(lane: usize, letters: &str) -> Vec<Event> {
    let one = |(index, letter): (usize, char)| {
        let scheduled = ms(index as u64 * 100);
        let (took, seen, backend): (u64, Seen, Option<Arc<str>>) = match letter {
            'o' => (12, Seen::Answered, Some("aa".into())),
            'O' => (17, Seen::Answered, Some("bbbbbbbbbbbbbbbbbbbb".into())),
            't' => (900, Seen::Failed(Miss::Deadline), None),
            '5' => (3, Seen::Failed(Miss::Status(503)), Some("aa".into())),
            'x' => (1, Seen::Failed(Miss::Refused), None),
            _ => (0, Seen::Unsent, None),
        };
        let start = scheduled + Duration::from_micros(150 + index as u64);
        Event::Probed(Record { lane, scheduled, start, end: start + ms(took), seen, backend })
    };
    letters.chars().enumerate().map(one).collect()
}

fn first_lane() -> String {
    format!("{}xxoxt5{}", "oO".repeat(20), "OO".repeat(37))
}

/// Twelve seconds through a balancer: one outage with an answer in the middle, and a node that was stopped meanwhile.
fn failover() -> Watched {
    let shared = "172.22.22.3:6443";
    let lanes = vec![
        lane(Kind::Fresh, Via::Shared, shared),
        lane(Kind::Reused, Via::Shared, shared),
        lane(Kind::Idle, Via::Shared, shared),
        lane(Kind::Fresh, Via::Node("cp1".into()), "172.22.22.11:6443"),
    ];
    let mut recording = Recording::new(lanes, ms(100), "2026-11-21T14:03:05Z".parse::<Timestamp>().unwrap());
    let rows = [
        row(0, &first_lane()),
        row(1, &"o".repeat(120)),
        row(2, "o"),
        row(3, &format!("{}{}{}", "o".repeat(39), "x".repeat(50), "o-ooooooooo".repeat(3))),
    ];
    rows.into_iter().flatten().for_each(|event| recording.take(event));
    recording.take(Event::Broke(Break { lane: 2, at: ms(4_010) }));
    let again = Record {
        lane: 2,
        scheduled: ms(4_010),
        start: ms(4_010),
        end: ms(4_032),
        seen: Seen::Answered,
        backend: Some("aa".into()),
    };
    recording.take(Event::Probed(again));
    recording.marks.push(Mark { at: Duration::ZERO, text: "kubelite on cp1 stops at 4 s".into() });
    recording.marks.push(Mark { at: ms(3_950), text: r#"<b onload="x">cp1</b> & 'off'"#.into() });
    recording.marks.push(Mark { at: ms(11_900), text: "back".into() });
    recording.backends.insert("aa".into(), "cp1".into());
    watched(recording, Duration::ZERO)
}

fn watched(recording: Recording, max_outage: Duration) -> Watched {
    let summary = recording.summary();
    Watched { recording, summary, max_outage, predicted: vec![], papers: vec![] }
}

/// Three seconds in which nothing happens, and a watch that is not allowed.
fn calm() -> Watched {
    let shared = "172.22.22.3:6443";
    let lanes = vec![lane(Kind::Fresh, Via::Shared, shared), lane(Kind::Idle, Via::Shared, shared)];
    let mut recording = Recording::new(lanes, ms(100), "2026-11-21T14:03:05Z".parse::<Timestamp>().unwrap());
    row(0, &"o".repeat(30)).into_iter().for_each(|event| recording.take(event));
    recording.take(Event::LeftOut(LeftOut { lane: 1, miss: Miss::Status(403) }));
    watched(recording, Duration::ZERO)
}

fn text(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
    let mut text = vec![];
    write(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn a_failover_reads_as_it_did() {
    insta::assert_snapshot!("failover", text(|out| write(&failover(), out)));
    insta::assert_snapshot!("calm", text(|out| write(&calm(), out)));
}

#[test]
fn the_same_for_programs_reads_as_it_did() {
    let watched = failover();
    let recording = &watched.recording;
    let probes = row(0, &first_lane());
    let of_three = |out: &mut dyn Write| {
        for index in [0, 1, 40] {
            let Event::Probed(record) = &probes[index] else { panic!("no probe") };
            json::watched::probe(record, recording, out)?;
        }
        json::watched::mark(&recording.marks[1], out)
    };
    insta::assert_snapshot!("failover-json-lines", text(of_three));

    let outcome = Outcome::Watched(watched);
    let told = text(|out| crate::render::outcome(&outcome, Format::Json, out));

    assert_eq!(told.lines().count(), 1, "the result is a line as well");
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    insta::assert_json_snapshot!("failover-json", told);
}

#[test]
fn junit_reads_as_it_did_and_fails_what_clients_share() {
    insta::assert_snapshot!("failover-junit", text(|out| paper(Form::Junit, &failover(), out)));

    let allowed = Watched { max_outage: Duration::from_secs(60), ..failover() };
    let told = text(|out| paper(Form::Junit, &allowed, out));
    assert!(told.contains(r#"tests="4" failures="0""#) && !told.contains("<failure"), "{told}");
}

#[test]
fn the_page_reads_as_it_did_and_loads_nothing() {
    let page = text(|out| paper(Form::Html, &failover(), out));

    insta::assert_snapshot!("failover-html", page);
    for outside in
        ["http:", "https:", "//", "src=", "href", "url(", "@import", "<script", "<link", "<b onload"]
    {
        assert!(!page.contains(outside), "{outside}");
    }
    for tag in ["main", "section", "div", "svg", "span", "table", "ul", "ol", "li", "h2", "p"] {
        let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn a_timeline_has_a_cell_for_each_interval_and_never_too_many() {
    let watched = failover();
    let mut long = failover();
    long.recording.lasted = Duration::from_secs(3_600);
    let of =
        |watched: &Watched, lane: usize| timeline(&watched.recording, lane, &watched.summary.lanes[lane]);

    let (fresh, idle, coarse) = (of(&watched, 0), of(&watched, 2), of(&long, 0));

    let cells = fresh.cells();
    assert_eq!(
        (cells.len(), cells[39], cells[40], cells[42]),
        (122, Fate::Answered, Fate::Failed, Fate::Answered)
    );
    assert_eq!(idle.cells().iter().filter(|fate| **fate != Fate::Answered).count(), 1);
    assert_eq!((coarse.cells().len(), coarse.width()), (563, ms(6_400)));
    assert_eq!((coarse.cells()[0], coarse.cells()[1]), (Fate::Mixed, Fate::Answered));
}

#[test]
fn the_verdict_says_what_is_allowed_and_never_zero() {
    let limited = |limit| Watched { max_outage: limit, ..failover() };
    let nothing = watched(Recording::new(vec![], ms(100), Timestamp::UNIX_EPOCH), Duration::ZERO);

    for (watched, said) in [
        (calm(), "no failure seen: at most 100 ms from one answer to the next, with a probe every 100 ms"),
        (nothing, "no probe was sent"),
        (failover(), "the longest outage took 700 ms"),
        (limited(ms(200)), "the longest outage took 700 ms, and only 200 ms is allowed"),
        (limited(ms(2_000)), "the longest outage took 700 ms, and up to 2.0 s is allowed"),
    ] {
        assert_eq!(words::verdict(&watched), said);
    }
}

#[test]
fn a_schedule_that_could_not_be_kept_is_named_as_a_cause() {
    let late = |by| words::lateness(Spread::of(vec![by]), ms(1));

    assert!(late(ms(40)).ends_with("choose a longer --interval"), "{}", late(ms(40)));
    assert!(!late(Duration::from_micros(900)).contains("--interval"));
}

#[test]
fn what_changes_is_told_on_a_line_as_it_happens() {
    let watched = failover();
    let told = |turn| turned(&turn, &watched.recording);

    assert_eq!(
        [
            told(Turn::Fails { lane: 0, at: ms(4_001), miss: Miss::Refused }),
            told(Turn::Answers { lane: 0, at: ms(4_500), since: ms(4_000) }),
            told(Turn::Ended { lane: 2, at: ms(4_010) }),
            told(Turn::LeftOut { lane: 2, miss: Miss::Status(403) }),
        ],
        [
            "14:03:09.001 new connections fails: connection refused",
            "14:03:09.500 new connections answers again, 500 ms after the failed probe",
            "14:03:09.010 idle watch has ended",
            "idle watch is left out: a watch of ConfigMaps was answered 403",
        ]
    );
}

#[test]
fn what_the_configurations_let_expect_is_told_and_is_how_long_an_outage_may_be() {
    let noticed = Prediction {
        by: "haproxy.cfg, backend kube_api".into(),
        what: "a dead server is noticed",
        within: Duration::from_secs(11),
    };
    let predicted = || Watched {
        max_outage: allowed(std::slice::from_ref(&noticed), ms(100)).unwrap(),
        predicted: vec![noticed.clone()],
        ..failover()
    };

    let told = text(|out| write(&predicted(), out));
    let json = text(|out| crate::render::outcome(&Outcome::Watched(predicted()), Format::Json, out));

    let last: Vec<&str> = told.lines().rev().take(2).collect();
    assert_eq!(last[1], "a dead server is noticed within 11.0 s by haproxy.cfg, backend kube_api");
    assert!(last[0].ends_with(" and up to 11.2 s is allowed"), "{}", last[0]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["predicted"][0]["within_ms"], 11_000.0, "{json:#}");
    assert_eq!((&json["result"], &json["max_outage_ms"]), (&"ok".into(), &11_200.0.into()), "{json:#}");
}
