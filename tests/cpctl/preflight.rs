//! All checks at once, on rehearsed machines that are wrong in one way each.

use std::fs;

use cpctl::rehearse::{CERTS, Fault, Kind};

use super::{
    desk::{Desk, NODES},
    findings::nodes::{change, file, put},
    harness::Ran,
    told::assert_told,
    wait::until,
};

const LOCK: &str = r#"{"run":"20261120-101112-abcd","operator":"bob@desk","since":"2026-11-20T10:11:12Z"}"#;
const CLUSTERED: &str = "/var/snap/microk8s/current/var/lock/clustered.lock";

/// The groups that are about the nodes.
const NODES_ALONE: [&str; 3] = ["preflight", "--only", "reach,distribution,certificates"];

/// One thing that is wrong with cp2, and what is found.
struct Wrong {
    codes: &'static [&'static str],
    broken: fn(&Desk),
    mended: fn(&Desk),
}

const WRONG: &[Wrong] = &[
    Wrong {
        codes: &["node-unreachable"],
        broken: |desk| desk.loses("cp2"),
        mended: |desk| {
            desk.cluster.machine("cp2").unwrap().clear(Fault::Dead).unwrap();
            until("cp2 answers again", || desk.hears("cp2"));
        },
    },
    Wrong {
        codes: &["clock-off"],
        broken: |desk| desk.cluster.machine("cp2").unwrap().set_clock_offset(-600).unwrap(),
        mended: |desk| desk.cluster.machine("cp2").unwrap().set_clock_offset(0).unwrap(),
    },
    Wrong {
        codes: &["disk-full"],
        broken: |desk| desk.cluster.machine("cp2").unwrap().set(Fault::DiskFull).unwrap(),
        mended: |desk| desk.cluster.machine("cp2").unwrap().clear(Fault::DiskFull).unwrap(),
    },
    Wrong {
        codes: &["node-locked"],
        broken: |desk| put(desk, "cp2", "/var/lib/cpctl/lock", LOCK),
        mended: |desk| fs::remove_file(file(desk, "cp2", "/var/lib/cpctl/lock")).unwrap(),
    },
    Wrong {
        codes: &["node-is-worker", "ca-key-astray"],
        broken: |desk| put(desk, "cp2", CLUSTERED, ""),
        mended: |desk| fs::remove_file(file(desk, "cp2", CLUSTERED)).unwrap(),
    },
    Wrong {
        codes: &["distribution-unknown"],
        broken: |desk| says_it_runs(desk, "kubeadm"),
        mended: |desk| fs::write(desk.cluster.inventory_path(), desk.cluster.inventory_yaml()).unwrap(),
    },
    Wrong {
        codes: &["distribution-unsupported"],
        broken: |desk| says_it_runs(desk, "eks"),
        mended: |desk| fs::write(desk.cluster.inventory_path(), desk.cluster.inventory_yaml()).unwrap(),
    },
    Wrong {
        codes: &["ca-key-missing"],
        broken: |desk| moved(desk, "ca.key", "ca.key.away"),
        mended: |desk| moved(desk, "ca.key.away", "ca.key"),
    },
    Wrong {
        codes: &["name-unserved"],
        broken: |desk| template(desk, "#MOREIPS", "IP.77 = 10.9.9.9\n#MOREIPS"),
        mended: |desk| template(desk, "IP.77 = 10.9.9.9\n#MOREIPS", "#MOREIPS"),
    },
    Wrong {
        codes: &["template-without-moreips", "name-unconfigured"],
        broken: |desk| template(desk, "#MOREIPS", "#MORE"),
        mended: |desk| template(desk, "#MORE", "#MOREIPS"),
    },
];

fn says_it_runs(desk: &Desk, distribution: &str) {
    let named = format!("- name: cp2\n    distribution: {distribution}");
    let inventory = desk.cluster.inventory_yaml().replace("- name: cp2", &named);
    fs::write(desk.cluster.inventory_path(), inventory).unwrap();
}

fn moved(desk: &Desk, from: &str, to: &str) {
    let at = |name: &str| file(desk, "cp2", &format!("{CERTS}/{name}"));
    fs::rename(at(from), at(to)).unwrap();
}

fn template(desk: &Desk, from: &str, to: &str) {
    change(desk, "cp2", &format!("{CERTS}/csr.conf.template"), |text| text.replace(from, to));
}

/// Each finding's subject and code, once.
pub fn found(ran: &Ran) -> Vec<(String, String)> {
    let mut found: Vec<_> = rows(ran)
        .iter()
        .flat_map(|row| row["findings"].as_array().unwrap())
        .map(|finding| (text(finding, "subject"), text(finding, "code")))
        .collect();
    found.dedup();
    found
}

fn rows(ran: &Ran) -> Vec<serde_json::Value> {
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    json["checks"].as_array().unwrap().clone()
}

fn text(value: &serde_json::Value, key: &str) -> String {
    value[key].as_str().unwrap().to_owned()
}

pub fn json(desk: &Desk) -> Ran {
    desk.run(&[&NODES_ALONE[..], &["-o", "json"]].concat())
}

