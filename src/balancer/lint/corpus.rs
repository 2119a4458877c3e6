//! Files with known faults: what is found in them is what their own comments say, and nothing else.

use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt, path::Path};

use super::{ControlPlane, Facts, Server, Source, lint};

/// What a comment begins with that names the findings of its line.
const MARK: &str = "<- ";

/// The files of a folder, or one file, with no more of their modes than git keeps.
pub(super) fn sources(path: &Path) -> Vec<Source> {
    if path.is_dir() {
        let mut inside: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        inside.sort();
        return inside.iter().flat_map(|path| sources(path)).collect();
    }
    let is_executable = fs::metadata(path).unwrap().permissions().mode() & 0o100 != 0;
    let text = fs::read_to_string(path).unwrap();
    let name = path.display().to_string();
    let mode = name.ends_with(".sh").then_some(if is_executable { 0o755 } else { 0o644 });
    vec![Source { name, text, mode, kind: None }]
}

pub(super) fn fixture(path: &str) -> Vec<Source> {
    sources(&Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures")).join(path))
}

/// `file:line code` of everything that is found.
pub(super) fn found(sources: &[Source]) -> BTreeSet<String> {
    let judged = lint(sources, &Facts { plane: None, today: jiff::civil::date(2026, 1, 1) });
    let told = judged.findings.iter().map(|finding| {
        let file = short(&finding.subject);
        let line = finding.at.as_ref().map_or(0, |at| at.line);
        format!("{file}:{line} {}", finding.code.id())
    });
    told.collect()
}

/// A file by its name and folder, since two peers have files of one name.
fn short(path: &str) -> &str {
    let at = path.rmatch_indices('/').nth(1).map_or(0, |(at, _)| at + 1);
    &path[at..]
}

fn marked(sources: &[Source]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for source in sources {
        let file = short(&source.name);
        for (index, line) in source.text.lines().enumerate() {
            let codes = line.split_once(MARK).map_or("", |(_, codes)| codes);
            all.extend(codes.split_whitespace().map(|code| format!("{file}:{} {code}", index + 1)));
        }
    }
    all
}

/// Every file of a kind alone, and every folder of them together, held against its marks.
pub(super) fn hold(kind: &str) {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/lint")).join(kind);
    let mut cases: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty(), "{}", folder.display());

    for case in cases {
        let sources = sources(&case);
        assert_eq!(found(&sources), marked(&sources), "{}", case.display());
    }
}

/// Files that people printed in what they wrote of their clusters, as they printed them, and every fault in them.
const PRINTED: &[(&str, &[&str])] = &[
    (
        "keepalived-nginx",
        &[
            "conf.d/loadbalance.stream:1 nginx-stream-unread",
            "conf.d/loadbalance.stream:2 nginx-no-zone",
            "conf.d/loadbalance.stream:2 nginx-passive-only",
            "conf.d/loadbalance.stream:4 address-public",
            "conf.d/loadbalance.stream:4 number-without-unit",
            "conf.d/loadbalance.stream:5 number-without-unit",
            "conf.d/loadbalance.stream:9 etcd-balanced",
            "conf.d/loadbalance.stream:12 pool-ports",
            "conf.d/loadbalance.stream:20 nginx-connect-timeout",
            "keepalived-nginx/check_nginx.sh:1 keepalived-unrunnable",
            "keepalived-nginx/check_nginx.sh:3 keepalived-only-process",
            "keepalived-nginx/check_nginx.sh:4 keepalived-kills",
            "lb1/keepalived.conf:2 keepalived-script-security",
            "lb1/keepalived.conf:2 keepalived-script-user",
            "lb1/keepalived.conf:23 keepalived-usual-id",
            "lb2/keepalived.conf:2 keepalived-script-security",
            "lb2/keepalived.conf:2 keepalived-script-user",
            "lb2/keepalived.conf:23 keepalived-usual-id",
            "lb2/keepalived.conf:25 keepalived-equal",
        ],
    ),
    (
        "relayd",
        &[
            "relayd/relayd.conf:4 relayd-check-timeout",
            "relayd/relayd.conf:18 relayd-rule-unused",
            "relayd/relayd.conf:22 relayd-session-timeout",
            "relayd/relayd.conf:25 check-unauthorized",
            "relayd/relayd.conf:25 pool-pinned",
        ],
    ),
];

#[test]
fn every_fault_of_nginx_is_found_and_nothing_else() {
    hold("nginx");
}

#[test]
fn every_fault_of_keepalived_is_found_and_nothing_else() {
    hold("keepalived");
}

#[test]
fn every_fault_of_relayd_and_pf_is_found_and_nothing_else() {
    hold("relayd");
}

#[test]
fn every_fault_of_kube_vip_is_found_and_nothing_else() {
    hold("kube-vip");
}

#[test]
fn every_fault_of_the_kernel_s_settings_is_found_and_nothing_else() {
    hold("sysctl");
}

