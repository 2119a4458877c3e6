//! Steps that fail: taken back, and told as what they are.

use super::*;

#[test]
fn a_step_that_fails_its_proof_is_taken_back_and_the_others_stay() {
    let lab = Lab::new(&["cp1", "cp2"]);
    let before = lab.told();
    let mut plan = lab.plan();
    plan.steps[1].proofs[0].covers = names(&["never.example"]);
    let mut journal = lab.laptop.begin(plan);

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert!(matches!(*stopped.cause, Cause::Unproven { source: Unlike::Missing { .. }, .. }), "{stopped}");
    assert_eq!(stopped.completed, ["cp1"]);
    assert_eq!(stopped.notes()[0], "cp1 is changed: every change there is complete and stays");
    assert_eq!(stopped.taken_back.as_deref(), Some("cp2"));
    assert!(stopped.is_part_way() && stopped.held.is_empty() && stopped.not_taken_back.is_none());
    assert_eq!(stopped.ways_on()[1], format!("cpctl undo {}", stopped.run));
    let told = lab.told();
    assert!(told[0].names.contains(VIP));
    assert_eq!(told[1], before[1]);
    lab.undo(&mut journal).unwrap();
    assert_eq!(lab.told(), before);
}

#[test]
fn a_step_that_is_taken_back_is_told_with_what_was_restarted() {
    let lab = Lab::new(&["cp1", "cp2"]);
    for (reloads, told) in [
        (true, "cp2 is taken back; nothing was restarted there"),
        (false, "cp2 is taken back; kubelite was restarted there"),
    ] {
        lab.machines["cp2"].disk().reloads = reloads;
        let mut plan = lab.plan();
        plan.steps.remove(0);
        plan.steps[0].proofs[0].covers = names(&["never.example"]);

        let stopped = lab.apply(&mut lab.laptop.begin(plan)).unwrap_err();

        assert_eq!(stopped.notes(), [told]);
        assert!(!stopped.is_clean);
    }
}

#[test]
fn nothing_is_told_as_taken_back_that_was_never_written() {
    let lab = Lab::new(&["cp1"]);
    lab.machines["cp1"].on_act(|_, act| match act {
        Act::Write { .. } => Fault::Fails,
        _ => Fault::Nothing,
    });

    let stopped = lab.apply(&mut lab.begin()).unwrap_err();

    assert_eq!((stopped.notes(), stopped.is_part_way()), (vec!["nothing was changed".to_owned()], false));
    assert_eq!(stopped.taken_back, None);
}

#[test]
fn a_failed_step_stays_where_that_was_asked_for() {
    let lab = Lab::new(&["cp1"]);
    let mut plan = lab.plan();
    plan.steps[0].proofs[0].covers = names(&["never.example"]);
    let mut journal = lab.laptop.begin(plan);
    let terms = Terms { on_failure: OnFailure::Keep, ..Terms::default() };

    let stopped = apply(&mut journal, &lab.world(&lab.laptop), &terms, &mut Unwatched).unwrap_err();

    assert!(stopped.is_part_way() && stopped.taken_back.is_none());
    let told = &lab.told()[0];
    assert!(told.names.contains(VIP));
    assert_eq!((told.lock.clone(), told.stopped, told.kicks), (None, false, 0));
}

#[test]
fn a_lone_step_taken_back_leaves_nothing_to_undo() {
    let lab = Lab::new(&["cp1"]);
    let mut plan = lab.plan();
    plan.steps[0].proofs[0].covers = names(&["never.example"]);
    let mut journal = lab.laptop.begin(plan);

    let stopped = lab.apply(&mut journal).unwrap_err();

    assert!(!stopped.is_part_way() && stopped.ways_on().is_empty());
    assert_eq!(journal.account().state(), State::Undone);
}
