//! Findings about load balancers, on a rehearsed one that is wrong in these ways.

use std::{fs, path::Path};

use cpctl::rehearse::Fault;

use super::{Desk, assert_told};

const CERTIFICATE: &str = "/var/snap/microk8s/current/certs/server.crt";
const ADD: [&str; 5] = ["certs", "add-san", "cp.example.internal", "--limit", "cp1"];

fn desk(also: &str) -> Desk {
    let desk = Desk::new();
    let inventory = desk.cluster.inventory_yaml() + &desk.cluster.balancers_yaml() + also;
    fs::write(desk.cluster.inventory_path(), inventory).unwrap();
    desk
}

fn both(desk: &Desk) -> String {
    let people = [&ADD[..], &["--yes"]].concat();
    desk.plays(&[&people, &[&people[..], &["-o", "json"]].concat()])
}

#[test]
fn a_balancer_on_which_a_node_cannot_be_drained_is_told_by_why() {
    let (dead, degraded, elsewhere) = (desk(""), desk(""), desk("    backend: ingress\n"));
    dead.cluster.balancer().set(Fault::Dead).unwrap();
    degraded.cluster.balancer().set_server_state("cp2", "down").unwrap();

    let told = [&dead, &degraded, &elsewhere].map(both);

    assert_told!("refused-balancers", told.join("\n"));
}

#[test]
fn a_balancer_that_an_operator_took_the_node_out_of_is_told_and_one_that_is_left_out_is_not_asked() {
    let (drained, dead) = (desk(""), desk(""));
    drained.cluster.balancer().set_server_state("cp1", "maint").unwrap();
    dead.cluster.balancer().set(Fault::Dead).unwrap();

    let plan = drained.says(&[&ADD[..], &["--dry-run"]].concat());
    let added = drained.says(&[&ADD[..], &["--yes", "--quiet", "-o", "json"]].concat());
    let without = dead.says(&[&ADD[..], &["--dry-run", "--without-balancer", "lb1"]].concat());

    assert_told!("drained-before", [plan, added, without].join("\n"));
}

#[test]
fn a_server_that_nobody_checks_is_told_where_it_may_be_left_alone() {
    let desk = desk("");
    desk.cluster.balancer().set_server_state("cp2", "unchecked").unwrap();

    let plan = desk.says(&[&ADD[..], &["--dry-run"]].concat());
    let added = desk.says(&[&ADD[..], &["--yes", "--quiet", "-o", "json"]].concat());

    assert_told!("unchecked-server", [plan, added].join("\n"));
}

#[test]
fn what_befell_a_balancer_since_the_plan_was_made_is_told_before_the_first_change() {
    let desk = desk("");
    let plan = desk.run(&[&ADD[..], &["--dry-run", "-o", "json"]].concat()).exits(0).stdout;
    fs::write(desk.path("cluster/plan.json"), &plan).unwrap();
    fs::write(desk.path("cluster/other.json"), plan.replace("kube_api/cp1", "kube_api/old")).unwrap();
    let certificate = desk.cluster.machine("cp1").unwrap().path(Path::new(CERTIFICATE)).unwrap();
    let before = fs::read(&certificate).unwrap();
    let apply = ["apply", "plan.json", "--yes"];

    let gone = desk.says(&["apply", "other.json", "--yes"]);
    desk.cluster.balancer().set_server_state("cp3", "down").unwrap();
    let down = desk.says(&apply);
    desk.cluster.balancer().set(Fault::Dead).unwrap();
    let dead = desk.says(&[&apply[..], &["-o", "json"]].concat());

    assert_eq!(fs::read(&certificate).unwrap(), before);
    desk.cluster.balancer().clear(Fault::Dead).unwrap();
    desk.cluster.balancer().set_server_state("cp3", "ready").unwrap();
    desk.cluster.balancer().set_server_state("cp1", "maint").unwrap();
    let drained = desk.says(&[&apply[..], &["--quiet", "-o", "json"]].concat());
    assert_told!("balancer-since", [gone, down, dead, drained].join("\n"));
}

/// A second balancer, which is the same machine under another name.
fn pair(desk: &Desk) {
    let first = desk.cluster.balancers_yaml();
    let second =
        first.replace("balancers:\n", "").replace("name: lb1", "name: lb2").replace("127.0.0.3", "127.0.0.4");
    let marked = |entry: &str| entry.replace("    rehearsed", "    interface: eth0\n    rehearsed");
    let nodes = desk.cluster.inventory_yaml();
    fs::write(
        desk.cluster.inventory_path(),
        format!("vrid: 52\n{nodes}{}{}", marked(&first), marked(&second)),
    )
    .unwrap();
}

#[test]
fn what_keeps_a_machine_in_front_from_its_configuration_is_told_before_anything_is_changed() {
    let desk = Desk::new();
    pair(&desk);
    let machine = desk.cluster.balancer();
    let put = |path: &str, text: &str| {
        let file = machine.path(Path::new(path)).unwrap();
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    let both = |verb: &[&str]| desk.plays(&[verb, &[verb, &["-o", "json"]].concat()]);

    let bare = both(&["lb", "apply", "haproxy", "keepalived", "--distribution", "microk8s", "--yes"]);
    for program in ["/usr/sbin/haproxy", "/usr/sbin/keepalived", "/usr/bin/curl"] {
        put(program, "");
    }
    for unit in ["haproxy", "keepalived"] {
        machine.run_unit(unit).unwrap();
    }
    put("/etc/passwd", "keepalived_script:x:999:999::/:/usr/sbin/nologin\n");
    put("/proc/sys/net/ipv4/ip_nonlocal_bind", "0\n");
    put("/etc/keepalived/keepalived.conf", "vrrp_instance a {\n    virtual_router_id 51\n}\n");
    let unbound = both(&["lb", "apply", "haproxy", "--distribution", "microk8s", "--yes"]);
    let grouped = both(&["lb", "apply", "keepalived", "--distribution", "microk8s", "--yes"]);

    put("/proc/sys/net/ipv4/ip_nonlocal_bind", "1\n");
    put("/etc/haproxy/haproxy.cfg", "listen web\n    bind *:443\n");
    let shared = both(&["lb", "apply", "haproxy", "--distribution", "microk8s", "--yes"]);

    put("/etc/haproxy/haproxy.cfg", "defaults\n");
    put("/etc/systemd/system/haproxy.service", "[Service]\nExecStart=/usr/sbin/haproxy -W\n");
    let stuck = both(&["lb", "apply", "haproxy", "--distribution", "microk8s", "--yes"]);

    assert_told!("unfit-machines", [bare, unbound, grouped, shared, stuck].join("\n"));
}
