//! The rehearsed cluster, with servers that follow no file by themselves.

use std::fs;

use cpctl::rehearse::{Fault, KUBELITE, Kind};
use serde_json::json;

use super::{super::desk::Desk, impatient};

const NAMES: [&str; 3] = ["cp1", "cp2", "cp3"];

fn desk() -> Desk {
    let desk = Desk::new();
    for name in NAMES {
        desk.cluster.machine(name).unwrap().set(Fault::NoHotReload).unwrap();
    }
    let inventory = desk.cluster.inventory_yaml() + &desk.cluster.balancers_yaml();
    fs::write(desk.cluster.inventory_path(), inventory).unwrap();
    desk
}

fn processes(desk: &Desk) -> Vec<String> {
    NAMES.map(|name| format!("{:?}", desk.cluster.machine(name).unwrap().unit(KUBELITE))).to_vec()
}

fn states(desk: &Desk) -> Vec<String> {
    NAMES.map(|name| desk.cluster.balancer().server_state(name).unwrap()).to_vec()
}

#[test]
fn restarts_of_drained_nodes_cost_no_request() {
    let desk = desk();
    let before = processes(&desk);
    let dry = desk.run(&["certs", "add-san", "cp.example.internal", "--dry-run", "-o", "json"]).exits(0);
    let plan = desk.path("plan.json");
    fs::write(&plan, impatient(&dry.stdout, &json!({}))).unwrap();
    let probe = desk.cluster.probe().unwrap();

    let ran = desk.run(&["apply", plan.to_str().unwrap(), "--yes"]);

    let counts = probe.stop();
    let ran = ran.exits(0);
    for name in NAMES {
        let restarted = format!("{name}: the server did not follow, so {KUBELITE} is restarted\n");
        let drained = format!("{name}: kube_api/{name} is drained on lb1\n");
        let back = format!("{name}: kube_api/{name} is back on lb1\n");
        let at = [&drained, &restarted, &back].map(|line| ran.stderr.find(line.as_str()));
        assert!(at[0] < at[1] && at[1] < at[2] && at[0].is_some(), "{}", ran.shown());
    }
    assert!(processes(&desk).iter().zip(&before).all(|(now, before)| now != before));
    assert_eq!(states(&desk), ["ready"; 3]);
    assert_eq!((counts.answered, counts.failures()), (counts.sent, 0), "{counts:?}");
}

#[test]
fn a_node_that_is_surely_restarted_is_told_once_to_be_drained() {
    let desk = Desk::of(Kind::K3s);
    let inventory = desk.cluster.inventory_yaml() + &desk.cluster.balancers_yaml();
    fs::write(desk.cluster.inventory_path(), inventory).unwrap();

    let ran = desk.run(&["certs", "add-san", "cp.example.internal", "--limit", "cp1", "--yes"]).exits(0);

    let of_cp1 = |end: &str| ran.stderr.lines().filter(|line| line.ends_with(end)).count();
    assert_eq!((of_cp1("/cp1 is drained on lb1"), of_cp1("/cp1 is back on lb1")), (1, 1), "{}", ran.shown());
}

#[test]
fn a_balancer_that_no_node_can_be_drained_on_counts_only_where_one_has_to_be() {
    let add = ["certs", "add-san", "cp.example.internal", "--limit", "cp1", "--yes"];
    let behind_silence = |kind| {
        let desk = Desk::of(kind);
        let balancer = desk.path("cluster/nginx");
        fs::create_dir_all(balancer.join(".machine/units")).unwrap();
        fs::create_dir_all(balancer.join("etc/nginx")).unwrap();
        fs::write(balancer.join("etc/nginx/nginx.conf"), "").unwrap();
        let named = format!("balancers:\n  - name: lb1\n    host: 192.0.2.8\n    rehearsed: {balancer:?}\n");
        fs::write(desk.cluster.inventory_path(), desk.cluster.inventory_yaml() + &named).unwrap();
        desk
    };
    let runs_nginx =
        |desk: &Desk| fs::write(desk.path("cluster/nginx/.machine/units/nginx"), "4711").unwrap();
    let check = ["preflight", "--only", "balancer-machine"];
    let (follows, restarts) = (behind_silence(Kind::MicroK8s), behind_silence(Kind::K3s));

    let unknown = [follows.run(&add).exits(2), follows.run(&check).exits(1)];
    runs_nginx(&follows);
    runs_nginx(&restarts);
    let judged = follows.run(&check).exits(0);
    let added = follows.run(&add).exits(0);
    let refused = restarts.run(&add).exits(2);

    assert!(unknown[0].stderr.contains("name its `socket:` in the inventory"), "{}", unknown[0].shown());
    assert!(unknown[1].stdout.contains("balancer-unread"), "{}", unknown[1].shown());
    assert!(judged.stdout.contains("NGINX runs there and no unit haproxy"), "{}", judged.shown());
    assert!(added.stdout.contains("done on cp1"), "{}", added.shown());
    assert!(refused.stderr.contains("[balancer-unread]"), "{}", refused.shown());
    let plan = follows.run(&["certs", "add-san", "other.example.internal", "--dry-run"]).exits(0);
    assert!(plan.stdout.contains("lb1: NGINX runs there and no unit haproxy"), "{}", plan.shown());
}

#[test]
fn nodes_tell_the_balancers_and_write_them_down() {
    let desk = desk();

    let told = desk.run(&["nodes"]).exits(0).stdout;
    let written = desk.run(&["nodes", "-o", "yaml"]).exits(0).stdout;
    let json = desk.run(&["nodes", "-o", "json"]).exits(0).stdout;

    let host = desk.cluster.endpoint().host.to_string();
    assert!(told.contains(&format!("balancer lb1 at {host}, /run/haproxy/admin.sock\n")), "{told}");
    assert!(written.contains("balancers:") && written.contains("name: lb1"), "{written}");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["balancers"][0]["name"], "lb1");
    assert_eq!(json["balancers"][0]["socket"], "/run/haproxy/admin.sock");
}

#[test]
fn a_balancer_that_nobody_named_cannot_be_left_out() {
    let desk = desk();

    let ran = desk.run(&["certs", "add-san", "a.example", "--dry-run", "--without-balancer", "lb9"]).exits(2);

    assert!(
        ran.stderr.contains("`--without-balancer` names lb9, which is not among the balancers"),
        "{}",
        ran.shown()
    );
    assert!(ran.stderr.contains("hint: the balancers are: lb1"), "{}", ran.shown());
}
