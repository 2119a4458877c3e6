//! Real HAProxy on two machines, keepalived between them, and real API servers that follow no file by themselves.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Stdio},
    thread,
};

use serde_json::{Value, json};

use super::{
    super::{
        balancers::{lab::write_inventory, pair},
        harness::Ran,
        lab::{Count, Lab, Probe},
        wait::until,
    },
    impatient,
};

const NODES: [&str; 3] = ["n1", "n2", "n3"];
const BALANCERS: [&str; 2] = ["lb1", "lb2"];
const VIP: &str = "172.22.22.3:16443";

/// Each server, its administrative state and whether it runs.
const STATE: &str = "echo 'show servers state kube_api_nodes' | socat - /run/haproxy/admin.sock | \
    awk '$2 == \"kube_api_nodes\" { print $4, $7, $6 }'";

/// What `lb apply` brings beside HAProxy's own file.
const MAKE_READY: &str =
    "sysctl -q net.ipv4.ip_nonlocal_bind=1 && cd /etc/haproxy && cp ca.crt kubernetes-ca.crt";

/// What a run may not leave on a balancer.
const LEFT: &str = "systemctl list-units --all --no-legend 'cpctl-*'; \
    find /var/lib/cpctl -name 'back-*' -o -name lock 2>/dev/null; true";

#[test]
fn restarts_of_drained_nodes_cost_no_request_and_a_dead_laptop_leaves_no_node_out() {
    let Some(lab) = Lab::start("drains") else { return };
    thread::scope(|scope| {
        for node in NODES {
            let lab = &lab;
            scope.spawn(move || lab.fault("no-hot-reload", node, "on"));
        }
    });
    write_inventory(&lab);

    undrained_it_costs_requests(&lab);
    behind_what_is_written_it_costs_one_a_node(&lab);
    drained_it_costs_none(&lab);
    a_node_left_out_comes_back_by_itself(&lab);
    what_an_operator_drained_stays_so(&lab);
}

/// A plan for these names, saved with other limits.
fn plan(lab: &Lab, words: &[&str], drains: &Value) -> PathBuf {
    let words = [&["certs", "add-san"], words, &["--dry-run", "-o", "json"]].concat();
    let saved = lab.cpctl(&words).exits(0).stdout;
    let path = lab.path("home/plan.json");
    fs::write(&path, impatient(&saved, drains)).unwrap();
    path
}

fn starts(lab: &Lab) -> Vec<u32> {
    NODES.iter().map(|node| lab.count(node)).map(|Count { kubelite_starts, .. }| kubelite_starts).collect()
}

fn knocking(lab: &Lab) -> Probe {
    Probe::start(lab, &[VIP])
}

fn all_are_up_and_nothing_is_left(lab: &Lab) {
    for balancer in BALANCERS {
        assert_eq!(lab.on(balancer, STATE).exits(0).stdout, "n1 0 2\nn2 0 2\nn3 0 2\n", "{balancer}");
        assert_eq!(lab.on(balancer, LEFT).exits(0).stdout, "", "{balancer}");
    }
}

/// The measure of the rest: it can fail.
fn undrained_it_costs_requests(lab: &Lab) {
    let words = ["one.example.internal", "--limit", "n1", "--without-balancer", "lb1,lb2"];
    let path = plan(lab, &words, &json!({}));
    lab.fault("slow-start", "n1", "on");
    let probe = knocking(lab);

    let ran = lab.cpctl(&["apply", path.to_str().unwrap(), "--yes"]);

    let tally = probe.tally();
    ran.exits(0);
    assert!(tally.ok < tally.sent, "{tally:?}");
    lab.fault("slow-start", "n1", "off");
    until("the balancers take n1 in again", || {
        BALANCERS.iter().all(|balancer| lab.on(balancer, STATE).stdout.starts_with("n1 0 2\n"))
    });
}

/// What `lb render` writes sends the rest past a server that restarts, at once.
fn behind_what_is_written_it_costs_one_a_node(lab: &Lab) {
    for balancer in BALANCERS {
        lab.on(balancer, MAKE_READY).exits(0);
    }
    let render = ["lb", "render", "haproxy", "--check-cert", pair::CHECK_CERT];
    pair::give(lab, &lab.cpctl(&render).exits(0).stdout);
    let path = plan(lab, &["two.example.internal", "--without-balancer", "lb1,lb2"], &json!({}));
    let before = starts(lab);
    // One that stops answers to its end, and says of itself at /readyz that it stops.
    let probe = Probe::start(lab, &["--path", "/version", VIP]);

    let ran = lab.cpctl(&["apply", path.to_str().unwrap(), "--yes"]);

    let tally = probe.tally();
    ran.exits(0);
    assert!(tally.sent - tally.ok <= NODES.len() as u64, "{tally:?}");
    assert_eq!(starts(lab), before.iter().map(|starts| starts + 1).collect::<Vec<_>>());
    until("the balancers take all in again", || {
        BALANCERS.iter().all(|balancer| lab.on(balancer, STATE).stdout == "n1 0 2\nn2 0 2\nn3 0 2\n")
    });
}

