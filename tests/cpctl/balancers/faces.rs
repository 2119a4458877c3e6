//! Every kind as it is printed, and what is said where it cannot be.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use super::{
    super::{desk::Desk, harness::Cpctl},
    Office,
};

#[test]
fn every_kind_reads_as_it_did() {
    for (name, distribution, words) in [
        ("haproxy-kubeadm", "kubeadm", &["haproxy"][..]),
        ("haproxy-microk8s", "microk8s", &["haproxy"]),
        ("haproxy-rke2", "rke2", &["haproxy"]),
        ("haproxy-k0s", "k0s", &["haproxy"]),
        (
            "haproxy-k3s-gated",
            "k3s",
            &[
                "haproxy",
                "--endpoint",
                "api.example.com:6443",
                "--gate",
                "--check-cert",
                "/etc/haproxy/check.pem",
                "--ca-file",
                "/etc/haproxy/k3s.crt",
            ],
        ),
        ("nginx-rke2", "rke2", &["nginx"]),
        ("keepalived-haproxy", "kubeadm", &["keepalived"]),
        ("keepalived-nginx", "microk8s", &["keepalived", "--proxy", "nginx"]),
        ("pfsense-microk8s", "microk8s", &["pfsense"]),
        ("opnsense-k3s", "k3s", &["opnsense"]),
        ("relayd-kubeadm", "kubeadm", &["relayd"]),
        ("relayd-k0s", "k0s", &["relayd"]),
        ("relayd-rke2", "rke2", &["relayd"]),
        ("freebsd-carp", "kubeadm", &["freebsd-carp"]),
        ("kube-vip-kubeadm", "kubeadm", &["kube-vip", "--interface", "eth1"]),
        ("kube-vip-rke2", "rke2", &["kube-vip"]),
        ("dns-held", "kubeadm", &["dns", "--endpoint", "api.example.com:6443"]),
    ] {
        insta::assert_snapshot!(name, Office::of(distribution).told(words));
    }
}

#[test]
fn one_file_is_printed_as_it_is_and_several_are_told_apart() {
    let office = Office::of("kubeadm");

    let one = office.render(&["haproxy"]).exits(0);
    let several = office.render(&["keepalived"]).exits(0);

    assert!(one.stdout.starts_with("# The API at 172.22.22.3:6443"), "{}", one.shown());
    let heads: Vec<_> = several.stdout.lines().filter(|line| line.starts_with("# ==> ")).collect();
    assert_eq!(heads[0], "# ==> lb1: /etc/keepalived/keepalived.conf (mode 0644)");
    assert_eq!(heads[2], "# ==> /usr/local/sbin/chk_lb_alive.sh (mode 0755)");
    assert_eq!(heads.len(), 5);
}

#[test]
fn json_tells_each_file_with_its_machine_and_mode() {
    let ran = Office::of("kubeadm").render(&["keepalived", "-o", "json"]).exits(0);

    let read: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let files = read["files"].as_array().unwrap();
    let told: Vec<_> =
        files.iter().map(|file| (file["machine"].as_str(), file["mode"].as_str().unwrap())).collect();
    assert_eq!(told[..3], [(Some("lb1"), "0644"), (Some("lb2"), "0644"), (None, "0755")]);
    assert_eq!(files[2]["path"], "/usr/local/sbin/chk_lb_alive.sh");
    assert!(files[2]["text"].as_str().unwrap().starts_with("#!/bin/sh\n"));
    assert!(files[2]["written_to"].is_null());
}

#[test]
fn a_directory_gets_each_file_where_its_machine_has_it_and_keeps_what_it_had() {
    let office = Office::of("kubeadm");
    let path = |below: &str| office.directory.path().join("lb").join(below);

    let first = office.render(&["keepalived", "--out", "lb"]).exits(0);
    let again = office.render(&["keepalived", "--out", "lb"]).exits(0);
    let other = office.render(&["keepalived", "--out", "lb", "--vrid", "53"]).exits(2);
    let before = fs::read_to_string(path("lb2/etc/keepalived/keepalived.conf")).unwrap();
    let forced = office.render(&["keepalived", "--out", "lb", "--vrid", "53", "--force"]).exits(0);

    assert_eq!(first.stdout.matches("written lb/").count(), 5, "{}", first.shown());
    assert_eq!(again.stdout.matches("unchanged lb/").count(), 5, "{}", again.shown());
    assert!(
        other.stdout.is_empty() && other.stderr.contains("something else is there already"),
        "{}",
        other.shown()
    );
    assert!(before.contains("virtual_router_id 52"));
    assert_eq!(forced.stdout.matches("written lb/").count(), 2, "{}", forced.shown());
    let after = fs::read_to_string(path("lb2/etc/keepalived/keepalived.conf")).unwrap();
    assert!(after.contains("virtual_router_id 53"));
    let script = fs::metadata(path("usr/local/sbin/chk_lb_alive.sh")).unwrap();
    assert_eq!(script.permissions().mode() & 0o777, 0o755);
}

