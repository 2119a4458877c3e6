//! What `lb check` says of real balancers before real API servers, set up right and wrong in one place each.

use std::{fs, thread};

use serde_json::Value;

use super::{
    super::{front::codes, harness::Ran, wait::found},
    pair::{BALANCERS, Pair, VIP, give},
};

const UNIT: &str = "snap.microk8s.daemon-kubelite";
const NODES: [&str; 3] = ["n1", "n2", "n3"];

/// A way to the API beside the one that was written.
struct Door {
    at: &'static str,
    places: &'static [(&'static str, &'static str)],
    way: &'static str,
    codes: &'static [&'static str],
}

/// Where a firewall that ends TLS is told to, with the certificate and the key that it was given.
const ENDS: (&str, &str) = ("bind 172.22.22.3:16443", "bind 172.22.22.3:16443 ssl crt /etc/haproxy/pair.pem");
const OPENS: (&str, &str) = ("default-server inter", "default-server ssl verify none inter");
const HTTP_IN: (&str, &str) = ("option clitcpka", "mode http");
const HTTP_OUT: (&str, &str) = ("option srvtcpka", "mode http");
/// An API server that is met so ends the connection without a word.
const SENDS_PROXY: (&str, &str) = (":16443 check", ":16443 send-proxy");
const BY_SOURCE: (&str, &str) = ("balance leastconn", "balance source");
const NO_LOGIN: (&str, &str) = (" crt /etc/haproxy/check.pem", "");
const TAKES_401: (&str, &str) = ("expect status 200", "expect status 401");
const IN_TURNS: (&str, &str) = ("balance leastconn", "balance roundrobin");
const ASKS_NOTHING: [(&str, &str); 3] = [
    ("option httpchk GET /readyz", ""),
    ("http-check expect status 200", ""),
    (
        "check-ssl check-sni kubernetes verify required ca-file /etc/haproxy/kubernetes-ca.crt crt /etc/haproxy/check.pem",
        "",
    ),
];

/// The usual configuration, whose check sees a listening socket and no more.
pub const CONNECTS_ONLY: &str = "172.22.22.3:17001";

/// As it is written where servers refuse strangers, and nobody keeps a connection there.
pub const NOBODY_STAYS: &str = "172.22.22.3:17007";

/// What speaks no TLS stands where no other port of the host leads to the API.
const DOORS: [Door; 9] = [
    Door {
        at: CONNECTS_ONLY,
        places: &[IN_TURNS, ASKS_NOTHING[0], ASKS_NOTHING[1], ASKS_NOTHING[2]],
        way: "passes-through",
        codes: &[],
    },
    Door { at: "172.22.22.3:17002", places: &[ENDS], way: "terminates", codes: &["tls-terminated"] },
    Door { at: "172.22.22.3:17003", places: &[ENDS, OPENS], way: "re-encrypts", codes: &["tls-reencrypted"] },
    Door {
        at: "172.22.22.8:16443",
        places: &[HTTP_IN, HTTP_OUT],
        way: "plain-http",
        codes: &["endpoint-not-tls"],
    },
    Door {
        at: "172.22.22.3:17004",
        places: &[HTTP_IN, HTTP_OUT, OPENS],
        way: "api-in-clear",
        codes: &["api-in-clear"],
    },
    Door { at: "172.22.22.3:17005", places: &[SENDS_PROXY], way: "hangs-up", codes: &["balancer-hangs-up"] },
    Door {
        at: "172.22.22.3:17006",
        places: &[BY_SOURCE],
        way: "passes-through",
        codes: &["balancer-pinned"],
    },
    Door { at: NOBODY_STAYS, places: &[NO_LOGIN, TAKES_401], way: "passes-through", codes: &[] },
    Door { at: "172.22.22.3:17008", places: &[NO_LOGIN], way: "hangs-up", codes: &["balancer-hangs-up"] },
];

impl Pair {
    /// Waits until `lb check` says this, for HAProxy and NGINX look at their servers in their own time.
    #[track_caller]
    pub fn assert_told(&self, at: &str, way: &str, expected: &[&str]) -> Value {
        let expected = format!("{way} {expected:?}");
        found(&format!("{at} {expected}"), || {
            let ran = self.lab.cpctl(&["lb", "check", at, "-o", "json"]);
            let judged: Value =
                serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.shown()));
            let told = format!("{} {:?}", judged["verdict"]["way"].as_str().unwrap(), codes(&judged));
            if told == expected { Ok(judged) } else { Err(told) }
        })
    }

    /// Both machines lead to the API as was written, and in all of these ways beside it.
    pub fn opens_all_doors(&self) {
        let certs = "/var/snap/microk8s/current/certs";
        let pair = self.lab.on("n1", &format!("cat {certs}/server.crt {certs}/server.key")).exits(0).stdout;
        fs::write(self.lab.path("home/pair.pem"), pair).unwrap();
        for balancer in BALANCERS {
            let there = format!("{balancer}:/etc/haproxy/pair.pem");
            Ran::of(&mut self.lab.inside(&["scp", "-q", "pair.pem", &there])).exits(0);
        }
        let doors = DOORS.iter().map(|door| self.door(door.at, door.places));
        give(&self.lab, &format!("{}{}", self.rendered, doors.collect::<String>()));
    }
}

pub fn the_server_that_lacks_the_name_is_named(pair: &Pair) {
    let judged = pair.assert_told(VIP, "passes-through", &["san-missing"]);

    let message = judged["findings"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("172.22.22.3 is not among the names of n2 behind it"), "{message}");
    pair.name_the_address_on("n2");
}

pub fn each_mode_is_told_by_what_it_does(pair: &Pair) {
    pair.assert_told(VIP, "passes-through", &[]);
    for Door { at, way, codes, .. } in DOORS {
        pair.assert_told(at, way, codes);
    }
}

/// The first node has another address besides, as one has that kube-vip moves.
pub fn an_address_on_a_node_is_told_by_its_hardware_address(pair: &Pair) {
    let address =
        |verb: &str| pair.lab.on("n1", &format!("ip address {verb} 172.22.22.4/32 dev eth0")).exits(0);
    address("add");

    let judged = pair.assert_told("172.22.22.4:16443", "passes-through", &["san-missing", "balancer-pinned"]);

    address("del");
    let message = judged["findings"][1]["message"].as_str().unwrap();
    assert!(message.ends_with("n1 has the address itself, as its hardware address shows"), "{message}");
}

pub fn a_pool_whose_servers_are_all_gone_is_dead(pair: &Pair) {
    let stop = format!("systemctl stop --no-block {UNIT}; systemctl kill --signal=KILL {UNIT}");
    thread::scope(|scope| {
        for node in NODES {
            let (lab, stop) = (&pair.lab, &stop);
            scope.spawn(move || lab.on(node, stop).exits(0));
        }
    });

    pair.assert_told(VIP, "dead-pool", &["pool-dead", "backend-silent", "backend-silent", "backend-silent"]);
}
