//! Files that a run creates: only where nothing is, and removed only while they are its own.

use super::{
    super::*,
    deaths::{die, every_death},
    lab::{Lab, Told},
    machine::Fault,
};
use crate::{node::Act, plan::Change};

const DROP_IN: &str = "/etc/k3s/config.yaml.d/99-cpctl.yaml";
const TEXT: &str = "tls-san+:\n- 172.22.22.3\n";

/// A plan that begins each step with a file that is not there.
fn plan(lab: &Lab) -> Plan {
    let mut plan = lab.plan();
    for step in &mut plan.steps {
        step.changes
            .insert(0, Change::Create { path: DROP_IN.into(), text: TEXT.into(), mode: 0o600, judge: None });
    }
    plan
}

fn drop_in(told: &Told) -> Option<&str> {
    told.files.get(DROP_IN).map(|(_, text)| text.as_str())
}

#[test]
fn a_file_is_created_and_removed_again_with_what_was_made_for_it() {
    let lab = Lab::new(&["cp1", "cp2"]);
    let before = lab.told();
    let mut journal = lab.laptop.begin(plan(&lab));

    lab.apply(&mut journal).unwrap();
    let after = lab.told();
    lab.undo(&mut journal).unwrap();

    assert!(after.iter().all(|told| drop_in(told) == Some(TEXT) && told.files[DROP_IN].0 == 0o600));
    assert_eq!(lab.told(), before);
    let is_mark = |path: &std::path::Path| path.to_string_lossy().ends_with(".made");
    assert!(lab.disks().values().all(|disk| !disk.files.keys().any(|path| is_mark(path))));
}

#[test]
fn a_run_that_creates_and_died_anywhere_is_finished_or_taken_back() {
    let mut lab = Lab::new(&["cp1"]);
    let (disks, before) = (lab.disks(), lab.told());

    let deaths = every_death(|death| {
        lab.reset(&disks);
        let mut journal = lab.laptop.begin(plan(&lab));
        let is_dead = die(&lab, death, || drop(lab.apply(&mut journal)));
        drop(journal);
        let mut journal = lab.laptop.open(&lab.laptop.last());
        lab.apply(&mut journal).unwrap_or_else(|stopped| panic!("{death:?}: {stopped:?}"));
        if journal.account().state() == State::Done {
            assert_eq!(drop_in(&lab.told()[0]), Some(TEXT), "{death:?}");
        }
        lab.undo(&mut journal).unwrap_or_else(|stopped| panic!("{death:?}: {stopped:?}"));
        assert_eq!(lab.told(), before, "{death:?}");
        is_dead
    });

    assert!(deaths > 80, "{deaths}");
}

#[test]
fn an_undo_of_a_creation_that_died_anywhere_is_finished_by_another() {
    let mut lab = Lab::new(&["cp1"]);
    let (disks, before) = (lab.disks(), lab.told());

    let deaths = every_death(|death| {
        lab.reset(&disks);
        let mut journal = lab.laptop.begin(plan(&lab));
        lab.apply(&mut journal).unwrap();
        let is_dead = die(&lab, death, || drop(lab.undo(&mut journal)));
        drop(journal);
        let mut journal = lab.laptop.open(&lab.laptop.last());
        lab.undo(&mut journal).unwrap_or_else(|stopped| panic!("{death:?}: {stopped:?}"));
        assert_eq!(lab.told(), before, "{death:?}");
        is_dead
    });

    assert!(deaths > 50, "{deaths}");
}

#[test]
fn a_file_of_somebody_else_in_its_place_refuses_the_run_before_any_change() {
    let lab = Lab::new(&["cp1", "cp2"]);
    lab.machines["cp2"].put(DROP_IN, "tls-san: theirs\n");
    let before = lab.told();

    let stopped = lab.apply(&mut lab.laptop.begin(plan(&lab))).unwrap_err();

    assert_eq!(
        stopped.to_string(),
        format!("cp2: {DROP_IN} is there already, and it is not what the plan would create")
    );
    assert!(stopped.hint().unwrap().contains("somebody else created it"));
    assert!(!stopped.is_part_way());
    assert_eq!(lab.told(), before);
}

#[test]
fn a_file_that_appears_while_the_run_is_at_work_is_not_replaced() {
    let lab = Lab::new(&["cp1"]);
    let machine = std::sync::Arc::downgrade(&lab.machines["cp1"]);
    lab.machines["cp1"].on_act(move |_, act| {
        if matches!(act, Act::Create { .. }) {
            machine.upgrade().unwrap().put(DROP_IN, "theirs");
        }
        Fault::Nothing
    });

    let stopped = lab.apply(&mut lab.laptop.begin(plan(&lab))).unwrap_err();

    assert_eq!(stopped.to_string(), format!("cp1: {DROP_IN} changed since it was read"));
    assert_eq!(drop_in(&lab.told()[0]), Some("theirs"));
}

#[test]
fn a_file_that_is_there_with_these_very_bytes_is_not_ours_to_remove() {
    let lab = Lab::new(&["cp1"]);
    lab.machines["cp1"].put(DROP_IN, TEXT);
    let before = lab.told();
    let mut journal = lab.laptop.begin(plan(&lab));

    lab.apply(&mut journal).unwrap();
    lab.undo(&mut journal).unwrap();

    assert_eq!(lab.told(), before);
}

#[test]
fn a_file_that_others_wrote_in_since_stops_undo_before_anything_is_taken_back() {
    let lab = Lab::new(&["cp1"]);
    let before = lab.told();
    let mut journal = lab.laptop.begin(plan(&lab));
    lab.apply(&mut journal).unwrap();
    lab.machines["cp1"].put(DROP_IN, &format!("{TEXT}- theirs\n"));
    let changed = lab.told();

    let stopped = lab.undo(&mut journal).unwrap_err();

    assert_eq!(stopped.to_string(), format!("cp1: {DROP_IN} was changed since this run created it"));
    assert!(stopped.hint().unwrap().ends_with(&format!("`cpctl undo {}`", stopped.run)));
    assert_eq!(lab.told(), changed);
    lab.machines["cp1"].disk().files.remove(std::path::Path::new(DROP_IN));
    lab.undo(&mut journal).unwrap();
    assert_eq!(lab.told(), before);
}
