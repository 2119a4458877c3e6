//! What becomes of requests while names are added and removed.

use std::fs;

use cpctl::rehearse::Kind;
use serde_json::Value;

use super::desk::Desk;

#[test]
fn a_change_tells_what_became_of_requests_meanwhile_and_keeps_its_exit_code() {
    let desk = Desk::new();
    let add = ["certs", "add-san", "cp.example.internal", "--yes", "--watch"];
    let remove = ["certs", "remove-san", "cp.example.internal", "--yes", "--watch", "-o", "json"];

    let ran = desk.run(&add).exits(0);
    let json: Value = serde_json::from_str(&desk.run(&remove).exits(0).stdout).unwrap();

    let line = ran.stdout.lines().find(|line| line.starts_with("requests to ")).expect("a line of them");
    assert!(line.starts_with(&format!("requests to {} meanwhile: ", desk.endpoint())), "{line}");
    assert!(line.contains(" sent, 0 failed, at most "), "{line}");
    assert!(line.ends_with(" from one answer to the next, one sent every 100 ms"), "{line}");
    let requests = &json["requests"];
    assert!(requests["sent"].as_u64() > Some(0) && requests["failed"] == 0, "{json:#}");
    assert!(requests["longest_gap_ms"].as_f64() > Some(0.0), "{json:#}");
    let without = desk.run(&["certs", "add-san", "cp.example.internal", "--yes"]).exits(0);
    assert!(!without.stdout.contains("requests"), "nobody asked: {}", without.shown());
}

#[test]
fn a_plan_and_a_move_tell_what_became_of_requests_meanwhile_too() {
    let desk = Desk::new();
    let plan =
        desk.run(&["certs", "add-san", "cp.example.internal", "--dry-run", "-o", "json"]).exits(0).stdout;
    fs::write(desk.path("plan.json"), plan).unwrap();
    let plan = desk.path("plan.json").display().to_string();

    let applied = desk.run(&["apply", &plan, "--yes", "--watch"]).exits(0);
    desk.run(&["certs", "add-san", "--yes", &desk.endpoint().split(':').next().unwrap()]).exits(0);
    let moved = desk.run(&["endpoint", "move", "--yes", "--watch"]).exits(0);

    for ran in [applied, moved] {
        let line = ran.stdout.lines().find(|line| line.starts_with("requests to "));
        assert!(line.is_some_and(|line| line.contains(" sent, 0 failed, at most ")), "{}", ran.shown());
    }
}

#[test]
fn requests_that_a_restart_costs_are_told_and_are_no_failure_of_the_change() {
    let desk = Desk::of(Kind::K3s);
    let alone = desk.cluster.targets()[0].api.clone().unwrap();
    let inventory = fs::read_to_string(desk.cluster.inventory_path()).unwrap();
    let at_one = inventory.replacen(&desk.endpoint(), &alone, 1);
    fs::write(desk.cluster.inventory_path(), at_one).unwrap();

    let add = ["certs", "add-san", "cp.example.internal", "--yes", "--watch", "-o", "json"];
    let json: Value = serde_json::from_str(&desk.run(&add).exits(0).stdout).unwrap();

    let requests = &json["requests"];
    assert_eq!((&json["result"], &requests["endpoint"]), (&"done".into(), &alone.into()), "{json:#}");
    assert!(requests["failed"].as_u64() > Some(0), "its server was away: {json:#}");
    assert!(requests["longest_gap_ms"].as_f64() > Some(0.0), "{json:#}");
}
