//! Journals that were cut off, locked, damaged or kept by a node.

use std::{io::Read, os::unix::fs::PermissionsExt};

use super::*;
use crate::{
    edit::{Edit, openssl::Names},
    plan::{self, Change, Cluster, HERE, Step},
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn noon() -> Timestamp {
    at("2026-11-21T12:00:00.5Z")
}

fn plan(nodes: &[&str]) -> Plan {
    let edit = Edit::AddNames(Names { entries: vec![("IP.101".into(), "172.22.22.3".parse().unwrap())] });
    let step = |node: &&str| Step {
        node: (*node).into(),
        why: "serve 172.22.22.3".into(),
        holds: vec![],
        changes: vec![Change::Edit { path: "/etc/csr.conf".into(), edit: edit.clone() }],
        settle: vec![],
        proofs: vec![],
        notes: vec![],
    };
    Plan {
        schema: plan::SCHEMA,
        title: "certs add-san 172.22.22.3".into(),
        cluster: Cluster::default(),
        nodes: [].into(),
        steps: nodes.iter().map(step).collect(),
        finally: vec![],
        provides: crate::san::SanSet::default(),
        relies_on: crate::san::SanSet::default(),
    }
}

fn create(state: &Path) -> Journal {
    Journal::create(state, noon, "ann@laptop", plan(&["cp1", "cp2"])).unwrap()
}

const FIRST: Place = Place { step: 0, change: 0 };

fn done(place: Place) -> Record {
    Record::Done { place, left: std::collections::BTreeMap::new() }
}

#[test]
fn a_run_is_named_after_its_time_and_sorts_by_it() {
    let early = run_id(at("2026-11-21T09:15:00Z"));
    let late = run_id(at("2026-11-21T09:15:00.002Z"));

    assert!(early.starts_with("20261121-091500-"), "{early}");
    assert_eq!(early.len(), "20261121-091500-k3f9".len());
    assert!(early < late, "{early} {late}");
}

#[test]
fn a_journal_opens_again_as_it_was_left() {
    let state = tempfile::tempdir().unwrap();
    let mut journal = create(state.path());
    for record in [
        Record::Opening { node: "cp1".into() },
        Record::Entering { step: 0 },
        Record::Begun(FIRST),
        done(FIRST),
        Record::Completed { step: 0 },
        Record::Entering { step: 1 },
    ] {
        journal.append(record).unwrap();
    }
    let (run, text) = (journal.account().run.clone(), journal.account().text().to_owned());
    drop(journal);

    let opened = Journal::open(state.path(), noon, &run).unwrap();

    let account = opened.account();
    assert_eq!(account.text(), text);
    assert_eq!((account.operator.as_str(), account.started), ("ann@laptop", noon()));
    assert_eq!(account.plan, plan(&["cp1", "cp2"]));
    assert!(account.is_done(FIRST) && account.is_completed(0) && !account.is_completed(1));
    assert!(!account.is_entered(0) && account.is_entered(1));
    assert_eq!(account.state(), State::Unfinished);
}

#[test]
fn the_lines_are_what_later_versions_will_have_to_read() {
    let state = tempfile::tempdir().unwrap();
    let mut journal = create(state.path());
    journal.append(Record::Begun(Place { step: 2, change: 1 })).unwrap();
    journal.append(Record::Finished { outcome: Outcome::Done }).unwrap();

    let lines: Vec<_> = journal.account().text().lines().map(str::to_owned).collect();

    assert!(
        lines[0].starts_with(
            r#"{"at":"2026-11-21T12:00:00.5Z","record":"plan","schema":1,"run":"20261121-120000-"#
        )
    );
    assert_eq!(lines[1], r#"{"at":"2026-11-21T12:00:00.5Z","record":"begun","step":2,"change":1}"#);
    assert_eq!(lines[2], r#"{"at":"2026-11-21T12:00:00.5Z","record":"finished","outcome":"done"}"#);
}

#[test]
fn a_last_line_cut_off_by_a_crash_is_written_over() {
    let state = tempfile::tempdir().unwrap();
    let mut journal = create(state.path());
    journal.append(Record::Begun(FIRST)).unwrap();
    let (run, path) = (journal.account().run.clone(), journal.path().to_owned());
    drop(journal);
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(br#"{"at":"2026-11-21T12:00"#).unwrap();

    let mut opened = Journal::open(state.path(), noon, &run).unwrap();
    opened.append(done(FIRST)).unwrap();
    drop(opened);

    let account = Journal::open(state.path(), noon, &run).unwrap().account().clone();
    assert!(account.is_begun(FIRST) && account.is_done(FIRST));
    let mut text = String::new();
    File::open(&path).unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, account.text());
}

#[test]
fn a_line_that_makes_no_sense_is_not_passed_over() {
    let state = tempfile::tempdir().unwrap();
    let journal = create(state.path());
    let mut bytes = journal.account().text().as_bytes().to_vec();
    bytes.extend(b"{\"record\":\"danced\"}\n");

    let error = Account::read("j", &bytes).unwrap_err();

    assert_eq!(error.to_string(), "j: line 2 of the journal makes no sense");
}

#[test]
fn a_journal_of_a_newer_cpctl_is_refused_in_words() {
    let state = tempfile::tempdir().unwrap();
    let journal = create(state.path());
    let newer = journal.account().text().replacen("\"schema\":1", "\"schema\":9,\"rhythm\":3", 1);
    let newer_plan = journal.account().text().replacen("\"plan\":{\"schema\":1", "\"plan\":{\"schema\":2", 1);

    let errors = [newer, newer_plan].map(|text| Account::read("j", text.as_bytes()).unwrap_err());

    assert_eq!(errors[0].to_string(), "j: the journal has schema 9; this cpctl reads up to 1");
    assert_eq!(errors[1].to_string(), "j: the journal has schema 2; this cpctl reads up to 1");
    assert!(errors[0].hint().is_some());
}

#[test]
fn two_processes_cannot_drive_one_run() {
    let state = tempfile::tempdir().unwrap();
    let journal = create(state.path());
    let run = journal.account().run.clone();

    let second = Journal::open(state.path(), noon, &run).err().map(|error| error.to_string());
    drop(journal);

    assert_eq!(second, Some(format!("{run}: another cpctl is at work on this run")));
    assert!(Journal::open(state.path(), noon, &run).is_ok());
}

#[test]
fn a_journal_that_is_let_go_is_free_though_a_command_being_started_has_a_copy_of_its_file() {
    let state = tempfile::tempdir().unwrap();
    let journal = create(state.path());
    let run = journal.account().run.clone();
    let inherited = journal.file.try_clone().unwrap();

    drop(journal);
    let second = Journal::open(state.path(), noon, &run);
    drop(inherited);

    assert!(second.is_ok(), "{}", second.err().unwrap());
}

#[test]
fn nobody_else_reads_a_journal() {
    let state = tempfile::tempdir().unwrap();
    let journal = Journal::create(state.path(), noon, "ann@laptop", plan(&[HERE])).unwrap();

    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;

    assert_eq!(mode(journal.path()), 0o600);
    assert_eq!(mode(journal.path().parent().unwrap()), 0o700);
}

#[test]
fn runs_are_listed_oldest_first_and_damage_is_told() {
    let state = tempfile::tempdir().unwrap();
    assert!(Journal::list(state.path()).unwrap().is_empty());
    let first = create(state.path()).account().run.clone();
    OpenOptions::new()
        .create_new(true)
        .append(true)
        .open(state.path().join("runs/20270101-000000-aaaa.jsonl"))
        .unwrap();

    let listed = Journal::list(state.path()).unwrap();

    assert_eq!(listed[0].run, first);
    assert!(listed[0].account.is_ok());
    assert!(matches!(listed[1].account, Err(Error::Empty { .. })));
}

#[test]
fn an_unknown_run_is_told_apart_from_a_way_out_of_the_directory() {
    let state = tempfile::tempdir().unwrap();

    for run in ["20261121-091500-k3f9", "../../etc/passwd", ""] {
        let error = Journal::open(state.path(), noon, run).err().unwrap();
        assert!(matches!(error, Error::Unknown { .. }), "{run}: {error}");
    }
}

#[test]
fn a_record_from_a_node_may_have_begun_everything() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut journal = create(here.path());
    journal.append(Record::Opening { node: "cp1".into() }).unwrap();

    let copy = Journal::from_node(there.path(), noon, journal.account().text().as_bytes()).unwrap();

    let account = copy.account();
    assert_eq!(account.run, journal.account().run);
    for step in [0, 1] {
        assert!(account.is_begun(Place { step, change: 0 }) && account.is_entered(step));
        assert!(!account.is_done(Place { step, change: 0 }));
    }
    assert_eq!(account.opened().iter().collect::<Vec<_>>(), ["cp1", "cp2"]);
}

#[test]
fn a_record_from_a_node_that_tells_the_end_is_believed() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut journal = create(here.path());
    journal.append(Record::Begun(FIRST)).unwrap();
    journal.append(done(FIRST)).unwrap();
    journal.append(Record::Finished { outcome: Outcome::Done }).unwrap();

    let copy = Journal::from_node(there.path(), noon, journal.account().text().as_bytes()).unwrap();

    assert_eq!(copy.account().state(), State::Done);
    assert!(copy.account().is_begun(FIRST));
    assert!(!copy.account().is_begun(Place { step: 1, change: 0 }));
}

#[test]
fn what_another_machine_recorded_since_counts_instead() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut stale = create(here.path());
    stale.append(Record::Opening { node: "cp1".into() }).unwrap();
    let mut other = Journal::from_node(there.path(), noon, stale.account().text().as_bytes()).unwrap();
    stale.append(Record::Begun(FIRST)).unwrap();
    other.append(Record::Undone(FIRST)).unwrap();
    other.append(Record::Finished { outcome: Outcome::Undone }).unwrap();

    stale.supersede(other.account()).unwrap();
    let run = stale.account().run.clone();
    drop(stale);

    let opened = Journal::open(here.path(), noon, &run).unwrap();
    assert_eq!(opened.account().text(), other.account().text());
    assert_eq!(opened.account().state(), State::Undone);
    assert_eq!(opened.account().times_undone(FIRST), 1);
}
