//! Findings about controllers of k0s, on rehearsed machines that are wrong in these ways.

use std::{
    fs,
    path::{Path, PathBuf},
};

use cpctl::rehearse::Kind;

use super::{Desk, assert_told};

const NODES: [&str; 3] = ["cp1", "cp2", "cp3"];
const CONFIG: &str = "/etc/k0s/k0s.yaml";

/// Three controllers, with a configuration that k0sctl made.
fn controllers() -> Desk {
    let desk = Desk::of(Kind::K0s);
    for node in NODES {
        put(&desk, node, CONFIG, &fixture("configs/k0sctl.yaml"));
    }
    desk
}

fn fixture(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/k0s").join(name)).unwrap()
}

fn file(desk: &Desk, node: &str, path: &str) -> PathBuf {
    desk.cluster.machine(node).unwrap().path(path.as_ref()).unwrap()
}

fn put(desk: &Desk, node: &str, path: &str, text: &str) {
    fs::write(file(desk, node, path), text).unwrap();
}

#[test]
fn a_controller_that_takes_no_names_is_told_by_why() {
    let desk = controllers();
    for node in NODES {
        fs::remove_file(file(&desk, node, "/var/lib/k0s/pki/ca.key")).unwrap();
    }
    let add = ["certs", "add-san", "*.example.internal", "--yes"];

    let told = desk.plays(&[&add, &[&add[..], &["-o", "json"]].concat()]);

    assert_told!("k0s-refused", told);
}

#[test]
fn a_plan_for_controllers_says_what_a_restart_costs_and_who_owns_the_file() {
    let desk = controllers();
    let add = ["certs", "add-san", "cp.example.internal"];
    // The file named it when the controllers were started.
    let written = ["certs", "add-san", "k0s.example.internal", "--yes"];

    let refused =
        desk.plays(&[&[&add[..], &["--yes"]].concat(), &[&add[..], &["--yes", "-o", "json"]].concat()]);
    desk.run(&written).exits(0);
    let plan = desk.says(&[&add[..], &["--dry-run"]].concat());

    assert_told!("k0s-at-risk", refused);
    assert_told!("k0s-plan", plan);
}

#[test]
fn a_name_that_only_the_operator_can_take_out_is_refused_with_how() {
    let desk = controllers();

    let told = desk.says(&["certs", "remove-san", "10.0.3.3", "--yes"]);

    assert_told!("k0s-remove", told);
}

#[test]
fn a_restart_beside_a_member_of_the_store_that_nobody_named_is_refused() {
    let desk = Desk::of(Kind::K0s);
    let members =
        [("cp1", "192.0.2.11"), ("cp2", "192.0.2.12"), ("cp3", "192.0.2.13"), ("gone", "192.0.2.19")];
    for node in NODES {
        desk.cluster.machine(node).unwrap().set_members(members).unwrap();
    }
    let add = ["certs", "add-san", "cp.example.internal", "--yes"];

    let away = desk.plays(&[&add, &[&add[..], &["-o", "json"]].concat()]);
    desk.cluster.machine("cp2").unwrap().set_members([("cp2", "")]).unwrap();
    let untold = desk.says(&[&add[..], &["--limit", "cp2"]].concat());

    assert_told!("k0s-quorum", [away, untold].join("\n"));
}
