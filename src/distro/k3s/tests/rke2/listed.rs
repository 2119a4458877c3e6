//! Names that the next certificate of the API server would lack, and those that come in by themselves.

use super::*;

#[test]
fn a_served_name_that_nothing_asks_for_is_listed_before_it_is_signed_away() {
    let server = server().serving(&["old.example.com", "10.0.9.9"]);

    let step = server.step(&["10.0.3.100"]);
    let want = set(&["rke2.example.com", "old.example.com", "10.0.9.9", "10.0.3.100"]);

    assert!(
        step.notes
            .iter()
            .any(|note| note.starts_with("old.example.com, 10.0.9.9 is served and stands in no file"))
    );
    assert_eq!(server.after(&step).observe().configured(), want);
}

#[test]
fn names_that_come_in_by_themselves_are_not_listed() {
    let own = ["node.example.com", "203.0.113.7", "192.0.2.7", "fd00:42::1"];
    let server = server().serving(&own).with_file(
        &format!("{HOME}/config.yaml.d/20.yaml"),
        "node-name: Node.example.com\nnode-external-ip: '203.0.113.7,192.0.2.7,172.22.22.11'\nservice-cidr: 10.43.0.0/16,fd00:42::/112\n",
    );

    let after = server.step(&["10.0.3.100"]);

    assert_eq!(server.after(&after).observe().configured(), set(&["rke2.example.com", "10.0.3.100"]));
}

#[test]
fn an_address_that_the_node_has_and_nothing_says_is_listed() {
    let floating = |server: Server| {
        let server = server.serving(&["10.0.3.100", "fd00::100", "fd00::2"]);
        server.on(|machine| Machine { addresses: "10.0.3.2 10.0.3.100 fd00::2 fd00::100".into(), ..machine })
    };
    let listed = |server: Server| {
        let step = server.step(&["new.example.com"]);
        server.after(&step).observe().configured()
    };
    let said = server().with_file(&format!("{HOME}/config.yaml.d/20.yaml"), "node-ip: 10.0.3.100\n");

    let of_route = set(&["rke2.example.com", "new.example.com", "10.0.3.100", "fd00::100"]);
    assert_eq!(listed(floating(server())), of_route);
    let of_said = set(&["rke2.example.com", "new.example.com", "10.0.3.2", "fd00::100", "fd00::2"]);
    assert_eq!(listed(floating(said)), of_said);
}

#[test]
fn a_served_name_is_listed_though_the_wanted_one_is_served_already() {
    let old = "old.example.com";
    let serving = || joined_through(server().serving(&["10.0.3.100", old]), &OWN);
    let unnamed =
        || serving().with_file(&format!("{HOME}/config.yaml.d/10.yaml"), "tls-san+: x.example.com\n");

    for (server, is_signed_anew) in [(serving(), false), (unnamed(), true)] {
        let step = server.step(&["10.0.3.100"]);

        assert!(server.after(&step).observe().configured().covers(&old.parse().unwrap()));
        assert_eq!(step.proofs[0].not_serial.is_some(), is_signed_anew);
    }
}

#[test]
fn a_server_that_serves_and_names_what_is_wanted_is_left_alone() {
    let server = server()
        .serving(&["10.0.3.100", "old.example.com"])
        .with_file(&format!("{HOME}/config.yaml.d/10.yaml"), "tls-san+: [10.0.3.100, x.example.com]\n");

    assert_eq!(joined_through(server, &["10.0.3.100"]).plan(&["10.0.3.100"]), Ok(None));
}
