//! What is said of what cannot be done: the name, the reason and what to type.

use std::fs;

use cpctl::rehearse::Cluster;
use jiff::Timestamp;

use super::{super::told::assert_told, journalled};
use crate::desk::Desk;

#[test]
fn a_kubeconfig_that_proves_nothing_is_refused_by_what_is_wrong_with_it() {
    let desk = Desk::new();
    let good = fs::read_to_string(desk.kubeconfig()).unwrap();
    write(&desk, "no-ca", &without_line(&good, "certificate-authority-data"));
    write(&desk, "other-ca", &with_other_ca(&good));
    write(&desk, "misspelt-ca", &good.replace("certificate-authority-data", "certificate-authorty-data"));
    write(&desk, "plain-http", &good.replace("server: https://", "server: http://"));
    write(&desk, "broken", &good.replace("contexts:", "contexts: ["));

    let said = refused(
        &desk,
        &[
            &["verify", "--kubeconfig", "nowhere"],
            &["verify", "--context", "rehearsel"],
            &["verify", "--kubeconfig", "broken"],
            &["verify", "--kubeconfig", "plain-http"],
            &["verify", "--kubeconfig", "no-ca"],
            &["verify", "--kubeconfig", "misspelt-ca"],
            &["verify", "--kubeconfig", "other-ca"],
            &["certs", "add-san", "cp.example.internal", "--yes", "--kubeconfig", "no-ca"],
            &["certs", "add-san", "cp.example.internal", "--yes", "--kubeconfig", "other-ca"],
            &["kubeconfig", "repoint", "--kubeconfig", "no-ca"],
            &["kubeconfig", "repoint", "--kubeconfig", "other-ca"],
        ],
    );

    assert_told!("refused-kubeconfigs", &said);
}

#[test]
fn an_inventory_that_tells_no_nodes_is_refused_by_what_is_wrong_with_it() {
    let desk = Desk::new();
    let misspelt = "endpoint: 172.22.22.3:16443\nnodes:\n  - name: cp1\n    hots: 10.0.0.1\n";
    write(&desk, "bad.yaml", misspelt);
    write(&desk, "empty.yaml", "");

    let said = refused(
        &desk,
        &[
            &["nodes", "--inventory", "nowhere.yaml"],
            &["nodes", "--inventory", "bad.yaml"],
            &["nodes", "--inventory", "empty.yaml"],
            &["nodes", "--inventory", "cpctl.yaml", "--node", "cp1"],
            &["certs", "add-san", "cp.example.internal", "--limit", "cp9"],
        ],
    );

    assert_told!("refused-inventories", &said);
}

#[test]
fn a_control_plane_that_ssh_does_not_lead_to_is_refused_with_what_changes_it() {
    let desk = Desk::new();
    write(&desk, "talos.yaml", "nodes:\n  - name: cp1\n    host: 192.0.2.11\n    distribution: talos\n");
    write(&desk, "eks.yaml", "nodes:\n  - host: 192.0.2.12\n    distribution: eks\n");

    let said = refused(
        &desk,
        &[
            &["certs", "add-san", "172.22.22.3", "--inventory", "talos.yaml"],
            &["certs", "add-san", "172.22.22.3", "--inventory", "eks.yaml", "-o", "json"],
        ],
    );

    assert_told!("refused-hosted", &said);
}

#[test]
fn a_file_that_is_not_what_was_asked_for_is_refused_by_its_name() {
    let desk = Desk::new();
    write(&desk, "plan.txt", "not a plan");
    write(&desk, "no.crt", "no certificate");

    let said = refused(
        &desk,
        &[
            &["certs", "inspect", "./nowhere.crt"],
            &["certs", "inspect", "no.crt"],
            &["apply", "nowhere.json"],
            &["apply", "plan.txt"],
            &["undo", "20200101-000000-zzzz", "--yes"],
        ],
    );

    assert_told!("refused-files", &said);
}

