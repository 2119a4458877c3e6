//! Findings about what leads to a control plane.

use std::fs;

use cpctl::{api::PodCount, check, rehearse::Kind};

use super::{Desk, assert_told, rendered};

#[test]
fn what_is_left_and_what_is_not_looked_for_is_told_beside_the_plan() {
    let desk = Desk::of(Kind::Kubeadm);
    let vip = desk.cluster.endpoint().host.to_string();
    desk.run(&["certs", "add-san", &vip, "--yes"]).exits(0);
    let lead = ["endpoint", "move", "--to", &desk.endpoint(), "--yes"];

    let json = ["-o", "json"];
    let told = desk.plays(&[
        &lead,
        &[&lead[..], &json].concat(),
        &[&lead[..], &["--from", "192.0.2.11", "--dry-run"]].concat(),
        &[&lead[..], &["--from", "192.0.2.11"], &json].concat(),
    ]);

    assert_told!("references-left", told);
}

#[test]
fn what_cannot_be_edited_refuses_the_move() {
    let desk = Desk::of(Kind::Kubeadm);
    let vip = desk.cluster.endpoint().host.to_string();
    desk.run(&["certs", "add-san", &vip, "--yes"]).exits(0);
    fs::write(desk.cluster.register_path(), "controlPlaneEndpoint: a/b\nkind: ClusterConfiguration\n")
        .unwrap();
    let lead = ["endpoint", "move", "--to", &desk.endpoint(), "--yes"];

    let told = desk.plays(&[&lead, &[&lead[..], &["-o", "json"]].concat()]);

    assert_told!("references-uneditable", told);
}

#[test]
fn pods_that_cannot_be_replaced_are_told_before_anything_is_changed() {
    let pods = PodCount { is_seen: true, wanted: 4, updated: 4, available: 3, rolls: true };

    let finding = check::rollout("kube-system", "kube-proxy", &pods);

    assert_told!("rollout-blocked", rendered(finding.into_iter().collect()));
    assert_eq!(check::rollout("kube-system", "kube-proxy", &PodCount { available: 4, ..pods }), None);
}
