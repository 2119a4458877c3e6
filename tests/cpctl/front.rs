//! `lb check` before the rehearsal's own balancer, and where there is none.

use std::fs;

use cpctl::rehearse::{CERTS, Fault};
use serde_json::Value;

use super::{desk::Desk, told::assert_told, wait::until};

impl Desk {
    /// What `lb check` says of an address.
    pub(crate) fn judged(&self, address: &str, code: i32) -> Value {
        let ran = self.run(&["lb", "check", address, "-o", "json"]).exits(code);
        serde_json::from_str(&ran.stdout).unwrap()
    }
}

/// The codes of the findings that matter; a kubeconfig's are not the balancer's.
pub fn codes(judged: &Value) -> Vec<&str> {
    let findings = judged["findings"].as_array().unwrap().iter();
    findings.map(|finding| finding["code"].as_str().unwrap()).collect()
}

#[test]
fn a_balancer_that_passes_tls_through_is_told_with_what_it_rests_on() {
    let desk = Desk::new();

    let before = desk.says(&["lb", "check"]);
    desk.names_the_endpoint();
    let after = desk.plays(&[&["lb", "check"], &["lb", "check", "-o", "json"]]);

    assert_told!("front", [before, after].join("\n"));
}

#[test]
fn an_address_without_a_balancer_is_told_by_what_is_there() {
    let desk = Desk::new();
    let node = desk.cluster.targets()[0].api.clone().unwrap();

    let told = desk.plays(&[
        &["lb", "check", &node],
        &["lb", "check", &node, "--fail-on", "warn", "-o", "json"],
        &["lb", "check", "127.0.0.1:1"],
        &["lb", "check", "127.0.0.1:1", "-o", "json"],
    ]);

    assert_told!("no-front", told);
}

#[test]
fn without_a_kubeconfig_and_without_nodes_it_says_what_it_could_not_look_at() {
    let desk = Desk::new();
    fs::remove_file(desk.kubeconfig()).unwrap();
    let endpoint = desk.endpoint();

    let named = desk.says(&["lb", "check"]);
    fs::remove_file(desk.cluster.inventory_path()).unwrap();
    let alone = desk.plays(&[&["lb", "check", &endpoint], &["lb", "check"]]);

    assert_told!("front-unlooked", [named, alone].join("\n"));
}

#[test]
fn nodes_that_share_a_certificate_are_not_taken_for_one() {
    let desk = Desk::new();
    desk.names_the_endpoint();
    let file = |node: &str, name: &str| {
        let machine = desk.cluster.machine(node).unwrap();
        machine.path(&std::path::Path::new(CERTS).join(name)).unwrap()
    };
    for node in ["cp2", "cp3"] {
        for name in ["server.key", "server.crt"] {
            fs::copy(file("cp1", name), file(node, name)).unwrap();
        }
    }
    until("all present one certificate", || {
        let served = desk.served();
        served.iter().all(|cert| cert.fingerprint == served[0].fingerprint)
    });

    let judged = desk.judged(&desk.endpoint(), 0);

    assert_eq!(judged["verdict"]["way"], "passes-through");
    assert_eq!(codes(&judged), Vec::<&str>::new());
    assert!(judged["untold"][0].as_str().unwrap().contains("share a certificate"), "{judged}");
}

#[test]
fn a_server_that_is_not_ready_and_gets_clients_all_the_same_is_named() {
    let desk = Desk::new();
    desk.names_the_endpoint();
    desk.cluster.machine("cp2").unwrap().set(Fault::NotReady).unwrap();

    let judged = desk.judged(&desk.endpoint(), 1);

    assert_eq!(codes(&judged), ["unready-in-rotation"]);
    assert!(judged["findings"][0]["message"].as_str().unwrap().starts_with("cp2 is not ready"), "{judged}");
}

#[test]
fn another_cluster_behind_the_address_is_told_as_one() {
    let (desk, other) = (Desk::new(), Desk::new());

    let judged = desk.judged(&other.endpoint(), 1);

    assert_eq!(judged["verdict"]["way"], "another-cluster");
    assert_eq!(codes(&judged), ["wrong-cluster"]);
    assert_eq!(judged["front"]["user"], Value::Null, "nobody logs in to a stranger");
}

#[test]
fn a_token_is_used_and_never_told() {
    const TOKEN: &str = "c2VjcmV0LXRva2Vu";
    let desk = Desk::new();
    desk.names_the_endpoint();
    let kubeconfig = fs::read_to_string(desk.kubeconfig()).unwrap();
    let lines = kubeconfig.lines().filter(|line| !line.contains("client-certificate-data"));
    let with_token = |line: &str| match line.split_once("client-key-data:") {
        Some((indent, _)) => format!("{indent}token: {TOKEN}\n"),
        None => format!("{line}\n"),
    };
    fs::write(desk.kubeconfig(), lines.map(with_token).collect::<String>()).unwrap();

    let judged = desk.judged(&desk.endpoint(), 0);
    let told = desk.plays(&[&["lb", "check"], &["lb", "check", "-v"]]);

    assert_eq!((&judged["login"], &judged["front"]["user_refused"]), (&"token".into(), &401.into()));
    assert_eq!(judged["verdict"]["way"], "passes-through");
    assert!(!told.contains(TOKEN) && !judged.to_string().contains(TOKEN), "{told}");
}
