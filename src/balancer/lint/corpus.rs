//! Files with known faults: what is found in them is what their own comments say, and nothing else.

use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt, path::Path};

use super::{Facts, Source, lint};

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

    for case in cases {
        let sources = sources(&case);
        assert_eq!(found(&sources), marked(&sources), "{}", case.display());
    }
}

/// The files that the seeds' authors printed, as they printed them, and every fault that they have.
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
