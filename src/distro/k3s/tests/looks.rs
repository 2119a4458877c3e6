//! What a look at a server finds out.

use super::*;
use crate::distro::Role;

#[test]
fn a_server_is_recognised_and_read_in_two_round_trips() {
    let server =
        Server::installed().config(&fixture("configs/block.yaml")).drop_in("10.yaml", "tls-san+: x\n");

    let node = server.observe();

    assert_eq!((node.distribution(), node.role()), ("k3s", Role::First));
    assert_eq!(node.configured().to_string(), "vip.example.com, x, 10.0.0.9");
    assert_eq!(server.machine.looks.get(), 2);
}

#[test]
fn an_old_version_takes_a_list_with_commas_for_one_name() {
    let commas = || Server::installed().config(&fixture("configs/commas.yaml"));

    assert_eq!(commas().version("1.27.1").configured(), "");
    assert_eq!(commas().version("1.27.2").configured(), "vip.example.com, 10.0.0.9");
}

#[test]
fn drop_ins_count_in_their_order_with_any_ending_and_hidden_ones_too() {
    let server = Server::installed()
        .config("tls-san: wiped\n")
        .drop_in("20-B.YML", "tls-san+: b\n")
        .drop_in("10-a.YAML", "tls-san: a\n")
        .drop_in(".00-hidden.yaml", "tls-san+: [wiped-too]\n")
        .drop_in("30-no.yaml.bak", "tls-san: []\n");

    assert_eq!(server.configured(), "a, b");
}

#[test]
fn flags_of_the_unit_come_on_top() {
    let server = Server::installed().unit("units/flags.service").config("tls-san: a\n");

    assert_eq!(server.configured(), "a, api.example.com, 10.0.3.100");
}

#[test]
fn a_unit_of_another_name_has_its_own_port_program_and_data() {
    let server = Server::started_by("k3s-blue", "units/named.service", "/opt/bin/k3s", "1.34.2")
        .with_file("/srv/k3s/server/tls/server-ca.crt", &pem(&Authority::new().cert));

    let endpoint = server.observe().endpoint();

    assert_eq!(endpoint.to_string(), "172.22.22.11:7443");
    assert_eq!(server.machine.looks.get(), 2);
    assert_eq!(ids(&server.plan(&["10.0.3.100"]).unwrap_err()), ["certificate-elsewhere"]);
}

#[test]
fn a_configuration_that_is_elsewhere_is_found_in_a_further_look() {
    let by_drop_in = Server::installed().unit("units/overridden.service");
    let environment = "/etc/systemd/system/k3s.service.env";
    let by_file =
        Server::installed().with_file(environment, "K3S_TOKEN=x\nK3S_CONFIG_FILE='/srv/k3s.yaml'\n");
    for (server, flags) in [(by_drop_in, "10.0.3.100"), (by_file, "")] {
        let server = server
            .config("tls-san: not.read\n")
            .with_file("/srv/k3s.yaml", "tls-san: a\n")
            .with_file("/srv/k3s.yaml.d/10.yaml", "tls-san+: b\n");

        assert_eq!(server.configured(), ["a, b", flags].join(", ").trim_end_matches(", "));
        assert!((3..=4).contains(&server.machine.looks.get()));
        assert!(told(&server.step(&["10.0.3.9"])).contains("create /srv/k3s.yaml.d/99-cpctl.yaml"));
    }
}

#[test]
fn the_variable_wins_over_the_flag() {
    let server = Server::installed()
        .unit("units/overridden.service")
        .on(|mut machine| {
            let text = format!(
                "{}Environment=K3S_CONFIG_FILE=/run/other.yaml\n",
                fixture("units/overridden.service")
            );
            machine.units.insert("k3s.service".into(), text);
            machine
        })
        .with_file("/srv/k3s.yaml", "tls-san: a\n")
        .with_file("/run/other.yaml", "tls-san: b\n");

    assert_eq!(server.configured(), "b, 10.0.3.100");
}

#[test]
fn the_part_that_a_node_plays_is_that_of_the_unit_that_runs() {
    let agent = |machine: Machine| {
        let mut machine = machine.without_unit("k3s").with_running("k3s-agent");
        machine.units.insert("k3s-agent.service".into(), fixture("units/agent.service"));
        machine
    };
    let joined = Server::installed().config("server: https://10.0.3.2:6443\n");

    assert_eq!(Server::installed().on(agent).observe().role(), Role::Worker);
    assert_eq!(joined.observe().role(), Role::Joined);
    assert_eq!(
        Server::installed().on(|machine| agent(machine).with_running("k3s")).observe().role(),
        Role::First
    );
}

#[test]
fn a_host_that_is_a_name_is_dialled_at_an_address() {
    let mut server = Server::installed();
    server.machine.host = "cp1.example.com".into();

    assert_eq!(server.observe().endpoint().to_string(), "10.0.3.2:6443");
}
