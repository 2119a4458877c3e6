//! What is seen of a controller of k0s.

use super::*;
use crate::distro::Role;

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
fn a_node_is_known_and_read_in_two_round_trips() {
    let controller = Controller::installed().config("block");

    assert_eq!(controller.observe().distribution(), "k0s");

    assert_eq!(controller.machine.looks.get(), 2);
}
