//! Findings about controllers of k0s, on rehearsed machines that are wrong in these ways.

use std::{
    fs,
    path::{Path, PathBuf},
};

use cpctl::rehearse::Kind;

use super::{Desk, assert_told};

/// Three machines on which k0s was installed, with API servers that stand in for its own.
fn controllers() -> Desk {
    let desk = Desk::of(Kind::ByHand);
    for node in ["cp1", "cp2", "cp3"] {
        let ca = fs::read_to_string(file(&desk, node, "/var/lib/kubernetes/ca.pem")).unwrap();
        put(&desk, node, "/var/lib/k0s/pki/ca.crt", &ca);
        put(&desk, node, "/etc/systemd/system/k0scontroller.service", &fixture("controller.service"));
        put(&desk, node, "/etc/k0s/k0s.yaml", &fixture("configs/k0sctl.yaml"));
        let machine = desk.cluster.machine(node).unwrap();
        machine.run_unit("k0scontroller").unwrap();
        // No process is seen that somebody could have started by hand.
        machine.set_arguments("kube-apiserver", "/usr/local/bin/k0s controller").unwrap();
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
    let file = file(desk, node, path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn give_ca_keys(desk: &Desk) {
    for node in ["cp1", "cp2", "cp3"] {
        let key = fs::read_to_string(file(desk, node, "/var/lib/kubernetes/ca-key.pem")).unwrap();
        put(desk, node, "/var/lib/k0s/pki/ca.key", &key);
    }
}

#[test]
fn a_controller_that_takes_no_names_is_told_by_why() {
    let desk = controllers();
    let add = ["certs", "add-san", "*.example.internal", "--yes"];

    let told = desk.plays(&[&add, &[&add[..], &["-o", "json"]].concat()]);

    assert_told!("k0s-refused", told);
}

#[test]
fn a_plan_for_controllers_says_what_a_restart_costs_and_who_owns_the_file() {
    let desk = controllers();
    give_ca_keys(&desk);
    let add = ["certs", "add-san", "cp.example.internal"];
    // What the machines serve here is not what k0s would have signed.
    let written = ["certs", "add-san", "10.32.0.1", "192.0.2.11", "192.0.2.12", "192.0.2.13", "--yes"];

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
