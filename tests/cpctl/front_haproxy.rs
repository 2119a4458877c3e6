//! `lb check` before a real HAProxy that is set up right, and wrong in every way that it can be.

use std::{fs, path::Path};

use cpctl::rehearse::{CERTS, Fault};
use serde_json::Value;

use super::{desk::Desk, front::codes, haproxy::HaProxy, wait::until};

/// Addresses that all certificates of a rehearsal carry, and that none does.
const NAMED: &str = "127.0.0.1";
const UNNAMED: &str = "127.0.0.9";

impl Desk {
    /// A `server` line for each API server, with these options.
    pub(crate) fn servers(&self, mode: &str, options: &str) -> Vec<String> {
        let nodes = self.cluster.targets().into_iter();
        let line =
            |target: cpctl::node::Target| format!("server {} {} {options}", target.name, target.api.unwrap());
        [format!("mode {mode}"), "balance roundrobin".to_owned()].into_iter().chain(nodes.map(line)).collect()
    }

    /// The cluster's own certificate with its key, as somebody imported it into the balancer.
    pub(crate) fn imported_pair(&self) -> String {
        let machine = self.cluster.machine("cp1").unwrap();
        let read =
            |name: &str| fs::read_to_string(machine.path(&Path::new(CERTS).join(name)).unwrap()).unwrap();
        let path = self.path("pair.pem");
        fs::write(&path, read("server.crt") + &read("server.key")).unwrap();
        path.display().to_string()
    }

    /// What is told of a balancer that is set up so.
    fn before(&self, host: &str, bind: &str, lines: &[String], code: i32) -> Option<(Value, HaProxy)> {
        let haproxy = HaProxy::start(host, bind, lines)?;
        let judged = self.judged(haproxy.address(), code);
        Some((judged, haproxy))
    }
}

#[track_caller]
fn assert_way((judged, haproxy): &(Value, HaProxy), way: &str, expected: &[&str]) {
    assert_eq!(judged["verdict"]["way"], way, "{judged:#}\n{}", haproxy.log());
    assert_eq!(codes(judged), expected, "{judged:#}\n{}", haproxy.log());
    assert_eq!(judged["verdict"]["certain"], true, "{judged:#}");
}

#[test]
fn a_real_balancer_in_each_of_its_modes_is_told_by_what_it_does() {
    let desk = Desk::new();
    let pair = desk.imported_pair();
    let tls = format!("ssl crt {pair}");
    let plain = desk.servers("tcp", "");
    let another_tls = desk.servers("tcp", "ssl verify none");
    let in_clear = desk.servers("http", "ssl verify none");
    let http = desk.servers("http", "");
    let proxy = desk.servers("tcp", "send-proxy");
    let disabled = desk.servers("tcp", "disabled");
    for (bind, lines, way, expected) in [
        ("", &plain, "passes-through", &[][..]),
        (&tls, &plain, "terminates", &["tls-terminated"]),
        (&tls, &another_tls, "re-encrypts", &["tls-reencrypted"]),
        ("", &in_clear, "api-in-clear", &["api-in-clear"]),
        ("", &http, "plain-http", &["endpoint-not-tls"]),
        ("accept-proxy", &plain, "expects-proxy-protocol", &["proxy-protocol-expected"]),
        ("", &proxy, "sends-proxy-protocol", &["proxy-protocol-sent"]),
        ("", &disabled, "hangs-up", &["balancer-hangs-up"]),
    ] {
        let code = i32::from(!expected.is_empty());
        let Some(told) = desk.before(NAMED, bind, lines, code) else { return };
        assert_way(&told, way, expected);
    }
}

#[test]
fn every_server_behind_a_real_balancer_is_met_on_fresh_connections() {
    let desk = Desk::new();
    let lines = desk.servers("tcp", "");

    let Some((judged, _haproxy)) = desk.before(NAMED, "", &lines, 0) else { return };

    assert_eq!(
        (&judged["connections"]["made"], &judged["connections"]["answered"]),
        (&15.into(), &15.into())
    );
    let met = judged["connections"]["met"].as_array().unwrap().iter();
    assert_eq!(met.map(|met| met["node"].as_str().unwrap()).collect::<Vec<_>>(), ["cp1", "cp2", "cp3"]);
    assert!(judged["untold"].as_array().unwrap().is_empty(), "{judged:#}");
}

#[test]
fn a_balancer_that_chooses_by_the_clients_address_is_pinned() {
    let desk = Desk::new();
    let mut lines = desk.servers("tcp", "");
    lines[1] = "balance source".into();

    let Some(told) = desk.before(NAMED, "", &lines, 0) else { return };

    assert_way(&told, "passes-through", &["balancer-pinned"]);
}

#[test]
fn the_one_server_that_lacks_the_name_is_named_behind_a_real_balancer() {
    let desk = Desk::new();
    desk.run(&["certs", "add-san", UNNAMED, "--limit", "cp1,cp3", "--yes"]).exits(0);
    let lines = desk.servers("tcp", "");

    let Some(told) = desk.before(UNNAMED, "", &lines, 1) else { return };

    assert_way(&told, "passes-through", &["san-missing"]);
    let message = told.0["findings"][0]["message"].as_str().unwrap();
    assert_eq!(
        message,
        "127.0.0.9 is not among the names of cp2 behind it: 5 of 15 fresh connections met such a certificate"
    );
}

#[test]
fn a_pool_whose_servers_are_all_down_is_dead() {
    let desk = Desk::new();
    let lines = desk.servers("tcp", "");
    desk.cluster.machines().for_each(|(_, machine)| machine.set(Fault::Dead).unwrap());
    let wire = cpctl::probe::Wire::new(std::time::Duration::from_secs(5));
    until("no API server answers", || desk.api_servers().iter().all(|at| wire.presented(at).is_err()));

    let Some(told) = desk.before(NAMED, "", &lines, 1) else { return };

    assert_way(&told, "dead-pool", &["pool-dead", "backend-silent", "backend-silent", "backend-silent"]);
}

#[test]
fn a_server_that_is_down_and_still_gets_clients_costs_connections_whichever_it_is() {
    for (index, dead) in ["cp1", "cp2"].into_iter().enumerate() {
        let desk = Desk::new();
        let mut lines = desk.servers("tcp", "");
        lines.push("retries 0".into());
        desk.cluster.machine(dead).unwrap().set(Fault::Dead).unwrap();
        let wire = cpctl::probe::Wire::new(std::time::Duration::from_secs(5));
        let at = desk.api_servers()[index].clone();
        until("it does not answer", || wire.presented(&at).is_err());

        let Some(told) = desk.before(NAMED, "", &lines, 1) else { return };

        assert_way(&told, "passes-through", &["backend-failing", "backend-silent"]);
        assert_eq!(told.0["connections"]["made"], 15, "{:#}", told.0);
    }
}

#[test]
fn a_port_beside_the_balancers_own_is_told_with_the_right_one() {
    let desk = Desk::new();
    desk.run(&["certs", "add-san", UNNAMED, "--yes"]).exits(0);
    let right = format!("{UNNAMED}:{}", desk.api_servers()[0].port);
    let Some(_haproxy) = HaProxy::start(&right, "", &desk.servers("tcp", "")) else { return };

    let judged = desk.judged(&format!("{UNNAMED}:1"), 1);

    assert_eq!((&judged["verdict"]["way"], &judged["answers_at"]), (&"wrong-port".into(), &right.into()));
    assert_eq!(codes(&judged), ["port-wrong"]);
}
