//! What verbs that did their work say to programs, where no other test holds it.

use std::fs;

use super::{desk::Desk, told::assert_told};

#[test]
fn a_saved_plan_that_was_carried_out_and_a_kubeconfig_that_was_moved_are_json() {
    let desk = Desk::new();
    let plan = desk.run(&["certs", "add-san", "127.0.0.3", "--dry-run", "-o", "json"]).exits(0);
    fs::write(desk.path("cluster/plan.json"), &plan.stdout).unwrap();

    let applied = desk.says(&["apply", "plan.json", "--yes", "--quiet", "-o", "json"]);
    let moved = desk.says(&["kubeconfig", "repoint", "--quiet", "-o", "json"]);

    assert_told!("applied", applied);
    assert_told!("repointed", moved);
}

#[test]
fn a_rehearsal_is_json() {
    let desk = Desk::new();

    let told = desk.says(&["rehearse", "--quiet", "-o", "json"]);

    insta::with_settings!({ filters => vec![(r#""requests_sent": \d+"#, r#""requests_sent": N"#)] }, {
        insta::assert_snapshot!("rehearsed", told);
    });
}
