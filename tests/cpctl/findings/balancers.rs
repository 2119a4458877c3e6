//! Findings about load balancers, on a rehearsed one that is wrong in these ways.

use std::fs;

use cpctl::rehearse::Fault;

use super::{Desk, assert_told};

const ADD: [&str; 5] = ["certs", "add-san", "cp.example.internal", "--limit", "cp1"];

fn desk(also: &str) -> Desk {
    let desk = Desk::new();
    let inventory = desk.cluster.inventory_yaml() + &desk.cluster.balancers_yaml() + also;
    fs::write(desk.cluster.inventory_path(), inventory).unwrap();
    desk
}

fn both(desk: &Desk) -> String {
    let people = [&ADD[..], &["--yes"]].concat();
    desk.plays(&[&people, &[&people[..], &["-o", "json"]].concat()])
}

#[test]
fn a_balancer_on_which_a_node_cannot_be_drained_is_told_by_why() {
    let (dead, degraded, elsewhere) = (desk(""), desk(""), desk("    backend: ingress\n"));
    dead.cluster.balancer().set(Fault::Dead).unwrap();
    degraded.cluster.balancer().set_server_state("cp2", "down").unwrap();

    let told = [&dead, &degraded, &elsewhere].map(both);

    assert_told!("refused-balancers", told.join("\n"));
}

#[test]
fn a_balancer_that_an_operator_took_the_node_out_of_is_told_and_one_that_is_left_out_is_not_asked() {
    let (drained, dead) = (desk(""), desk(""));
    drained.cluster.balancer().set_server_state("cp1", "maint").unwrap();
    dead.cluster.balancer().set(Fault::Dead).unwrap();

    let plan = drained.says(&[&ADD[..], &["--dry-run"]].concat());
    let added = drained.says(&[&ADD[..], &["--yes", "--quiet", "-o", "json"]].concat());
    let without = dead.says(&[&ADD[..], &["--dry-run", "--without-balancer", "lb1"]].concat());

    assert_told!("drained-before", [plan, added, without].join("\n"));
}
