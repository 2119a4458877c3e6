//! `certs inspect` of very many endpoints at once, on a rehearsed cluster.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    net::TcpListener,
    process::Stdio,
};

use cpctl::rehearse;
use jiff::Timestamp;

use super::harness::Cpctl;

const MANY: usize = 1000;

#[test]
fn a_thousand_endpoints_are_told_on_a_line_each_as_they_answer() {
    let home = tempfile::tempdir().unwrap();
    let cluster = rehearse::Cluster::start(&home.path().join("cluster"), Timestamp::now()).unwrap();
    let cpctl = Cpctl::at_home(home.path()).with("KUBECONFIG", cluster.kubeconfig_path());
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let last = silent.local_addr().unwrap().to_string();
    let servers: Vec<String> = cluster.targets().into_iter().filter_map(|target| target.api).collect();
    let answering: Vec<&str> = servers.iter().map(String::as_str).cycle().take(MANY - 1).collect();
    let args = [&["certs", "inspect", "--request-timeout", "10m", &last][..], &answering].concat();

    let mut process = cpctl.command(&args).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines.by_ref().take(MANY - 1) {
        assert!(line.contains(" days  trusted ") && line.contains(" kubernetes, "), "{line}");
        *told.entry(line.split(' ').next().unwrap().to_owned()).or_default() += 1;
    }
    // All others are told before the one that keeps silent is let go.
    drop(silent);
    let rest: Vec<String> = lines.collect();

    let expected = servers.iter().map(|server| (server.clone(), (MANY - 1) / servers.len())).collect();
    assert_eq!(told, expected);
    assert!(rest[0].starts_with(&last) && rest[0].contains("cannot "), "{rest:?}");
    assert!(
        rest[1].starts_with(&format!("fail {last}: ")) && rest[1].ends_with("[endpoint-unreachable]"),
        "{rest:?}"
    );
    assert_eq!(process.wait().unwrap().code(), Some(1));
    let all_well = cpctl.run(&[&["certs", "inspect"][..], &answering].concat()).exits(0);
    let others: Vec<_> = all_well.stdout.lines().filter(|line| !line.contains(" days  trusted ")).collect();
    assert_eq!(others.len(), 2, "one finding and its remedy, however many endpoints");
    assert!(others[0].starts_with("warn ") && others[0].contains(" and 658 more)"), "{others:?}");
}
