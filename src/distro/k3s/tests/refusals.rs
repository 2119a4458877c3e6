//! What a server of K3s is refused for, before anything is changed.

use super::*;

fn refused(server: &Server) -> Vec<&'static str> {
    ids(&server.plan(&["10.0.3.100"]).unwrap_err())
}

pub(super) fn lines(findings: Vec<Finding>) -> String {
    let line = |finding: Finding| {
        format!("{}: {}\n  {}", finding.code.id(), finding.message, finding.remedy.unwrap())
    };
    findings.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_agent_is_refused_as_a_worker() {
    let server = Server::started_by("k3s-agent", "units/agent.service", "/usr/local/bin/k3s", "1.34.2");

    assert_eq!(refused(&server), ["node-is-worker"]);
    assert_eq!(ids(&server.observe().findings(now())), ["node-is-worker"]);
}

#[test]
fn a_machine_that_cannot_take_a_change_is_refused() {
    let lock = r#"{"run":"r7","operator":"ann@laptop","since":"2026-11-21T11:58:00Z"}"#;
    let on = |change: fn(Machine) -> Machine| refused(&Server::installed().on(change));
    let immutable = |path: &str| {
        let mut server = Server::installed().drop_in("10.yaml", "{}");
        server.machine.refusals.insert(path.into(), "it is immutable".into());
        refused(&server)
    };

    assert_eq!(refused(&Server::installed().with_file("/var/lib/cpctl/lock", lock)), ["node-locked"]);
    assert_eq!(on(|machine| Machine { ahead: 6, ..machine }), ["clock-off"]);
    assert_eq!(on(|machine| Machine { space: (1_000, 1 << 20), ..machine }), ["disk-full", "disk-full"]);
    assert_eq!(immutable(DROP_INS), ["read-only"]);
    assert_eq!(immutable("/var/lib"), ["read-only"]);
    assert_eq!(on(|machine| machine.without_unit("k3s")), ["service-stopped"]);
}

#[test]
fn a_server_under_openrc_is_refused_with_what_to_type_there() {
    let server = Server::installed().on(|mut machine| {
        machine.units.clear();
        machine.with_file("/etc/init.d/k3s", "")
    });

    assert_eq!(refused(&server), ["no-systemd"]);
}

#[test]
fn a_configuration_out_of_reach_is_refused() {
    let environment = "/etc/systemd/system/k3s.service.env";
    let remote =
        Server::installed().with_file(environment, "K3S_CONFIG_FILE=https://config.example.com/k3s\n");
    let nixos = Server::installed()
        .unit("units/nixos.service")
        .version_of("/nix/store/0c8v-k3s-1.34.2+k3s1/bin/k3s", "1.34.2");

    assert_eq!(refused(&remote), ["configuration-elsewhere"]);
    assert_eq!(refused(&nixos), ["configuration-elsewhere"]);
}

#[test]
fn a_configuration_that_cannot_be_read_is_refused_by_its_name() {
    for name in ["tabs", "map"] {
        let text = fixture(&format!("configs/{name}.yaml"));
        let server = Server::installed().drop_in("10-names.yaml", &text);

        let findings = server.plan(&["10.0.3.100"]).unwrap_err();

        assert_eq!(ids(&findings), ["configuration-unreadable"], "{name}");
        assert!(findings[0].message.starts_with("/etc/rancher/k3s/config.yaml.d/10-names.yaml"), "{name}");
    }
    let mut server = Server::installed();
    server.machine.files.insert(CONFIG.into(), vec![0xff, 0xfe]);
    assert_eq!(refused(&server), ["configuration-unreadable"]);
}

#[test]
fn a_unit_that_does_not_tell_its_flags_is_refused() {
    assert_eq!(refused(&Server::installed().unit("units/script.service")), ["launch-unclear"]);
}

#[test]
fn two_servers_on_one_machine_are_refused() {
    let server = Server::installed().version_of("/opt/bin/k3s", "1.34.2").on(|mut machine| {
        machine.units.insert("k3s-blue.service".into(), fixture("units/named.service"));
        machine.with_running("k3s-blue")
    });

    let findings = server.plan(&["10.0.3.100"]).unwrap_err();

    assert_eq!(ids(&findings), ["launch-unclear"]);
    assert!(findings[0].message.ends_with("run here: k3s-blue, k3s"), "{}", findings[0].message);
}

#[test]
fn a_version_that_nobody_knows_is_refused() {
    let mut server = Server::installed();
    server.machine.versions.clear();

    assert_eq!(refused(&server), ["version-unknown"]);
}

#[test]
fn a_certificate_that_k3s_did_not_sign_is_refused() {
    let server = Server::installed();

    let findings = server.plan_at(&["10.0.3.100"], "10.0.3.2:6443", &Authority::new()).unwrap_err();

    assert_eq!(ids(&findings), ["certificate-elsewhere"]);
}

#[test]
fn a_name_that_would_stay_in_the_certificate_is_not_dialled() {
    let server = Server::installed();
    let at = |endpoint: &str| server.plan_at(&["api.example.com"], endpoint, &server.authority);

    assert_eq!(ids(&at("cp1.example.com:6443").unwrap_err()), ["endpoint-unnamed"]);
    assert_eq!(ids(&at("203.0.113.9:6443").unwrap_err()), ["endpoint-unnamed"]);
    assert!(at("10.0.3.2:6443").is_ok() && at("api.example.com:6443").is_ok());
}

#[test]
fn a_wildcard_that_k3s_drops_is_refused() {
    let wildcard = |version: &str| Server::installed().version(version).plan(&["*.example.com"]);

    assert_eq!(ids(&wildcard("1.36.2").unwrap_err()), ["wildcard-dropped"]);
    assert!(wildcard("1.36.3").unwrap().is_some());
}
