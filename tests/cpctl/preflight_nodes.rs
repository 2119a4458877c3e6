//! What `preflight` sees of nodes beside their control plane: clocks, runs, files with keys, and servers that come up.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::Stdio,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use cpctl::rehearse::{Fault, Kind};

use super::{
    desk::{Desk, NODES},
    findings::nodes::{file, put},
    harness::Ran,
    preflight::{found, json},
};

#[test]
fn it_waits_until_a_server_that_is_still_coming_up_is_there() {
    let desk = Desk::new();
    desk.names_the_endpoint();
    desk.loses("cp2");
    let mut command = desk.cpctl.command(&["preflight", "--only", "ssh", "--wait", "60s"]);
    let mut waiting = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(waiting.stderr.as_mut().unwrap()).read_line(&mut said).unwrap();

    desk.cluster.machine("cp2").unwrap().clear(Fault::Dead).unwrap();

    Ran::ended(waiting).exits(0);
    assert!(said.starts_with("not yet: cp2 node-unreachable; looking again for up to "), "{said}");
}

#[test]
fn clocks_of_nodes_are_told_apart_though_each_is_near_ours() {
    let desk = Desk::new();
    desk.names_the_endpoint();
    desk.cluster.machine("cp2").unwrap().set_clock_offset(-40).unwrap();

    let ran = json(&desk).exits(0);

    assert_eq!(found(&ran), [("nodes".to_owned(), "clocks-apart".to_owned())], "{}", ran.shown());
    assert!(ran.stdout.contains("the clock of cp2 is 3"), "{}", ran.shown());
}

impl Desk {
    /// Has a run end in its middle, and this machine lose what it knows of it; what was found before it did.
    fn stops_half_way(&self) -> Ran {
        let host = self.cluster.endpoint().host.to_string();
        self.cluster.machine("cp2").unwrap().cut_after(3).unwrap();
        self.run(&["certs", "add-san", &host, "--yes"]).exits(3);
        self.cluster.machine("cp2").unwrap().mend().unwrap();
        let here = self.run(&["preflight", "--only", "run-unfinished", "-o", "json"]).exits(0);
        fs::remove_dir_all(self.path("home/.local/state/cpctl")).unwrap();
        here
    }
}

#[test]
fn a_run_that_only_a_node_knows_is_told_with_who_began_it() {
    let desk = Desk::new();
    let check = ["preflight", "--only", "run-unfinished", "-o", "json"];
    let here = desk.stops_half_way();
    for node in NODES {
        let _ = fs::remove_file(file(&desk, node, "/var/lib/cpctl/lock"));
    }

    let elsewhere = desk.run(&check).exits(0);

    assert_eq!(found(&elsewhere), found(&here), "{}", elsewhere.shown());
    assert!(elsewhere.stdout.contains(" began it, and its record is on cp"), "{}", elsewhere.shown());
}

#[test]
fn a_run_that_only_a_machine_in_front_knows_is_told_unless_it_may_be_at_work() {
    let desk = Desk::new();
    desk.stops_half_way();
    fs::write(
        desk.cluster.inventory_path(),
        format!("{}{}", desk.cluster.inventory_yaml(), desk.cluster.balancers_yaml()),
    )
    .unwrap();
    let (ours, in_front) =
        ("/var/lib/cpctl", desk.cluster.balancer().path("/var/lib/cpctl".as_ref()).unwrap());
    fs::create_dir_all(in_front.parent().unwrap()).unwrap();
    fs::rename(file(&desk, "cp2", ours), &in_front).unwrap();
    for node in NODES {
        let _ = fs::remove_dir_all(file(&desk, node, ours));
    }
    let check = ["preflight", "--only", "lock", "-o", "json"];

    let at_work = desk.run(&check).exits(1);
    fs::rename(in_front.join("runs"), in_front.join("aside")).unwrap();
    let before_its_record = desk.run(&check).exits(1);
    fs::rename(in_front.join("aside"), in_front.join("runs")).unwrap();
    fs::remove_file(in_front.join("lock")).unwrap();
    let cut_off = desk.run(&check).exits(0);

    assert_eq!(found(&at_work), [("lb1".to_owned(), "node-locked".to_owned())], "{}", at_work.shown());
    assert_eq!(found(&before_its_record), found(&at_work), "{}", before_its_record.shown());
    assert_eq!(found(&cut_off)[0].1, "run-unfinished", "{}", cut_off.shown());
    assert!(cut_off.stdout.contains(" began it, and its record is on lb1"), "{}", cut_off.shown());
}

#[test]
fn what_a_kubelet_logs_in_with_is_read_without_its_key() {
    let desk = Desk::of(Kind::Kubeadm);
    desk.names_the_endpoint();
    let old = Desk::since("2010-01-01T00:00:00Z".parse().unwrap(), &[Kind::Kubeadm]);
    let kubeconfig = old.cluster.kubeconfig();
    let held = |key: &str| {
        let value = kubeconfig.lines().find_map(|line| line.trim().strip_prefix(key)).unwrap();
        String::from_utf8(STANDARD.decode(value.trim()).unwrap()).unwrap()
    };
    let login = format!("{}{}", held("client-certificate-data:"), held("client-key-data:"));
    assert!(login.contains("PRIVATE KEY"));
    put(&desk, "cp2", "/var/lib/kubelet/pki/kubelet-client-current.pem", &login);

    let ran = json(&desk).exits(1);

    assert_eq!(found(&ran), [("cp2".to_owned(), "cert-expired".to_owned())], "{}", ran.shown());
    assert!(ran.stdout.contains("kubelet-client-current.pem has expired on"), "{}", ran.shown());
}