#[test]
fn each_fault_of_a_node_is_found_as_what_it_is_and_nothing_else_is() {
    let desk = Desk::new();
    desk.names_the_endpoint();
    let healthy = json(&desk).exits(0);
    assert_eq!(found(&healthy), []);
    assert!(rows(&healthy).iter().all(|row| row["result"] == "passed"), "{}", healthy.shown());

    for Wrong { codes, broken, mended } in WRONG {
        broken(&desk);
        let ran = json(&desk);
        mended(&desk);

        let expected: Vec<_> = codes.iter().map(|code| ("cp2".to_owned(), (*code).to_owned())).collect();
        assert_eq!(found(&ran), expected, "{}", ran.shown());
        let others = rows(&ran).into_iter().filter(|row| row["subject"] != "cp2");
        assert!(others.clone().all(|row| row["result"] == "passed"), "{}", ran.shown());
        assert_eq!(others.filter(|row| row["check"] == "names").count(), 3, "{}", ran.shown());
    }
    assert_eq!(found(&json(&desk).exits(0)), []);
}

#[test]
fn a_name_that_a_node_lacks_is_told_of_that_node_and_of_the_address_before_it() {
    let desk = Desk::new();
    let host = desk.cluster.endpoint().host.to_string();
    desk.run(&["certs", "add-san", &host, "--limit", "cp1,cp3", "--yes"]);

    let ran = json(&desk).exits(1);

    let lacking = |subject: &str| (subject.to_owned(), "san-missing".to_owned());
    assert_eq!(found(&ran), [lacking("cp2"), lacking(&desk.endpoint())], "{}", ran.shown());
}

#[test]
fn what_is_chosen_is_told_and_how_bad_it_is_decides_the_exit_code() {
    let desk = Desk::new();
    desk.names_the_endpoint();
    let cp2 = desk.cluster.machine("cp2").unwrap();
    template(&desk, "#MOREIPS", "#MORE");
    let run = |further: &[&str]| desk.run(&[&NODES_ALONE[..], further].concat());

    run(&[]).exits(0);
    run(&["--fail-on", "warn"]).exits(1);
    cp2.set_clock_offset(600).unwrap();
    put(&desk, "cp2", "/var/lib/cpctl/lock", LOCK);
    run(&["--fail-on", "never"]).exits(0);
    run(&["--skip", "lock,clock-off"]).exits(0);
    let clock = desk.run(&["preflight", "--only", "clock", "-o", "json"]).exits(1);
    desk.run(&["preflight", "--only", "nothing-known"]).exits(2);

    assert_eq!(found(&clock), [("cp2".to_owned(), "clock-off".to_owned())]);
    assert_eq!(rows(&clock).len(), NODES.len());
}

#[test]
fn a_preflight_reads_group_by_group() {
    let desk = Desk::new();
    desk.names_the_endpoint();
    let healthy = desk.says(&NODES_ALONE);
    desk.cluster.machine("cp1").unwrap().set(Fault::Dead).unwrap();
    put(&desk, "cp2", "/var/lib/cpctl/lock", LOCK);
    let json = ["preflight", "--only", "ssh,lock", "-o", "json"];

    assert_told!("preflight", [healthy, desk.says(&NODES_ALONE), desk.says(&json)].join("\n"));
}

#[test]
fn a_run_that_stopped_part_way_is_told_with_the_ways_on() {
    let desk = Desk::new();
    let host = desk.cluster.endpoint().host.to_string();
    desk.cluster.machine("cp2").unwrap().cut_after(3).unwrap();
    desk.run(&["certs", "add-san", &host, "--yes"]).exits(3);
    desk.cluster.machine("cp2").unwrap().mend().unwrap();
    let check = ["preflight", "--only", "run-unfinished"];

    let text = desk.says(&check);

    assert_told!("unfinished", [text, desk.says(&[&check[..], &["-o", "json"]].concat())].join("\n"));
}

#[test]
fn what_lies_on_a_node_and_has_expired_is_told_by_its_path() {
    let desk = Desk::new();
    desk.names_the_endpoint();
    let (old, other) = (Desk::since("2010-01-01T00:00:00Z".parse().unwrap(), &[Kind::MicroK8s]), Desk::new());
    let authority = |desk: &Desk| fs::read_to_string(file(desk, "cp1", &format!("{CERTS}/ca.crt"))).unwrap();
    put(&desk, "cp2", &format!("{CERTS}/front-proxy-client.crt"), &authority(&old));
    put(&desk, "cp3", &format!("{CERTS}/ca.crt"), &authority(&other));

    let ran = json(&desk).exits(1);

    let told: Vec<_> = found(&ran).into_iter().map(|(subject, code)| format!("{subject} {code}")).collect();
    assert_eq!(told, ["cp3 key-mismatch", "cp3 authority-differs", "cp2 cert-expired"], "{}", ran.shown());
    assert!(ran.stdout.contains("front-proxy-client.crt has expired on"), "{}", ran.shown());
}

#[test]
fn the_key_of_the_authority_is_found_on_a_worker() {
    let desk = Desk::new();
    desk.names_the_endpoint();
    put(&desk, "cp2", CLUSTERED, "");

    let ran = json(&desk).exits(1);
    let of_its_own = fs::read_to_string(file(&Desk::new(), "cp1", &format!("{CERTS}/ca.key"))).unwrap();
    put(&desk, "cp2", &format!("{CERTS}/ca.key"), &of_its_own);

    let both = ["node-is-worker", "ca-key-astray"].map(|code| ("cp2".to_owned(), code.to_owned()));
    assert_eq!(found(&ran), both, "{}", ran.shown());
    assert_eq!(found(&json(&desk).exits(1)), both[..1]);
}
