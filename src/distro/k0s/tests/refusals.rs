//! What a controller of k0s is refused for, before anything is changed.

use super::*;

fn refused(controller: &Controller) -> Vec<&'static str> {
    ids(&controller.plan(&["10.0.3.100"]).unwrap_err())
}

#[test]
fn a_worker_is_refused() {
    assert_eq!(refused(&Controller::started_by("k0sworker", "worker.service")), ["node-is-worker"]);
}

#[test]
fn a_machine_that_cannot_take_a_change_is_refused() {
    let lock = r#"{"run":"r7","operator":"ann@laptop","since":"2026-11-21T11:58:00Z"}"#;
    let on = |change: fn(Machine) -> Machine| refused(&Controller::installed().on(change));

    assert_eq!(refused(&Controller::installed().with_file("/var/lib/cpctl/lock", lock)), ["node-locked"]);
    assert_eq!(on(|machine| Machine { ahead: 6, ..machine }), ["clock-off"]);
    assert_eq!(on(|machine| Machine { space: (1_000, 1 << 20), ..machine }), ["disk-full", "disk-full"]);
    assert_eq!(on(|machine| machine.without_unit("k0scontroller")), ["service-stopped"]);
    assert_eq!(
        on(|mut machine| {
            machine.units.clear();
            machine.with_file("/etc/init.d/k0scontroller", "")
        }),
        ["no-systemd"]
    );
}

#[test]
fn a_controller_that_nobody_can_tell_the_configuration_of_is_refused() {
    let started = |line: &str| {
        let unit = format!("[Service]\nExecStart={line}\n");
        Controller::installed().on(|mut machine| {
            machine.units.insert("k0scontroller.service".into(), unit);
            machine
        })
    };

    assert_eq!(refused(&started("/usr/local/bin/start-k0s.sh")), ["launch-unclear"]);
    assert_eq!(refused(&started("/usr/local/bin/k0s controller -c -")), ["launch-unclear"]);
}

#[test]
fn a_configuration_with_which_k0s_does_not_start_is_refused_before_a_restart_finds_out() {
    for config in ["tabs", "map", "useless"] {
        assert_eq!(
            refused(&Controller::installed().config(config)),
            ["configuration-unreadable"],
            "{config}"
        );
    }
    let mut controller = Controller::installed();
    controller.machine.files.insert(CONFIG.into(), vec![0xff, 0xfe]);
    assert_eq!(refused(&controller), ["configuration-unreadable"]);
    assert_eq!(
        ids(&controller.plan(&["*.example.com"]).unwrap_err()),
        ["configuration-unreadable", "wildcard-refused"]
    );
}

#[test]
fn a_certificate_that_k0s_would_not_sign_anew_is_refused() {
    let other =
        Controller::installed().plan_beside(&Want::Add(set(&["10.0.3.100"])), &Authority::new()).unwrap_err();
    let without_key = Controller::installed().on(|mut machine| {
        machine.public_keys.clear();
        machine
    });

    assert_eq!(ids(&other), ["certificate-elsewhere"]);
    assert_eq!(refused(&without_key), ["ca-key-missing"]);
}
