//! Findings about the files of the programs around HAProxy, on files that are wrong in these ways.

use std::{fs, path::Path};

use cpctl::balancer::lint::{Facts, Source, lint};
use jiff::civil::date;

use super::{assert_told, rendered};

/// The files below a folder of the fixtures, without the comments that name their faults.
fn sources(path: &Path, all: &mut Vec<Source>) {
    if path.is_dir() {
        let mut inside: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        inside.sort();
        inside.iter().for_each(|path| sources(path, all));
        return;
    }
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().map(|line| line.split("# <- ").next().unwrap().split("; <- ").next().unwrap());
    let text = lines.map(|line| format!("{}\n", line.trim_end())).collect();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/lint/");
    let name = path.display().to_string().replace(root, "");
    let mode = name.ends_with(".sh").then_some(0o666);
    all.push(Source { name, text, mode, kind: None });
}

fn told(paths: &[&str]) -> String {
    let mut all = vec![];
    for path in paths {
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lint").join(path), &mut all);
    }
    rendered(lint(&all, &Facts { plane: None, today: date(2026, 11, 21) }).findings)
}

#[test]
fn what_is_wrong_with_an_nginx_is_told_with_its_line() {
    let found = [
        told(&["nginx/faulty.conf"]),
        told(&["nginx/plus.conf"]),
        told(&["nginx/included"]),
        told(&["nginx/inside"]),
    ];

    assert_told!("lint-nginx", found.join("\n"));
}

#[test]
fn what_is_wrong_with_a_keepalived_is_told_with_its_line() {
    let found = [
        told(&["keepalived/pair"]),
        told(&["keepalived/answer"]),
        told(&["keepalived/scripts"]),
        told(&["keepalived/unjudged"]),
        told(&["keepalived/inside"]),
        told(&["keepalived/ranges"]),
        told(&["keepalived/loopback"]),
    ];

    assert_told!("lint-keepalived", found.join("\n"));
}

#[test]
fn what_is_wrong_with_relayd_and_pf_is_told_with_its_line() {
    let found = [told(&["relayd/faulty.conf"]), told(&["relayd/with-pf"]), told(&["relayd/carp"])];

    assert_told!("lint-relayd", found.join("\n"));
}

#[test]
fn what_is_wrong_with_kube_vip_and_a_zone_is_told_with_its_line() {
    let found = [told(&["kube-vip/faulty.yaml"]), told(&["zone/faulty.zone"])];

    assert_told!("lint-kube-vip-zone", found.join("\n"));
}

#[test]
fn what_people_printed_is_told_with_every_fault_in_it() {
    let found = [told(&["printed/keepalived-nginx"]), told(&["printed/relayd"])];

    assert_told!("lint-printed", found.join("\n"));
}
