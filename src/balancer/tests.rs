//! Servers as a real HAProxy 2.6 told them, and what is planned of them.

use super::*;
use crate::plan::{Proof, Restart, Settle};

/// Of the lab, with a second backend for the same machines.
const SAID: &str = include_str!("../../fixtures/haproxy/admin-socket.txt");

fn front(said: &str) -> Front {
    Front { name: "lb1".into(), socket: "/run/haproxy/admin.sock".into(), backend: None, servers: read(said) }
}

fn step() -> Step {
    let api: Endpoint = "172.22.22.11:16443".parse().unwrap();
    let within = Duration::from_secs(75);
    let otherwise = Some(Restart { unit: "kubelite".into(), within, command: None });
    Step {
        node: "n1".into(),
        why: "serve it".into(),
        holds: vec![],
        changes: vec![],
        settle: vec![Settle::ServesFile {
            endpoint: api,
            file: "/certs/server.crt".into(),
            within,
            otherwise,
        }],
        proofs: vec![],
        notes: vec![],
    }
}

fn planned(front: &Front, api: &str) -> (Vec<String>, Vec<String>) {
    let (holds, findings) = front.drained(&step(), &api.parse().unwrap());
    let told = |finding: &Finding| format!("{} {}", finding.code.id(), finding.message);
    (holds.iter().map(ToString::to_string).collect(), findings.iter().map(told).collect())
}

#[test]
fn what_haproxy_says_tells_every_server_with_its_address_and_state() {
    let servers = read(SAID);

    let told: Vec<_> =
        servers.iter().map(|server| (server.path(), server.status.clone(), server.is_out)).collect();
    let told: Vec<_> =
        told.iter().map(|(path, status, is_out)| (path.as_str(), status.as_str(), *is_out)).collect();
    assert_eq!(
        told,
        [
            ("kube_api_nodes/n1", "UP", false),
            ("kube_api_nodes/n2", "UP", false),
            ("kube_api_nodes/n3", "DRAIN", true),
            ("join/n1", "no check", false),
            ("join/n2", "MAINT", true),
        ]
    );
}

#[test]
fn a_node_is_drained_where_a_server_has_its_address_and_port() {
    let front = front(&SAID.replace("DRAIN", "UP").replace(" 2 8 ", " 2 0 "));

    let (holds, findings) = planned(&front, "172.22.22.11:16443");

    assert_eq!(
        holds,
        ["before a restart, drain kube_api_nodes/n1 on lb1, which puts it back after 6 min if nobody does"]
    );
    assert_eq!(findings, Vec::<String>::new());
}

#[test]
fn a_node_is_drained_at_the_port_for_joining_too_where_a_proof_says_that_it_has_one() {
    let front =
        front(&SAID.replace("DRAIN", "UP").replace(" 2 8 ", " 2 0 ").replace(" 0 1 1 1 223", " 2 0 1 1 223"));
    let joining = Proof {
        listener: Listener::Supervisor,
        connections: 20,
        within: Duration::from_secs(90),
        ..Proof::at("172.22.22.11:25000".parse().unwrap())
    };
    let drained = |listener: Listener| {
        let step = Step { proofs: vec![Proof { listener, ..joining.clone() }], ..step() };
        let (holds, _) = front.drained(&step, &"172.22.22.11:16443".parse().unwrap());
        holds.len()
    };

    assert_eq!((drained(Listener::Supervisor), drained(Listener::ApiServer)), (2, 1));
}

#[test]
fn a_server_whose_others_are_not_all_up_cannot_be_spared() {
    let one_only: String = SAID
        .lines()
        .filter(|line| !line.contains("n2") && !line.contains("n3"))
        .map(|line| format!("{line}\n"))
        .collect();
    for (said, why) in [
        (SAID.to_owned(), "kube_api_nodes/n3 is DRAIN"),
        (SAID.replace(",UP,", ",UP 1/2,"), "kube_api_nodes/n2 is UP 1/2, kube_api_nodes/n3 is DRAIN"),
        (one_only, "kube_api_nodes has no other server"),
    ] {
        let (_, findings) = planned(&front(&said), "172.22.22.11:16443");

        assert_eq!(findings, [format!("balancer-degraded kube_api_nodes/n1 cannot be spared: {why}")]);
    }
}

#[test]
fn a_server_that_somebody_took_out_is_told_and_needs_no_others() {
    let (holds, findings) = planned(&front(SAID), "172.22.22.13:16443");

    assert_eq!(holds.len(), 1);
    assert_eq!(findings, ["balancer-drained somebody took kube_api_nodes/n3 out (DRAIN), and it stays so"]);
}

#[test]
fn a_balancer_without_the_node_is_told_unless_a_named_backend_has_its_name() {
    let mut front = front(&SAID.replace(" 2 8 ", " 2 0 ").replace("DRAIN", "UP"));

    let (_, missing) = planned(&front, "10.9.9.9:16443");
    front.backend = Some("kube_api_nodes".into());
    let (named, _) = planned(&front, "10.9.9.9:16443");
    front.backend = Some("elsewhere".into());
    let (_, absent) = planned(&front, "172.22.22.11:16443");

    assert_eq!(
        missing,
        ["balancer-without-node no server is at 10.9.9.9:16443, so n1 cannot be drained there"]
    );
    assert!(named[0].contains("drain kube_api_nodes/n1 on lb1"), "{named:?}");
    assert_eq!(
        absent,
        [
            "balancer-without-node no server of elsewhere is at 172.22.22.11:16443, so n1 cannot be drained there"
        ]
    );
}