#[test]
fn what_stands_in_the_way_reads_as_it_did() {
    let office =
        Office::new("nodes:\n  - {name: cp1, host: 172.22.22.11}\n  - {name: cp2, host: 172.22.22.12}\n");
    let full = Office::of("microk8s");
    let nowhere = Office::new("");
    let told = [
        nowhere.told(&["haproxy"]),
        office.told(&["haproxy"]),
        office.told(&["haproxy", "--endpoint", "172.22.22.3:6443"]),
        office.told(&["haproxy", "--endpoint", "api.example.com:6443", "--distribution", "k3s"]),
        office.told(&["keepalived", "--endpoint", "172.22.22.3:6443", "--distribution", "k3s"]),
        office.told(&[
            "haproxy",
            "--endpoint",
            "172.22.22.3:6443",
            "--distribution",
            "k3s",
            "-o",
            "json",
            "--gate",
        ]),
        full.told(&["ipfw"]),
        full.told(&["ipvs"]),
        full.told(&["relayd"]),
        full.told(&["dns"]),
        full.told(&["haproxy", "--ca-file", "ca.crt"]),
        full.told(&["keepalived", "--interface", "eth0 dev"]),
        full.told(&["haproxy", "--vip", "172.22.22.3/33"]),
        full.told(&["haproxi"]),
    ];

    insta::assert_snapshot!("refused", told.join("\n"));
}

#[test]
fn what_nodes_prints_is_enough_to_write_haproxys_configuration() {
    let desk = Desk::new();

    let found = desk.run(&["nodes", "-o", "yaml"]).exits(0);
    fs::write(desk.path("cluster/found.yaml"), &found.stdout).unwrap();
    let ran = desk.run(&["lb", "render", "haproxy", "--inventory", "found.yaml"]).exits(0);

    assert!(ran.stdout.contains(&format!("bind {}\n", desk.endpoint())), "{}", ran.shown());
    for server in desk.api_servers() {
        assert!(ran.stdout.contains(&format!(" {server} check\n")), "{}", ran.shown());
    }
}

/// The files of a directory and below it, in their order.
fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut inside: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    inside.sort();
    inside
        .iter()
        .flat_map(|path| if path.is_dir() { files_below(path) } else { vec![path.clone()] })
        .collect()
}

/// What lint finds in all that is rendered of a kind, by its ids; files that it has no rules for are left out.
fn found_in_rendered(office: &Office, words: &[&str]) -> Vec<String> {
    office.render(&[words, &["--out", "lb", "--force"]].concat()).exits(0);
    let root = office.directory.path();
    let is_judged = |path: &PathBuf| {
        let name = path.to_string_lossy();
        ["haproxy", "nginx.conf", "keepalived", "chk_lb", "relayd", "pf.", "hostname.", "kube-vip"]
            .iter()
            .any(|part| name.rsplit("/lb/").next().unwrap().contains(part))
            && !name.ends_with(".txt")
    };
    let files: Vec<_> = files_below(&root.join("lb")).into_iter().filter(is_judged).collect();
    let files: Vec<_> = files.iter().map(|path| path.strip_prefix(root).unwrap().to_str().unwrap()).collect();
    let linted = Cpctl::at_home(root).run(&[&["lb", "lint", "-o", "json"], &files[..]].concat());
    fs::remove_dir_all(root.join("lb")).unwrap();
    let read: serde_json::Value = serde_json::from_str(&linted.stdout).expect(&linted.stdout);
    let files = read["files"].as_array().unwrap();
    assert!(!files.is_empty(), "{words:?}");
    read["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["code"].as_str().unwrap().to_owned())
        .collect()
}

/// What is written must stand before what is read: a fault in a file of ours would be a fault of ours. What lint says
/// all the same is what those programs cannot do better.
#[test]
fn what_is_written_is_found_without_a_fault_by_lint() {
    let every = ["by-hand", "kubeadm", "k3s", "rke2", "microk8s", "k0s"];
    for (words, distributions, expected) in [
        (&["haproxy"][..], &every[..], &[][..]),
        (&["nginx"], &every, &["nginx-passive-only"]),
        (&["keepalived"], &every, &[]),
        (&["keepalived", "--proxy", "nginx"], &every, &[]),
        (&["pfsense"], &every, &[]),
        (&["opnsense"], &every, &[]),
        (&["relayd", "--anonymous", "allowed"], &["by-hand", "kubeadm", "microk8s", "k0s"], &[]),
        (&["relayd", "--anonymous", "refused"], &["k3s", "rke2", "microk8s"], &[]),
        (&["kube-vip"], &["kubeadm", "k3s", "rke2"], &[]),
    ] {
        for distribution in distributions {
            let office = Office::of(distribution);

            let mut found = found_in_rendered(&office, words);

            found.dedup();
            assert_eq!(found, expected, "{distribution} {words:?}");
        }
    }
}
