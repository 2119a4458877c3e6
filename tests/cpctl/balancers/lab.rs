//! Machines in front that get their configuration while clients come through them: real HAProxy and keepalived.

use std::fs;

use super::super::{
    harness::Ran,
    lab::{Lab, Probe},
    undo_by_hand,
    wait::until,
};

const BALANCERS: [&str; 2] = ["lb1", "lb2"];
const VIP: &str = "172.22.22.3:16443";
const APPLY: [&str; 4] = ["lb", "apply", "haproxy", "keepalived"];

/// All that a run may change on a balancer, each file with its mode and content, and what the kernel allows.
const TREE: &str = "find /etc/haproxy /etc/keepalived /etc/sysctl.d /usr/local/sbin -printf '%p %M %u:%g\\n' \
    -type f -exec sha256sum {} + | sort; sysctl net.ipv4.ip_nonlocal_bind; ls /etc/systemd/system/multi-user.target.wants; \
    systemctl show --property=MainPID haproxy keepalived";

/// How often HAProxy took its configuration in.
const WORKERS: &str = "journalctl --unit haproxy --output cat | grep -c 'New worker'";

#[test]
fn balancers_get_their_configuration_and_lose_it_again_while_clients_come_through_them() {
    let Some(lab) = Lab::start("front") else { return };
    write_inventory(&lab);

    what_is_missing_is_refused_with_the_command_that_makes_it(&lab);
    let before = trees(&lab);
    a_group_that_would_fall_apart_is_refused(&lab);
    a_configuration_that_the_program_refuses_never_runs(&lab);
    assert_eq!(trees(&lab), before);
    a_pool_that_is_dead_stops_at_the_machine_that_nobody_reaches(&lab);
    assert_eq!(trees(&lab), before);
    nobody_notices_the_new_configuration(&lab);
    a_second_run_finds_nothing_to_do(&lab);
    a_run_that_was_cut_off_is_found_before_the_next(&lab);
    the_address_moves_where_its_holder_dies(&lab);
    nobody_notices_the_old_one_come_back(&lab, &before);
}

/// What `lb render` has to be told, beside the nodes.
pub fn write_inventory(lab: &Lab) {
    let inventory = lab.path("home/cpctl.yaml");
    let nodes =
        fs::read_to_string(&inventory).unwrap().replace("    port: 22\n", "    distribution: microk8s\n");
    fs::write(&inventory, format!("vip: 172.22.22.3/24\nvrid: 51\n{nodes}")).unwrap();
    lab.name_balancers();
    let named = fs::read_to_string(&inventory).unwrap();
    let (nodes, balancers) = named.split_once("balancers:\n").unwrap();
    let balancers = balancers.replace("    user: root\n", "    user: root\n    interface: eth0\n");
    fs::write(&inventory, format!("{nodes}balancers:\n{balancers}")).unwrap();
}

fn trees(lab: &Lab) -> [String; 2] {
    BALANCERS.map(|balancer| lab.on(balancer, TREE).exits(0).stdout)
}

fn workers(lab: &Lab) -> [String; 2] {
    BALANCERS.map(|balancer| lab.on(balancer, WORKERS).stdout)
}

fn applied(lab: &Lab, flags: &[&str]) -> Ran {
    lab.cpctl(&[&APPLY, flags, &["--yes"]].concat())
}

/// What becomes of twenty clients a second meanwhile.
fn nobody_notices(lab: &Lab, work: impl FnOnce() -> Ran) {
    let probe = Probe::start(lab, &[VIP]);

    let ran = work();

    let tally = probe.tally();
    let ran = ran.exits(0);
    assert_eq!((tally.ok, tally.kinds.len()), (tally.sent, 1), "{tally:?}\n{}", ran.shown());
    assert!(tally.sent > 0, "{tally:?}");
}

fn what_is_missing_is_refused_with_the_command_that_makes_it(lab: &Lab) {
    let ran = applied(lab, &[]).exits(2);

    for balancer in BALANCERS {
        let told = format!("fail {balancer}: there is no user keepalived_script");
        assert!(ran.stderr.contains(&told), "{}", ran.shown());
        let remedy = ran.stderr.split('`').find(|words| words.starts_with("sudo useradd")).unwrap();
        lab.on(balancer, remedy).exits(0);
    }
}

fn a_group_that_would_fall_apart_is_refused(lab: &Lab) {
    let ran = applied(lab, &["--vrid", "52"]).exits(2);

    assert!(
        ran.stderr.contains("keepalived there has virtual_router_id: 51, and would get 52"),
        "{}",
        ran.shown()
    );
    assert!(ran.stderr.contains("write `vrid: 51` into the inventory"), "{}", ran.shown());
}

