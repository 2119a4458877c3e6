//! What `lb check` says of real HAProxy before real API servers, set up right and wrong in one place each.

use std::thread;

use serde_json::Value;

use super::{
    super::front::codes,
    pair::{BALANCERS, NODES, Pair, VIP},
};

const UNIT: &str = "snap.microk8s.daemon-kubelite";

/// Where a firewall that ends TLS is told to, with the certificate and the key that it was given.
const ENDS: (&str, &str) = ("bind 172.22.22.3:16443", "bind 172.22.22.3:16443 ssl crt /etc/haproxy/pair.pem");
const OPENS: (&str, &str) = ("default-server inter", "default-server ssl verify none inter");
const HTTP: [(&str, &str); 2] = [("mode tcp", "mode http"), ("option tcplog", "option httplog")];

impl Pair {
    #[track_caller]
    fn assert_told(&self, way: &str, expected: &[&str]) -> Value {
        let ran = self.lab.cpctl(&["lb", "check", VIP, "-o", "json"]);
        let judged: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.shown()));
        assert_eq!(
            (&judged["verdict"]["way"], codes(&judged)),
            (&way.into(), expected.to_vec()),
            "{judged:#}"
        );
        judged
    }
}

pub fn the_server_that_lacks_the_name_is_named(pair: &Pair) {
    let add = |nodes: &str| {
        pair.lab.cpctl(&["certs", "add-san", "172.22.22.3", "--limit", nodes, "--yes"]).exits(0);
    };
    add("n1,n3");

    let judged = pair.assert_told("passes-through", &["san-missing"]);

    let message = judged["findings"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("172.22.22.3 is not among the names of n2 behind it"), "{message}");
    add("n2");
}

pub fn each_mode_is_told_by_what_it_does(pair: &Pair) {
    import_the_pair(pair);
    let refused = [(" crt /etc/haproxy/check.pem", ""), ("expect status 200", "expect status 401")];
    for (places, way, expected) in [
        (&[][..], "passes-through", &[][..]),
        (&[ENDS], "terminates", &["tls-terminated"]),
        (&[ENDS, OPENS], "re-encrypts", &["tls-reencrypted"]),
        (&HTTP, "plain-http", &["endpoint-not-tls"]),
        (&[HTTP[0], HTTP[1], OPENS], "api-in-clear", &["api-in-clear"]),
        (&[("default-server inter", "default-server send-proxy inter")], "hangs-up", &["balancer-hangs-up"]),
        (&[("balance leastconn", "balance source")], "passes-through", &["balancer-pinned"]),
        (&refused, "passes-through", &[]),
    ] {
        pair.changed(places);

        pair.assert_told(way, expected);
    }
}

/// A cluster's own certificate with its key, as somebody imported it into the balancer.
fn import_the_pair(pair: &Pair) {
    let certs = "/var/snap/microk8s/current/certs";
    let read = format!("cat {certs}/server.crt {certs}/server.key");
    std::fs::write(pair.lab.path("home/pair.pem"), pair.lab.on("n1", &read).exits(0).stdout).unwrap();
    for balancer in BALANCERS {
        let there = format!("{balancer}:/etc/haproxy/pair.pem");
        super::super::harness::Ran::of(&mut pair.lab.inside(&["scp", "-q", "pair.pem", &there])).exits(0);
    }
}

/// A check for 200 where nobody is known: each server says 401, and is taken for dead.
pub fn servers_that_refuse_the_check_are_counted_as_down(pair: &Pair) {
    pair.changed(&[(" crt /etc/haproxy/check.pem", "")]);
    pair.until_all_are("000");

    pair.assert_told("hangs-up", &["balancer-hangs-up"]);

    pair.changed(&[]);
}

pub fn a_pool_whose_servers_are_all_gone_is_dead(pair: &Pair) {
    on_all(pair, "stop");

    pair.assert_told("dead-pool", &["pool-dead", "backend-silent", "backend-silent", "backend-silent"]);

    on_all(pair, "start");
    NODES.iter().for_each(|node| pair.lab.until_ready(node));
    pair.until_up();
}

fn on_all(pair: &Pair, verb: &str) {
    thread::scope(|scope| {
        for node in NODES {
            scope.spawn(move || pair.lab.on(node, &format!("systemctl {verb} {UNIT}")).exits(0));
        }
    });
}
