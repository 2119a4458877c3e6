//! Findings about names: in one place of a node and not in another, or such that they cannot be taken out.

use std::fs;

use cpctl::rehearse::CERTS;

use super::{
    Desk, assert_told,
    nodes::{both, change, file, vip},
};

const DRIFT: [&str; 2] = ["certs", "drift"];

#[test]
fn names_that_are_in_one_place_and_not_in_another_are_told_with_the_way_to_put_them_right() {
    let (desk, swapped) = (Desk::new(), Desk::new());
    let template = format!("{CERTS}/csr.conf.template");
    desk.run(&["certs", "add-san", "served.example", "--limit", "cp2", "--yes"]).exits(0);
    change(&desk, "cp2", &template, |text| text.replace("DNS.6 = served.example\n", "IP.101 = 10.9.9.9\n"));
    desk.cluster.machine("cp3").unwrap().set_addresses(&["192.0.2.13", "192.0.2.33"]).unwrap();
    fs::remove_file(file(&desk, "cp1", &format!("{CERTS}/server.crt"))).unwrap();
    let apis: Vec<String> = swapped.cluster.targets().into_iter().filter_map(|target| target.api).collect();
    let inventory = swapped.cluster.inventory_yaml();
    let inventory = inventory.replace(&apis[0], "ONE").replace(&apis[1], &apis[0]).replace("ONE", &apis[1]);
    fs::write(swapped.cluster.inventory_path(), inventory).unwrap();

    assert_told!("drift", [both(&desk, &DRIFT), both(&swapped, &DRIFT)].join("\n"));
}

#[test]
fn names_that_cannot_be_taken_out_are_told_by_why() {
    let desk = Desk::new();
    let vip = vip(&desk);
    desk.run(&["certs", "add-san", &vip, "--yes"]).exits(0);
    let remove = ["certs", "remove-san", "kubernetes", "127.0.0.1", "192.0.2.12", &vip];

    let run = desk.run(&["kubeconfig", "repoint"]).exits(0);
    assert!(run.stdout.contains("done"), "{}", run.shown());

    assert_told!("names-that-stay", both(&desk, &remove));
}
