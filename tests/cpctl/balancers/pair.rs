//! Two machines in front with what was written for them, before real API servers.

use std::fs;

use super::{
    super::{harness::Ran, lab::Lab, wait::until, watching::Watching},
    lab::write_inventory,
};

pub const BALANCERS: [&str; 2] = ["lb1", "lb2"];
pub const VIP: &str = "172.22.22.3:16443";

/// Readiness is told to whom the servers know; MicroK8s says 401 to others in any state.
pub const CHECK_CERT: &str = "/etc/haproxy/check.pem";

/// What was written for HAProxy, at home and without what a test adds.
pub const WRITTEN: &str = "written.cfg";

/// What the files of keepalived need beside them.
const MAKE_READY: &str = "id -u keepalived_script > /dev/null 2>&1 || \
    useradd --system --no-create-home --shell /usr/sbin/nologin keepalived_script; \
    cp /etc/haproxy/ca.crt /etc/haproxy/kubernetes-ca.crt && cp /etc/haproxy/ca.crt /etc/nginx/kubernetes-ca.crt && \
    sysctl -q -p /etc/sysctl.d/60-kube-api-vip.conf && systemctl reload-or-restart keepalived";

const TO_NGINX: &str = "systemctl stop haproxy && systemctl restart nginx";

/// How often HAProxy took its configuration in.
const LOADED: &str = "journalctl --unit haproxy --output cat | grep -c 'Loading success'";

/// How many connections each server has.
const CONNECTIONS: &str = "echo 'show stat' | socat - /run/haproxy/admin.sock | \
    awk -F, '$1 == \"kube_api_nodes\" && $2 != \"BACKEND\" { print $2, $5 }'";

/// What was written, in its own words.
pub struct Pair {
    pub lab: Lab,
    pub rendered: String,
}

impl Pair {
    /// With keepalived; what HAProxy gets is the test's to say. The second server lacks the address's name.
    pub fn start(name: &str) -> Option<Self> {
        let lab = Lab::start(name)?;
        write_inventory(&lab);
        let rendered = lab.cpctl(&["lb", "render", "haproxy", "--check-cert", CHECK_CERT]).exits(0).stdout;
        fs::write(lab.path("home").join(WRITTEN), &rendered).unwrap();
        let pair = Self { lab, rendered };
        pair.name_the_address_on("n1,n3");
        pair.lay_out(&[&["keepalived"]]);
        Some(pair)
    }

    /// Nothing is restarted for it, and a door that leads nowhere would be a reason not to drain.
    pub fn name_the_address_on(&self, nodes: &str) {
        let add =
            ["certs", "add-san", "172.22.22.3", "--limit", nodes, "--without-balancer", "lb1,lb2", "--yes"];
        self.lab.cpctl(&add).exits(0);
    }

    /// NGINX takes HAProxy's place on both machines.
    pub fn changes_to_nginx(&self) {
        self.lay_out(&[&["keepalived", "--proxy", "nginx"], &["nginx"]]);
        for balancer in BALANCERS {
            self.lab.on(balancer, TO_NGINX).exits(0);
        }
    }

    /// Brings both machines what is written for them.
    fn lay_out(&self, kinds: &[&[&str]]) {
        let out = self.lab.path("home").join(kinds.concat().join(""));
        let out = out.to_str().unwrap();
        for kind in kinds {
            self.lab.cpctl(&[&["lb", "render"], *kind, &["--out", out]].concat()).exits(0);
        }
        for balancer in BALANCERS {
            let [shared, more, own] =
                ["etc", "usr", &format!("{balancer}/etc")].map(|at| format!("{out}/{at}"));
            let words = ["scp", "-rq", &shared, &more, &own, &format!("{balancer}:/")];
            Ran::of(&mut self.lab.inside(&words)).exits(0);
            self.lab.on(balancer, MAKE_READY).exits(0);
        }
    }

    /// What leads to the API, as it was written, once more at another address and with these places changed.
    pub fn door(&self, at: &str, places: &[(&str, &str)]) -> String {
        let (_, door) = self.rendered.split_once("\nfrontend kube_api\n").unwrap();
        let (door, _) = door.split_once("\n# For this machine alone").unwrap();
        let mut door = format!("\nfrontend kube_api\n{door}");
        for (was, is) in places {
            assert!(door.contains(was), "`{was}` is nowhere in\n{door}");
            door = door.replace(was, is);
        }
        door.replace(VIP, at).replace("kube_api", &door_name(at))
    }

    /// Who holds the address, and the other one.
    pub fn holder(&self) -> (&'static str, &'static str) {
        let [first, second] = BALANCERS;
        if self.holds(first) { (first, second) } else { (second, first) }
    }

    pub fn holds(&self, balancer: &str) -> bool {
        self.lab.on(balancer, "hostname -I").stdout.contains("172.22.22.3 ")
    }

    /// Waits until whoever holds the address leads to every server.
    pub fn until_up(&self) {
        self.until_up_behind("kube_api");
    }

    /// Waits until a door that stands beside leads to every server; it looks at them in its own time.
    pub fn until_door_up(&self, at: &str) {
        self.until_up_behind(&door_name(at));
    }

    /// Of each server that HAProxy asks for its readiness it says 2 where it is up.
    fn until_up_behind(&self, frontend: &str) {
        let (holder, _) = self.holder();
        let state = format!(
            "echo 'show servers state {frontend}_nodes' | socat - /run/haproxy/admin.sock | \
             awk '$2 == \"{frontend}_nodes\" {{ printf \"%s\", $6 }}'"
        );
        until(&format!("all servers of {frontend} are up on {holder}"), || {
            self.lab.on(holder, &state).stdout == "222"
        });
    }

    /// How often the holder has said that this server is down.
    pub fn times_down(&self, node: &str) -> String {
        let said = format!("journalctl --output cat | grep -c 'Server kube_api_nodes/{node} is DOWN'");
        self.lab.on(self.holder().0, &said).stdout
    }

    /// How many connections beyond its own the least busy of the others has, as the holder of the address counts.
    pub fn ahead_of(&self, node: &str) -> i64 {
        let said = self.lab.on(self.holder().0, CONNECTIONS).exits(0).stdout;
        let each = said.lines().map(|line| line.split_once(' ').unwrap());
        let (own, others): (Vec<_>, Vec<_>) = each
            .map(|(name, count)| (name, count.parse::<i64>().unwrap()))
            .partition(|(name, _)| *name == node);
        others.iter().map(|(_, count)| count).min().unwrap() - own[0].1
    }

    /// A watch of this address whose lanes have all been answered; outages are no fault as far as these files let them be
    /// expected.
    pub fn watched(&self, at: &str, predicted: &[&str]) -> Watching {
        let mut words = vec!["watch", at, "-o", "json", "--quiet", "--for", "5m", "--interval", "250ms"];
        words.extend(["--request-timeout", "2s"]);
        words.extend(predicted.iter().flat_map(|file| ["--predict", file]));
        let mut watching = Watching::of(self.lab.cpctl_command(&words));
        watching.until(&["new connections", "reused connection", "idle watch"], "ok", 1);
        watching
    }
}

/// What the frontend of a door is called.
fn door_name(at: &str) -> String {
    format!("door_{}", at.replace(':', "_"))
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
