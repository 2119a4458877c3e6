//! Servers of RKE2: two ports with a certificate each.

use super::*;
use crate::{
    distro::{Found, Move, Role, plan_move},
    plan::{Listener, Settle},
};

mod listed;

const HOME: &str = "/etc/rancher/rke2";
const OWN: [&str; 7] = [
    "kubernetes",
    "kubernetes.default.svc.cluster.local",
    "cp1",
    "10.43.0.1",
    "10.0.3.2",
    "172.22.22.11",
    "127.0.0.1",
];

/// One that asks for a name and serves it at both ports.
fn server() -> Server {
    let authority = Authority::new();
    let served = set(&OWN).union(&set(&["rke2.example.com"]));
    let mut machine = Machine::empty()
        .with_file("/var/lib/rancher/rke2", "")
        .with_file("/etc/hostname", "cp1\n")
        .with_file("/var/lib/rancher/rke2/server/tls/server-ca.crt", &pem(&authority.cert))
        .with_file(
            "/var/lib/rancher/rke2/server/tls/serving-kube-apiserver.crt",
            &pem(&authority.sign(&served)),
        )
        .with_running("rke2-server");
    machine.units.insert("rke2-server.service".into(), unit("server"));
    machine.addresses = "10.0.3.2 172.22.22.11 10.42.0.0".into();
    let shared = Some(served.union(&set(&["localhost"])));
    let server = Server { machine, authority, served, shared };
    version(server, "1.34.2").with_file(
        &format!("{HOME}/config.yaml"),
        "token: x\nnode-external-ip: 172.22.22.11\ntls-san: [rke2.example.com]\n",
    )
}

fn unit(part: &str) -> String {
    fixture(&format!("../rke2/units/{part}.service"))
}

fn version(mut server: Server, version: &str) -> Server {
    let told = format!("rke2 version v{version}+rke2r1 (0a1b2c3d)\ngo version go1.24.9");
    server.machine.versions.insert("/usr/local/bin/rke2".into(), told);
    server
}

/// What is served where others join.
fn joined_through(mut server: Server, names: &[&str]) -> Server {
    server.shared = Some(set(names));
    server
}

#[test]
fn a_server_is_recognised_and_read_in_two_round_trips() {
    let server = server().with_file(&format!("{HOME}/config.yaml.d/50-rancher.yaml"), "tls-san+: x\n");

    let node = server.observe();

    assert_eq!((node.distribution(), node.role()), ("rke2", Role::First));
    assert_eq!(node.endpoint().to_string(), "172.22.22.11:6443");
    assert_eq!(node.supervisor(&node.endpoint()).unwrap().to_string(), "172.22.22.11:9345");
    assert_eq!(node.configured().to_string(), "rke2.example.com, x");
    assert_eq!(node.derived(), set(&OWN));
    assert_eq!(node.secret(), Some(("kube-system", "rke2-serving")));
    assert_eq!(node.on_disk().map(|cert| &cert.sans), Some(&server.served));
    assert_eq!(server.machine.looks.get(), 2);
    assert_eq!(ids(&node.cautions(&Want::Add(set(&["y.example.com"])))), ["configuration-managed"]);
}

#[test]
fn an_agent_is_told_from_a_server_by_the_unit_that_runs() {
    let both = || {
        server().on(|mut machine| {
            machine.units.insert("rke2-agent.service".into(), unit("agent"));
            machine
        })
    };
    let agent = both().on(|machine| Machine { running: ["rke2-agent".to_owned()].into(), ..machine });

    assert_eq!(both().observe().role(), Role::First);
    assert_eq!(agent.observe().role(), Role::Worker);
    assert_eq!(agent.observe().supervisor(&"10.0.3.2:6443".parse().unwrap()), None);
    assert_eq!(ids(&agent.plan(&["10.0.3.100"]).unwrap_err()), ["node-is-worker"]);
}

#[test]
fn a_server_gets_a_drop_in_a_restart_and_a_proof_for_each_port() {
    insta::assert_snapshot!(told(&server().step(&["10.0.3.100", "api.example.com"])));
}

#[test]
fn a_new_serial_is_asked_for_of_the_api_server_alone() {
    let of = |step: Step| -> Vec<_> {
        step.proofs.into_iter().map(|proof| (proof.listener, proof.not_serial.is_some())).collect()
    };
    let shared_lacks = joined_through(server().serving(&["10.0.3.100"]), &OWN);

    assert_eq!(
        of(server().step(&["10.0.3.100"])),
        [(Listener::ApiServer, true), (Listener::Supervisor, false)]
    );
    assert_eq!(
        of(shared_lacks.step(&["10.0.3.100"])),
        [(Listener::ApiServer, false), (Listener::Supervisor, false)]
    );
}

