//! Two machines in front with what was written for them, before real API servers.

use std::{fs, time::Duration};

use super::{
    super::{harness::Ran, lab::Lab, wait::until, watch::Watching},
    lab::write_inventory,
};

pub const BALANCERS: [&str; 2] = ["lb1", "lb2"];
pub const NODES: [&str; 3] = ["n1", "n2", "n3"];
pub const VIP: &str = "172.22.22.3:16443";

/// Readiness is told to whom the servers know; MicroK8s says 401 to others in any state.
pub const CHECK_CERT: &str = "/etc/haproxy/check.pem";

const ADD_USER: &str = "useradd --system --no-create-home --shell /usr/sbin/nologin keepalived_script";

/// How often HAProxy took its configuration in.
const LOADED: &str = "journalctl --unit haproxy --output cat | grep -c 'Loading success'";

/// What HAProxy thinks of each server: 2 where it is up, 0 where it is down.
const STATE: &str = "echo 'show servers state kube_api_nodes' | socat - /run/haproxy/admin.sock | \
    awk '$2 == \"kube_api_nodes\" { printf \"%s\", $6 }'";

/// What was written, in its own words.
pub struct Pair {
    pub lab: Lab,
    pub rendered: String,
}

impl Pair {
    pub fn start(name: &str) -> Option<Self> {
        let lab = Lab::start(name)?;
        write_inventory(&lab);
        BALANCERS.iter().for_each(|balancer| drop(lab.on(balancer, ADD_USER).exits(0)));
        lab.cpctl(&["lb", "apply", "haproxy", "keepalived", "--check-cert", CHECK_CERT, "--yes"]).exits(0);
        let rendered = lab.cpctl(&["lb", "render", "haproxy", "--check-cert", CHECK_CERT]).exits(0).stdout;
        Some(Self { lab, rendered })
    }

    /// Gives both machines what was written, with these places changed.
    pub fn changed(&self, places: &[(&str, &str)]) {
        let mut text = self.rendered.clone();
        for (was, is) in places {
            assert!(text.contains(was), "`{was}` is nowhere in\n{text}");
            text = text.replace(was, is);
        }
        give(&self.lab, &text);
    }

    /// Waits until both machines say this of all servers.
    pub fn until_all_are(&self, state: &str) {
        for balancer in BALANCERS {
            until(&format!("all are {state} on {balancer}"), || self.lab.on(balancer, STATE).stdout == state);
        }
    }

    pub fn until_up(&self) {
        self.until_all_are("222");
    }

    /// Who holds the address, and the other one.
    pub fn holder(&self) -> (&'static str, &'static str) {
        let [first, second] = BALANCERS;
        if self.holds(first) { (first, second) } else { (second, first) }
    }

    pub fn holds(&self, balancer: &str) -> bool {
        self.lab.on(balancer, "hostname -I").stdout.contains("172.22.22.3 ")
    }

    /// How often the holder said that this server is down.
    pub fn times_down(&self, node: &str) -> String {
        let said = format!("journalctl --output cat | grep -c 'Server kube_api_nodes/{node} is DOWN'");
        self.lab.on(self.holder().0, &said).stdout
    }

    /// A watch of the address whose lanes have all been answered.
    pub fn watched(&self) -> Watching {
        let words = ["watch", VIP, "-o", "json", "--quiet", "--for", "10m"];
        let mut watching = Watching::of(self.lab.cpctl_command(&words));
        watching.until(&["new connections", "reused connection", "idle watch"], "ok", 1);
        watching
    }

    /// How long a server that hangs may go unnoticed, as what was written has it.
    pub fn bound(&self) -> Duration {
        let time = |word: &str| self.written(word).parse::<jiff::SignedDuration>().unwrap().unsigned_abs();
        let fall: u32 = self.written("fall").parse().unwrap();
        time("inter") + time("check") * fall + time("fastinter") * (fall - 1)
    }

    /// What stands behind a word, in the lines that say how servers are checked.
    fn written(&self, word: &str) -> &str {
        let is_meant = |line: &&str| {
            let line = line.trim_start();
            line.starts_with("timeout check ") || line.starts_with("default-server inter ")
        };
        let mut words = self.rendered.lines().filter(is_meant).flat_map(str::split_whitespace);
        words.find(|at| *at == word).and_then(|_| words.next()).unwrap()
    }
}

/// Gives both machines a configuration of HAProxy, and waits until it is taken in.
pub fn give(lab: &Lab, text: &str) {
    fs::write(lab.path("home/haproxy.cfg"), text).unwrap();
    for balancer in BALANCERS {
        let loaded = || lab.on(balancer, LOADED).stdout;
        let before = loaded();
        let there = format!("{balancer}:/etc/haproxy/haproxy.cfg");
        Ran::of(&mut lab.inside(&["scp", "-q", "haproxy.cfg", &there])).exits(0);
        lab.on(balancer, "systemctl reload haproxy").exits(0);
        until("HAProxy has taken it in", || loaded() != before);
    }
}