fn drained_it_costs_none(lab: &Lab) {
    let before = starts(lab);
    let path = plan(lab, &["172.22.22.3"], &json!({}));
    let probe = knocking(lab);

    let ran = lab.cpctl(&["apply", path.to_str().unwrap(), "--yes"]);

    let tally = probe.tally();
    let ran = ran.exits(0);
    assert_eq!((tally.ok, tally.kinds.len()), (tally.sent, 1), "{tally:?}\n{}", ran.shown());
    assert!(tally.sent > 0, "{tally:?}");
    let restarted: Vec<_> = before.iter().map(|starts| starts + 1).collect();
    assert_eq!(starts(lab), restarted);
    for (node, balancer) in NODES.iter().flat_map(|node| BALANCERS.map(|balancer| (node, balancer))) {
        let drained = format!("{node}: kube_api_nodes/{node} is drained on {balancer}\n");
        assert!(ran.stderr.contains(&drained), "{}", ran.shown());
    }
    all_are_up_and_nothing_is_left(lab);
}

/// A connection to each server keeps the drain waiting, so that the client dies in its middle.
fn a_node_left_out_comes_back_by_itself(lab: &Lab) {
    let long = json!({"rest": {"secs": 600, "nanos": 0}, "back_after": {"secs": 2, "nanos": 0}});
    let path = plan(lab, &["three.example.internal", "--limit", "n2"], &long);
    let connections = NODES.map(|_| connection(lab));
    until("a connection to each server", || {
        let busy =
            "echo 'show stat' | socat - /run/haproxy/admin.sock | grep -c '^kube_api_nodes,n.,0,0,[1-9]'";
        lab.on("lb1", busy).stdout.trim() == "3"
    });
    let drains = || {
        let log = "journalctl --no-pager -o cat | grep -c 'Server kube_api_nodes/n2 enters drain state'";
        lab.on("lb1", log).stdout.trim().parse::<u32>().unwrap()
    };
    let before = drains();
    let mut client = lab
        .cpctl_command(&["apply", path.to_str().unwrap(), "--yes"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    until("n2 is drained", || drains() > before);

    client.kill().unwrap();
    client.wait().unwrap();

    until("lb1 puts n2 back by itself", || {
        lab.on("lb1", STATE).stdout.contains("n2 0 2\n")
            && lab.on("lb1", "ls /var/lib/cpctl/runs/*/back-* 2>/dev/null; true").stdout.is_empty()
    });
    connections.into_iter().for_each(end);
    lab.cpctl(&["resume"]).exits(0);
    let names = lab.cpctl(&["certs", "inspect", "172.22.22.12:16443"]).stdout;
    assert!(names.contains("three.example.internal"), "{names}");
    all_are_up_and_nothing_is_left(lab);
}

fn connection(lab: &Lab) -> Child {
    let mut command = lab.inside(&["openssl", "s_client", "-quiet", "-connect", VIP]);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn end(mut connection: Child) {
    connection.kill().unwrap();
    connection.wait().unwrap();
}

fn what_an_operator_drained_stays_so(lab: &Lab) {
    let order = |state: &str| {
        format!("echo 'set server kube_api_nodes/n3 state {state}' | socat - /run/haproxy/admin.sock")
    };
    lab.on("lb2", &order("drain")).exits(0);
    let path = plan(lab, &["four.example.internal", "--limit", "n3"], &json!({}));

    let ran: Ran = lab.cpctl(&["apply", path.to_str().unwrap(), "--yes"]).exits(0);

    assert!(ran.stderr.contains("somebody else keeps kube_api_nodes/n3 out on lb2"), "{}", ran.shown());
    assert_eq!(lab.on("lb1", STATE).exits(0).stdout, "n1 0 2\nn2 0 2\nn3 0 2\n");
    assert_eq!(lab.on("lb2", STATE).exits(0).stdout, "n1 0 2\nn2 0 2\nn3 8 2\n");
    lab.on("lb2", &order("ready")).exits(0);
    all_are_up_and_nothing_is_left(lab);
}
