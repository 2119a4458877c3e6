//! What is seen of a controller of k0s.

use super::*;
use crate::{distro::Role, node::Answer};

#[test]
fn the_names_that_a_configuration_asks_for_are_read_in_every_shape() {
    for (config, names) in [
        ("block", "k0s.example.com, 10.0.3.2"),
        ("flow", "vip.example.com, 10.0.0.9"),
        ("crlf", "10.0.3.2"),
        ("k0sctl", "10.0.3.2, 10.0.3.3"),
        ("without", ""),
    ] {
        let controller = Controller::installed().config(config);

        assert_eq!(controller.observe().configured().to_string(), names, "{config}");
    }
}

#[test]
fn an_external_address_with_a_port_is_a_name_without_it() {
    for (written, name) in [
        ("vip.example.com:7443", "vip.example.com"),
        ("10.0.0.9:7443", "10.0.0.9"),
        ("\"fd00::9\"", "fd00::9"),
        ("vip.example.com", "vip.example.com"),
    ] {
        let text = format!("spec:\n  api:\n    externalAddress: {written}\n");
        let controller = Controller::installed().with_file(CONFIG, &text);

        assert_eq!(controller.observe().configured().to_string(), name, "{written}");
    }
}

#[test]
fn it_is_dialled_where_the_operator_reaches_it_at_its_own_port() {
    let text = "spec:\n  api:\n    port: 7443\n";

    let endpoint = Controller::installed().with_file(CONFIG, text).observe().endpoint();

    assert_eq!(endpoint.to_string(), "172.22.22.11:7443");
}

#[test]
fn a_worker_is_told_from_a_controller_by_what_its_unit_starts() {
    let worker = Controller::started_by("k0sworker", "worker.service");

    assert_eq!(worker.observe().role(), Role::Worker);
    assert_eq!(Controller::installed().observe().role(), Role::First);
}

#[test]
fn the_members_of_its_own_etcd_are_told_and_no_other_store_has_any() {
    let said = r#"{"members":{"cp1":"https://10.0.3.2:2380","cp9":"https://[fd00::9]:2380"}}"#;
    let told = |storage: &str| {
        let text = format!("spec:\n  storage: {storage}\n");
        let mut controller = Controller::installed().with_file(CONFIG, &text);
        controller.machine.members = Some(Answer::Said(said.into()));
        controller.observe().store()
    };

    let store = told("{}").unwrap();

    let members = [("cp1", "10.0.3.2"), ("cp9", "fd00::9")];
    let members = members.map(|(name, host)| (name.to_owned(), host.parse().unwrap()));
    assert_eq!(store.members, Ok(members.into()));
    assert!(store.is_at(&"10.0.3.2".parse().unwrap()) && !store.is_at(&"fd00::9".parse().unwrap()));
    assert!(told("{type: etcd, etcd: {peerAddress: 10.0.3.2}}").is_some());
    for other in ["{type: kine}", "{etcd: {externalCluster: {endpoints: [https://10.0.0.9:2379]}}}"] {
        assert_eq!(told(other), None, "{other}");
    }
}

#[test]
fn an_etcd_that_does_not_tell_its_members_says_why() {
    for (answer, why) in [
        (Some(Answer::No("no answer within 15 s".into())), "no answer within 15 s"),
        (Some(Answer::Said("Usage:".into())), "`Usage:` is no list of members"),
        (
            Some(Answer::Said(r#"{"members":{"cp1":""}}"#.into())),
            r#"`{"members":{"cp1":""}}` is no list of members"#,
        ),
        (None, "there is no /usr/local/bin/k0s"),
    ] {
        let mut controller = Controller::installed().config("without");
        controller.machine.members = answer;

        assert_eq!(controller.observe().store().unwrap().members, Err(why.to_owned()));
    }
}

#[test]
fn a_node_is_known_and_read_in_two_round_trips() {
    let controller = Controller::installed().config("block");

    assert_eq!(controller.observe().distribution(), "k0s");

    assert_eq!(controller.machine.looks.get(), 2);
}