#[test]
fn every_key_of_the_cluster_is_found_and_no_other_is() {
    hold("pem");
}

#[test]
fn every_fault_of_a_zone_is_found_and_nothing_else() {
    hold("zone");
}

#[test]
fn every_fault_of_a_kubeconfig_is_found_and_nothing_else() {
    hold("kubeconfig");
}

#[test]
fn every_fault_of_what_people_printed_is_found_and_nothing_else() {
    for (folder, faults) in PRINTED {
        let found = found(&fixture(&format!("lint/printed/{folder}")));

        assert_eq!(found, faults.iter().map(|fault| (*fault).to_owned()).collect(), "{folder}");
    }
}

fn one(name: &str, text: &str) -> Source {
    Source { name: name.into(), text: text.into(), mode: None, kind: None }
}

fn plane(distribution: &str, endpoint: &str) -> ControlPlane {
    let node = |number| Server {
        name: format!("cp{number}"),
        host: format!("10.0.0.{number}"),
        api: None,
        distribution: Some(distribution.into()),
    };
    ControlPlane {
        endpoint: Some(endpoint.parse().unwrap()),
        nodes: vec![node(1), node(2)],
        balancers: vec!["10.0.0.11".into(), "10.0.0.12".into()],
    }
}

fn codes(sources: &[Source], plane: &ControlPlane) -> Vec<&'static str> {
    let judged = lint(sources, &Facts { plane: Some(plane), today: jiff::civil::date(2026, 1, 1) });
    judged.findings.iter().map(|finding| finding.code.id()).collect()
}

#[test]
fn whether_401_is_an_answer_of_the_ready_depends_on_the_distribution() {
    let relayd = "timeout 1500\ntable <api> { 10.0.0.1 10.0.0.2 }\nrelay api {\n listen on 10.0.0.9 port 6443\n session \
                  timeout 14400\n forward to <api> port 6443 mode roundrobin check https \"/readyz\" code 401\n}\n";
    let files = [one("relayd.conf", relayd)];

    for (distribution, expected) in [("k3s", vec![]), ("kubeadm", vec!["check-status"])] {
        assert_eq!(codes(&files, &plane(distribution, "10.0.0.9:6443")), expected, "{distribution}");
    }
}

#[test]
fn an_address_is_a_control_plane_s_where_the_inventory_says_so() {
    let keepalived =
        "vrrp_instance VI_1 {\n virtual_router_id 51\n virtual_ipaddress {\n  10.0.0.9/24\n }\n}\n";
    let files = [one("keepalived.conf", keepalived)];

    assert_eq!(codes(&files, &plane("k3s", "10.0.0.9:6443")), ["keepalived-usual-id"]);
    assert_eq!(codes(&files, &plane("k3s", "10.0.0.99:6443")), ["not-judged"]);
}

#[test]
fn a_name_is_a_control_plane_s_where_the_inventory_says_so() {
    let zone = "$TTL 300\napi IN A 10.0.0.1\napi IN A 10.0.0.2\nwww IN A 10.0.0.1\nwww IN A 10.0.0.2\n";
    let files = [one("zone", zone)];

    assert_eq!(codes(&files, &plane("k3s", "api.example.com:6443")), ["zone-ttl"]);
    assert_eq!(codes(&files, &plane("k3s", "other.example.com:6443")), Vec::<&str>::new());
}

#[test]
fn a_script_that_others_may_change_is_told() {
    let keepalived = "global_defs {\n script_user nobody\n enable_script_security\n}\nvrrp_script kube {\n script \
                      /etc/keepalived/check.sh\n}\nvrrp_instance VI_1 {\n}\n";
    let script = "#!/bin/sh\nexec curl -sf https://127.0.0.1:6443/readyz\n";
    let files = |mode| {
        let script = Source { mode: Some(mode), ..one("check.sh", script) };
        [one("keepalived.conf", keepalived), script]
    };

    assert_eq!(codes(&files(0o775), &plane("k3s", "10.0.0.9:6443")), ["keepalived-writable"]);
    assert_eq!(codes(&files(0o755), &plane("k3s", "10.0.0.9:6443")), Vec::<&str>::new());
}

#[test]
fn a_file_in_conf_d_is_told_without_the_main_one_too() {
    let stream = "stream {\n upstream kube_api {\n  zone k 64k;\n  server 10.0.0.1:6443;\n  server 10.0.0.2:6443;\n }\n \
                  server {\n  listen 6443;\n  proxy_pass kube_api;\n  proxy_connect_timeout 2s;\n }\n}\n";

    let beside = codes(&[one("/etc/nginx/conf.d/api.conf", stream)], &plane("k3s", "10.0.0.9:6443"));
    let elsewhere = codes(&[one("api.conf", stream)], &plane("k3s", "10.0.0.9:6443"));

    assert_eq!(beside, ["nginx-stream-unread", "nginx-passive-only"]);
    assert_eq!(elsewhere, ["nginx-passive-only"]);
}
