//! What is planned for a controller of k0s.

use super::*;

#[test]
fn a_controller_gets_entries_in_its_configuration_and_a_restart() {
    let controller = Controller::installed().config("block").serving(&["k0s.example.com"]);

    insta::assert_snapshot!(told(&controller.step(&["10.0.3.100", "api.example.com"])));
}

#[test]
fn a_controller_without_a_configuration_gets_one_with_the_names_alone() {
    let step = Controller::installed().step(&["10.0.3.100", "api.example.com"]);

    insta::assert_snapshot!(match &step.changes[..] {
        [Change::Create { path, text, mode, .. }] => format!("{} {mode:o}\n{text}", path.display()),
        changes => panic!("{changes:?}"),
    });
}

#[test]
fn a_step_makes_the_names_count_whatever_the_configuration_looks_like_and_goes_back() {
    for config in ["block", "flow", "crlf", "k0sctl", "without"] {
        let controller = Controller::installed().config(config);
        let (text, before) = (fixture(&format!("configs/{config}.yaml")), controller.observe().configured());
        let want = ["10.0.3.100", "api.example.com", "2001:db8::1"];

        let step = controller.step(&want);
        let after = controller.after(&step);

        let Change::Edit { edit, .. } = &step.changes[0] else { panic!("{config}") };
        assert_eq!(edit.inverse().make(&after).unwrap(), text, "{config}");
        let after = controller.with_file(CONFIG, &after);
        let all = before.union(&set(&want));
        assert!(after.observe().configured().is_superset(&all), "{config}");
        assert!(after.step(&want).changes.is_empty(), "{config}");
    }
}

#[test]
fn a_name_that_a_restart_would_lose_is_written_down_before_it() {
    let names = ["old.example.com", "kubernetes.example.com", "10.32.0.1", "10.9.9.9"];
    let network = "spec:\n  network:\n    serviceCIDR: 10.32.0.0/24\n";
    let controller = Controller::installed().with_file(CONFIG, network).serving(&names);

    let refused = controller.plan(&["10.0.3.100"]).unwrap_err();
    let first = controller.step(&["old.example.com", "kubernetes.example.com", "10.9.9.9", "10.96.0.1"]);
    let text = controller.after(&first);
    let then = controller.with_file(CONFIG, &text).plan(&["10.0.3.100"]);

    assert_eq!(ids(&refused), ["name-at-risk"]);
    let lost = ": kubernetes.example.com, old.example.com, 10.9.9.9, 10.96.0.1";
    assert!(refused[0].message.ends_with(lost), "{}", refused[0].message);
    assert!(first.settle.is_empty(), "nothing is restarted for it");
    assert!(then.is_ok_and(|step| step.is_some()));
}

#[test]
fn a_name_that_is_served_and_not_configured_is_written_down_without_a_restart() {
    let step = Controller::installed().config("block").serving(&["10.0.3.100"]).step(&["10.0.3.100"]);

    assert!(step.settle.is_empty() && step.changes.len() == 1);
    assert_eq!(step.proofs[0].not_serial, None);
}

#[test]
fn a_name_that_is_configured_and_not_served_needs_a_restart_alone() {
    let step = Controller::installed().config("flow").step(&["10.0.0.9"]);

    assert!(step.changes.is_empty() && step.settle.len() == 2);
}

#[test]
fn plans_nothing_when_all_is_served_and_configured() {
    let controller = Controller::installed().config("flow").serving(&["10.0.0.9", "vip.example.com"]);

    assert_eq!(controller.plan(&["10.0.0.9", "vip.example.com"]), Ok(None));
}

#[test]
fn nothing_of_the_configuration_but_its_names_comes_into_a_plan() {
    let controller = Controller::installed().config("block");

    let step = controller.step(&["10.0.3.100"]);

    assert!(!serde_json::to_string(&step).unwrap().contains("secret-word"));
    assert_eq!(controller.observe().seen(), []);
}

#[test]
fn an_operator_learns_that_k0sctl_would_write_the_file_anew() {
    let cautions = |config| ids(&Controller::installed().config(config).observe().cautions(&Want::Renew));

    assert_eq!((cautions("k0sctl"), cautions("block")), (vec!["configuration-managed"], vec![]));
}

#[test]
fn renewing_is_a_restart_that_a_later_end_must_come_of() {
    let controller = Controller::installed().config("block").serving(&["k0s.example.com"]);

    let step = controller.plan_beside(&Want::Renew, &controller.authority).unwrap().unwrap();

    let proof = step.proofs[0].clone();
    assert!(step.changes.is_empty() && step.settle.len() == 2);
    assert!(proof.outlasts.is_some() && proof.not_serial.is_some());
    assert_eq!(proof.covers, controller.served);
}

#[test]
fn a_name_is_taken_out_by_the_operator_alone_and_one_that_is_nowhere_needs_nobody() {
    let controller = Controller::installed().config("block");
    let without = |name: &str| controller.plan_beside(&Want::Remove(set(&[name])), &controller.authority);

    assert_eq!(ids(&without("k0s.example.com").unwrap_err()), ["change-unsupported"]);
    assert_eq!(without("nowhere.example.com"), Ok(None));
}
