//! What is planned for a server of K3s.

use super::*;
use crate::plan::Settle;

#[test]
fn a_server_gets_a_drop_in_and_a_restart() {
    let server = Server::installed().config(&fixture("configs/scalar.yaml"));

    insta::assert_snapshot!(told(&server.step(&["10.0.3.100", "api.example.com", "2001:db8::1"])));
}

#[test]
fn a_plan_is_stored_whole() {
    insta::assert_json_snapshot!(Server::installed().step(&["10.0.3.100"]));
}

#[test]
fn a_name_that_is_served_and_not_configured_is_written_down_without_a_restart() {
    let server = Server::installed().serving(&["10.0.3.100"]);

    insta::assert_snapshot!(told(&server.step(&["10.0.3.100"])));
}

#[test]
fn a_name_that_is_configured_and_not_served_needs_a_restart_alone() {
    let server = Server::installed().unit("units/flags.service");

    insta::assert_snapshot!(told(&server.step(&["10.0.3.100"])));
}

#[test]
fn plans_nothing_when_all_is_served_and_configured() {
    for config in ["flow", "block", "commas", "anchor"] {
        let server = Server::installed()
            .config(&fixture(&format!("configs/{config}.yaml")))
            .serving(&["10.0.0.9", "vip.example.com"])
            .on(|machine| Machine { space: (0, 0), ..machine });

        assert_eq!(server.plan(&["10.0.0.9", "vip.example.com"]), Ok(None), "{config}");
    }
}

#[test]
fn a_step_makes_the_names_count_whatever_the_configuration_looks_like_and_goes_back() {
    let base = || Server::installed().config("tls-san: [kept.example.com]\n");
    let all = |server: Server| [("plain", server)];
    let servers =
        ["scalar", "flow", "block", "commas", "plus", "crlf", "duplicate", "anchor", "without", "empty"]
            .map(|name| (name, Server::installed().config(&fixture(&format!("configs/{name}.yaml")))))
            .into_iter()
            .chain(all(Server::installed()))
            .chain(all(Server::installed().unit("units/flags.service")))
            .chain(all(base().drop_in("99-zz.yml", "tls-san: [late.example.com]\n")))
            .chain(all(base().drop_in("zz-local.yml", "tls-san: [late.example.com]\n")))
            .chain(all(base().drop_in(DROP_IN, "tls-san+: [ours.example.com]\n")))
            .chain(all(base()
                .drop_in(DROP_IN, "tls-san+:\n  - ours.example.com\n")
                .drop_in("zz.yaml", "token: x\n")))
            .chain(all(base().drop_in(DROP_IN, "tls-san+: [ours]\n").drop_in("zz.yaml", "tls-san: [late]\n")))
            .chain(all(base().drop_in(DROP_IN, "tls-san+: [a]\ntls-san+: [b]\n")));
    for (name, server) in servers {
        let (before, files) = (server.observe().configured(), server.machine.files.clone());
        let want = ["10.0.3.200", "new.example.com", "2001:db8::1"];
        let step = server.step(&want);

        let after = server.after(&step);
        assert_eq!(after.observe().configured(), before.union(&set(&want)), "{name}");
        let again = after.step(&want);
        assert!(again.changes.is_empty(), "{name}");

        assert_eq!(after.back(&step).machine.files, files, "{name}");
    }
}

#[test]
fn a_drop_in_of_ours_grows_and_nothing_else_of_it_changes() {
    let server = Server::installed().drop_in(DROP_IN, "tls-san+:\n  - a.example.com # why\n");

    let step = server.step(&["10.0.3.100"]);
    let seen = server.observe().seen();
    let after = server.after(&step);

    assert_eq!(seen[0].0, PathBuf::from(DROP_INS).join(DROP_IN));
    let text = &after.machine.files[&seen[0].0];
    assert_eq!(String::from_utf8_lossy(text), "tls-san+:\n  - a.example.com # why\n  - 10.0.3.100\n");
}

#[test]
fn no_text_of_the_operators_files_comes_into_a_diff() {
    let server = Server::installed().config(&fixture("configs/scalar.yaml")).drop_in("10.yaml", "token: y\n");

    assert_eq!(server.observe().seen(), []);
}

#[test]
fn taking_a_step_back_waits_for_no_name_to_go() {
    let step = Server::installed().step(&["10.0.3.100"]);

    let is_about_the_disk = |settle: &Settle| matches!(settle, Settle::ServesFile { .. });
    assert!(!step.settle.iter().any(is_about_the_disk));
    assert_eq!(step.proofs[0].not_serial, None);
}

#[test]
fn what_an_operator_should_know_is_told_with_the_plan() {
    let told = |server: Server| ids(&server.observe().cautions(&Want::Add(set(&["10.0.3.100"]))));

    assert_eq!(told(Server::installed()), [""; 0]);
    assert_eq!(told(Server::installed().drop_in("50-rancher.yaml", "{}\n")), ["configuration-managed"]);
    assert_eq!(told(Server::installed().with_file("/etc/NIXOS", "")), ["configuration-managed"]);
    assert_eq!(told(Server::installed().version("1.33.4")), ["certificate-flips"]);
    assert_eq!(told(Server::installed().version("1.24.17")), ["names-open"]);
    assert_eq!(told(Server::installed().config("tls-san-security: false\n")), ["names-open"]);
    assert_eq!(told(Server::installed().version("1.27.5").config("tls-san-security: true\n")), [""; 0]);
    assert_eq!(
        told(Server::installed().config(&fixture("configs/no-names.yaml"))),
        ["san-useless", "san-useless"]
    );
}
