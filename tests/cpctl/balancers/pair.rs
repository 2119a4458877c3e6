//! Two machines in front that get a configuration of HAProxy as it was written.

use std::fs;

use super::super::{harness::Ran, lab::Lab, wait::until};

const BALANCERS: [&str; 2] = ["lb1", "lb2"];

/// Readiness is told to whom the servers know; MicroK8s says 401 to others in any state.
pub const CHECK_CERT: &str = "/etc/haproxy/check.pem";

/// How often HAProxy took its configuration in.
const LOADED: &str = "journalctl --unit haproxy --output cat | grep -c 'Loading success'";

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