fn a_configuration_that_the_program_refuses_never_runs(lab: &Lab) {
    let probe = Probe::start(lab, &[VIP]);

    let ran = applied(lab, &["--check-cert", "/etc/haproxy/nobodys.pem"]);

    let tally = probe.tally();
    let ran = ran.exits(2);
    assert!(ran.stderr.contains("'/etc/haproxy/nobodys.pem' : No such file"), "{}", ran.shown());
    assert!(ran.stderr.contains("lb2 is taken back"), "{}", ran.shown());
    assert_eq!(tally.ok, tally.sent, "{tally:?}");
    assert_eq!(
        lab.on("lb1", "ls /var/lib/cpctl/runs/*/*-haproxy.cfg").code,
        2,
        "the other machine was not touched"
    );
}

/// A check that no server of this cluster passes: the text is right, and nobody would be led anywhere.
fn a_pool_that_is_dead_stops_at_the_machine_that_nobody_reaches(lab: &Lab) {
    let probe = Probe::start(lab, &[VIP]);

    let ran = applied(lab, &["--anonymous", "allowed"]);

    let tally = probe.tally();
    assert_ne!(ran.code, 0, "{}", ran.shown());
    assert!(
        ran.stderr.contains("lb2: `curl ") && ran.stderr.contains("lb2 is taken back"),
        "{}",
        ran.shown()
    );
    assert!(ran.stderr.contains("lb1 is untouched") || !ran.stderr.contains("lb1 (2/2)"), "{}", ran.shown());
    assert_eq!(tally.ok, tally.sent, "{tally:?}");
}

fn nobody_notices_the_new_configuration(lab: &Lab) {
    let before = workers(lab);

    nobody_notices(lab, || applied(lab, &[]));

    assert_ne!(workers(lab), before);
    let rendered = lab.cpctl(&["lb", "render", "haproxy"]).exits(0).stdout;
    for balancer in BALANCERS {
        assert_eq!(lab.on(balancer, "cat /etc/haproxy/haproxy.cfg").exits(0).stdout, rendered);
        let page = lab.on(balancer, "curl -s http://127.0.0.1:8404/lb-ready").exits(0);
        assert!(page.stdout.contains("Service ready"), "{}", page.shown());
    }
}

fn a_second_run_finds_nothing_to_do(lab: &Lab) {
    let before = (trees(lab), workers(lab));

    let ran = applied(lab, &[]).exits(0);

    assert!(ran.stdout.contains("nothing to do"), "{}", ran.shown());
    assert_eq!((trees(lab), workers(lab)), before);
}

/// A journal and a record without their ends are what a laptop that dies leaves.
fn a_run_that_was_cut_off_is_found_before_the_next(lab: &Lab) {
    let run = lab.runs().pop().unwrap();
    let journal = lab.path(&format!("home/.local/state/cpctl/runs/{run}.jsonl"));
    let whole = fs::read_to_string(&journal).unwrap();
    let record = format!("/var/lib/cpctl/runs/{run}/journal.jsonl");
    let check = ["preflight", "--only", "run-unfinished"];

    fs::write(&journal, without_its_end(&whole)).unwrap();
    let here = lab.cpctl(&check).exits(0);
    fs::write(&journal, &whole).unwrap();
    for balancer in BALANCERS {
        lab.on(balancer, &format!("sed -i.whole '/\"finished\"/d' {record}")).exits(0);
    }
    let elsewhere =
        Ran::of(lab.cpctl_command(&check).env("XDG_STATE_HOME", lab.path("home/another"))).exits(0);
    for balancer in BALANCERS {
        lab.on(balancer, &format!("mv {record}.whole {record}")).exits(0);
    }

    let told = format!("run {run}: `lb apply haproxy keepalived` stopped part-way");
    assert!(here.stdout.contains(&told) && !here.stdout.contains("its record is on"), "{}", here.shown());
    assert!(elsewhere.stdout.contains(&told), "{}", elsewhere.shown());
    assert!(elsewhere.stdout.contains("its record is on lb"), "{}", elsewhere.shown());
}

fn without_its_end(journal: &str) -> String {
    journal.lines().filter(|line| !line.contains("\"finished\"")).map(|line| format!("{line}\n")).collect()
}

fn the_address_moves_where_its_holder_dies(lab: &Lab) {
    let holds = |balancer: &str| lab.on(balancer, "hostname -I").stdout.contains("172.22.22.3 ");
    assert!(holds("lb1"));

    lab.fault("power-off", "lb1", "on");
    until("lb2 holds the address", || holds("lb2"));
    let tally = Probe::start(lab, &["--for", "1s", VIP]).tally();
    lab.fault("power-off", "lb1", "off");
    until("lb1 holds the address again", || holds("lb1"));

    assert_eq!(tally.ok, tally.sent, "{tally:?}");
}

fn nobody_notices_the_old_one_come_back(lab: &Lab, before: &[String; 2]) {
    let run = lab.runs().pop().unwrap();
    nobody_notices(lab, || {
        undo_by_hand::on_haproxy_and_keepalived(lab, "lb2", &run);
        lab.cpctl(&["undo", "--yes"])
    });

    // One of them was without power meanwhile.
    let without_pids = |tree: &String| {
        let lines = tree.lines().filter(|line| !line.starts_with("MainPID="));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(trees(lab).each_ref().map(without_pids), before.each_ref().map(without_pids));
}