#[test]
fn a_name_that_one_port_lacks_needs_a_restart() {
    let listed =
        |server: Server| server.with_file(&format!("{HOME}/config.yaml.d/10.yaml"), "tls-san+: 10.0.3.100\n");
    let api_lacks = listed(joined_through(server(), &[OWN.as_slice(), &["10.0.3.100"]].concat()));
    let shared_lacks = listed(server().serving(&["10.0.3.100"]));
    let all = [OWN.as_slice(), &["10.0.3.100"]].concat();
    let neither = listed(joined_through(server().serving(&["10.0.3.100"]), &all));

    for server in [api_lacks, shared_lacks] {
        let step = server.step(&["10.0.3.100"]);
        assert!(step.changes.is_empty());
        assert!(
            matches!(step.settle.as_slice(), [Settle::Restart { unit }, Settle::AwaitReady { .. }] if unit == "rke2-server")
        );
    }
    assert_eq!(neither.plan(&["10.0.3.100"]), Ok(None));
}

#[test]
fn a_later_drop_in_cannot_wipe_the_names() {
    let rancher = format!("{HOME}/config.yaml.d/50-rancher.yaml");
    let server = server().with_file(&rancher, "tls-san: [rancher.example.com]\n");
    let files = server.machine.files.clone();

    let step = server.step(&["10.0.3.100"]);
    let after = server.after(&step);

    assert!(after.observe().configured().is_superset(&set(&["rancher.example.com", "10.0.3.100"])));
    assert!(after.step(&["10.0.3.100"]).changes.is_empty());
    assert_eq!(after.back(&step).machine.files, files);
}

#[test]
fn a_certificate_that_rke2_did_not_sign_is_refused_at_either_port() {
    let server = server();

    let findings = server.plan_at(&["10.0.3.100"], "10.0.3.2:6443", &Authority::new()).unwrap_err();

    assert_eq!(ids(&findings), ["certificate-elsewhere", "certificate-elsewhere"]);
    insta::assert_snapshot!(refusals::lines(findings));
}

#[test]
fn a_name_is_not_dialled_that_the_port_for_joining_does_not_name() {
    let server = joined_through(server().serving(&["cp1.example.com"]), &OWN);

    let findings = server.plan_at(&["10.0.3.100"], "cp1.example.com:6443", &server.authority).unwrap_err();

    assert_eq!(ids(&findings), ["endpoint-unnamed"]);
}

#[test]
fn a_version_whose_restart_takes_no_name_in_is_refused() {
    let server = version(server(), "1.28.0");

    insta::assert_snapshot!(refusals::lines(server.plan(&["10.0.3.100"]).unwrap_err()));
}

#[test]
fn taking_names_out_and_renewing_are_refused_with_what_to_do() {
    let server = server();
    let ca = &server.authority;
    let (presented, shared) = (presented(&ca.sign(&server.served)), presented(&ca.sign(&set(&OWN))));
    let endpoint = "10.0.3.2:6443".parse().unwrap();
    let served = Served { endpoint: &endpoint, presented: &presented, supervisor: Some(&shared) };
    let given = Given { now: now(), serial: [7; 16].into(), signer: None };
    let plan = |want: Want| server.observe().plan(&want, &served, &given);

    let findings =
        [Want::Remove(set(&["rke2.example.com"])), Want::Renew].map(|want| plan(want).unwrap_err());

    assert_eq!(plan(Want::Remove(set(&["other.example.com"]))), Ok(None));
    insta::assert_snapshot!(refusals::lines(findings.concat()));
}

/// One that Rancher set up, as it tells it where to join.
fn agent() -> Server {
    let mut server = Server { shared: None, ..server() };
    server.machine = server.machine.without_unit("rke2-server").with_running("rke2-agent");
    server.machine.units = [("rke2-agent.service".to_owned(), unit("agent"))].into();
    server
        .with_file(&format!("{HOME}/config.yaml"), "token: x\n")
        .with_file(&format!("{HOME}/config.yaml.d/50-rancher.yaml"), "server: https://10.0.3.2:9345\n")
}

#[test]
fn an_agent_is_led_to_the_port_where_others_join_and_rancher_is_told_of() {
    let from = vec!["10.0.3.2:6443".parse().unwrap()];
    let wanted = Move { from, to: "10.0.3.100:6443".parse().unwrap() };
    let node = agent().observe();
    let found = Found { node: "w1".into(), known_as: Some("w1".into()), references: node.references() };

    let step = plan_move(&[found], &wanted).map(|mut moved| moved.steps.remove(0)).unwrap();
    let after = agent().after(&step);

    assert_eq!(node.role(), Role::Worker);
    assert_eq!(
        after.text(&format!("{HOME}/config.yaml.d/50-rancher.yaml")),
        "server: https://10.0.3.100:9345\n"
    );
    assert_eq!(step.settle[0], Settle::Restart { unit: "rke2-agent".into() });
    assert_eq!(ids(&node.findings_of_move(&wanted, now())), ["configuration-managed"]);
    let references = after.observe().references();
    assert_eq!(references[0].names, Some("10.0.3.100:9345".parse().unwrap()));
    assert!(!references[0].moves(&wanted), "it leads there already");
}
