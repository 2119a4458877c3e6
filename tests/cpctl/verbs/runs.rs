//! Runs that are carried out, taken back and listed on one machine or another.

use std::{fs, path::Path};

use cpctl::rehearse::Fault;

use super::{Stage, assert_says};

#[test]
fn undo_from_another_machine_uses_the_kubeconfig_of_that_machine() {
    let stage = Stage::new();
    stage.names_added_elsewhere();
    stage.file("bob/.kube/config", &stage.cluster.kubeconfig());

    let ran = stage.run("bob", &["undo", "--yes", "--inventory", &stage.inventory()]).exits(0);

    assert_says(&ran, &["taken back on cp1, cp2, cp3"]);
    assert!(!ran.stdout.contains("[credentials-missing]"), "{}", ran.shown());
}

#[test]
fn undo_without_any_kubeconfig_says_how_it_judges_readiness() {
    let stage = Stage::new();
    stage.names_added_elsewhere();

    let ran = stage.run("bob", &["undo", "--yes", "--inventory", &stage.inventory()]).exits(0);

    assert_says(&ran, &["taken back on cp1, cp2, cp3", "[credentials-missing]"]);
}

#[test]
fn undo_refuses_a_kubeconfig_of_another_cluster_that_was_typed() {
    let (stage, other) = (Stage::new(), Stage::new());
    stage.names_added_elsewhere();

    let ran = stage.run_with("bob", &["undo", "--yes"], &stage.inventory(), &other.kubeconfig());

    assert_says(&ran.exits(2), &["another CA"]);
}

#[test]
fn what_keeps_runs_from_being_found_is_told() {
    let stage = Stage::new();
    let broken = stage.file("broken.yaml", "nodes: 7\n");

    for verb in [&["undo", "--yes"][..], &["resume"], &["runs"]] {
        let ran = stage.run("ann", &[verb, &["--inventory", &broken]].concat()).exits(2);
        assert_says(&ran, &["broken.yaml"]);
    }
    stage.run("ann", &["undo", "--yes"]).exits(2);
    stage.run("ann", &["undo", "--yes", "--kubeconfig", "/nowhere/config"]).exits(2);
}

#[test]
fn a_kubeconfig_that_was_typed_must_be_there() {
    let stage = Stage::new();
    let (inventory, api) = (stage.inventory(), stage.api("cp1"));

    for verb in [&["nodes", "--inventory", &inventory][..], &["certs", "inspect", &api]] {
        stage.run("ann", verb).exits(0);
        stage.run("ann", &[verb, &["--kubeconfig", "/nowhere/config"]].concat()).exits(2);
        stage.run("ann", &[verb, &["--context", "nowhere"]].concat()).exits(2);
    }
}

#[test]
fn runs_are_read_from_the_nodes_that_answer() {
    let stage = Stage::new();
    stage.names_added_elsewhere();
    stage.cluster.machine("cp1").unwrap().set(Fault::Dead).unwrap();

    let ran = stage.named("bob", &["runs"]).exits(0);
    assert_says(&ran, &["certs add-san", "done", "warn cp1:", "[node-unread]"]);
    let ran = stage.named("bob", &["resume"]).exits(0);
    assert_says(&ran, &["nothing to do", "[node-unread]"]);

    for node in ["cp2", "cp3"] {
        stage.cluster.machine(node).unwrap().set(Fault::Dead).unwrap();
    }
    assert_says(&stage.named("bob", &["resume"]).exits(2), &["cp1: cannot connect"]);
}

#[test]
fn runs_asks_the_cluster_for_its_nodes_where_this_machine_knows_none() {
    let stage = Stage::new();

    let ran = stage.run("ann", &["runs", "--kubeconfig", &stage.kubeconfig()]).exits(0);

    assert_says(&ran, &["no runs", "[nodes-unasked]"]);
}

#[test]
fn a_saved_plan_is_refused_where_a_node_cannot_take_it_any_more() {
    let stage = Stage::new();
    let vip = stage.vip();
    let saved = stage.named("ann", &["certs", "add-san", &vip, "--dry-run", "-o", "json"]).exits(0);
    let plan = stage.file("plan.json", &saved.stdout);
    stage.cluster.machine("cp2").unwrap().set(Fault::DiskFull).unwrap();

    let ran = stage.run("ann", &["apply", &plan, "--yes"]).exits(2);

    assert_says(&ran, &["fail cp2:", "[disk-full]", "nothing was changed"]);
    stage.cluster.machine("cp2").unwrap().clear(Fault::DiskFull).unwrap();
    stage.run("ann", &["apply", &plan, "--yes"]).exits(0);
}

#[test]
fn a_run_that_only_a_balancer_has_recorded_is_found_by_the_inventory_alone() {
    let stage = Stage::new();
    stage.names_added_elsewhere();
    let runs = |machine: &cpctl::rehearse::Machine| machine.path(Path::new("/var/lib/cpctl/runs")).unwrap();
    let of_node = |name| runs(stage.cluster.machine(name).unwrap());
    let of_balancer = runs(&stage.cluster.balancer());
    fs::create_dir_all(of_balancer.parent().unwrap()).unwrap();
    fs::rename(of_node("cp1"), of_balancer).unwrap();
    ["cp2", "cp3"].iter().for_each(|name| fs::remove_dir_all(of_node(name)).unwrap());
    let inventory = stage.cluster.inventory_yaml() + &stage.cluster.balancers_yaml();
    let inventory = stage.file("front.yaml", &inventory);

    let ran = stage.run_with("bob", &["runs"], &inventory, &stage.kubeconfig()).exits(0);

    assert_says(&ran, &["certs add-san", "done", "lb1"]);
}