#[test]
fn an_address_where_nothing_answers_is_refused_with_what_was_tried() {
    let desk = Desk::new();

    let said = refused(
        &desk,
        &[
            &["kubeconfig", "repoint"],
            &["kubeconfig", "repoint", "--to", "127.0.0.1:1"],
            &["kubeconfig", "repoint", "--to", "http://127.0.0.3"],
            &["verify", "127.0.0.1:1"],
            &["certs", "inspect", "127.0.0.1:1"],
            &["certs", "inspect", "[::1"],
        ],
    );

    assert_told!("refused-addresses", &said);
}

#[test]
fn words_that_are_no_command_line_are_refused_with_those_that_are() {
    let desk = Desk::new();

    let said = refused(
        &desk,
        &[
            &["certs", "add-san", "cp.example.internal", "--dryrun"],
            &["cert", "inspect"],
            &["repoint"],
            &["kubeconfig", "add-san", "cp.example.internal"],
            &["certs", "add-san"],
            &["verify", "--request-timeout", "5h"],
            &["completions", "tcsh"],
            &["certs", "inspect", "-q", "-v"],
        ],
    );

    assert_told!("refused-words", &said);
}

#[test]
fn an_invalid_name_is_refused_before_anything_is_asked() {
    let desk = Desk::new();
    let long = "a".repeat(300);
    let names =
        ["*.10.0.0.1", "10.0.0.256", "[::1", "", &long, "under score", "-dash.example", "https://host"];
    for name in names {
        let ran = desk.run(&["certs", "add-san", "--yes", "--", name]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{name:?}: {}", ran.shown());
    }

    assert_told!("refused-names", &names.map(|name| desk.says(&["certs", "add-san", "--", name])).join("\n"));
}

#[test]
fn a_refusal_is_json_where_json_was_asked_for() {
    let desk = Desk::new();

    assert_told!(
        "refused-json",
        &desk.plays(&[&["kubeconfig", "repoint", "-o", "json"], &["apply", "nowhere.json", "-o", "json"]]),
    );
}

#[test]
fn a_command_line_that_makes_no_sense_is_json_where_json_was_asked_for() {
    let desk = Desk::new();
    let lines: [&[&str]; 4] = [
        &["certs", "add-san", "cp.example.internal", "--dryrun", "-o", "json"],
        &["cert", "inspect", "-ojson"],
        &["certs", "add-san", "--output=json"],
        &["certs", "add-san", "10.0.0.256", "--output", "json"],
    ];

    for line in lines {
        let ran = desk.run(line).exits(2);
        let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!((&told["result"], ran.stderr.as_str()), (&"error".into(), ""), "{}", ran.shown());
    }
    assert_told!("refused-command-lines", &desk.plays(&lines));
    assert!(desk.run(&["undo", "--help", "-o", "json"]).exits(0).stdout.contains("Usage: cpctl undo"));
}

/// What commands say that are all refused, and that begin no run.
fn refused(desk: &Desk, commands: &[&[&str]]) -> String {
    for args in commands {
        let ran = desk.run(args);
        assert!([1, 2].contains(&ran.code), "{args:?}: {}", ran.shown());
    }
    let said = desk.plays(commands);
    assert_eq!(journalled(desk), Vec::<serde_json::Value>::new(), "nothing was begun");
    said
}

/// A file in the operator's working directory.
fn write(desk: &Desk, name: &str, text: &str) {
    fs::write(desk.path("cluster").join(name), text).unwrap();
}

fn without_line(text: &str, word: &str) -> String {
    text.lines().filter(|line| !line.contains(word)).map(|line| format!("{line}\n")).collect()
}

/// The kubeconfig with the CA of another cluster of the same kind.
fn with_other_ca(text: &str) -> String {
    let directory = tempfile::tempdir().unwrap();
    let other = Cluster::start(directory.path(), Timestamp::now()).unwrap().kubeconfig();
    let line = |text: &str| {
        text.lines().find(|line| line.contains("certificate-authority-data")).unwrap().to_owned()
    };
    text.replace(&line(text), &line(&other))
}
