//! Workers: the proxy that leads them to the API servers, led elsewhere.

use super::*;
use crate::{
    distro::{Found, Move, plan_move},
    plan::{Listener, Step},
};

const PROVIDER: &str = "/var/snap/microk8s/current/args/traefik/provider.yaml";
const ARGUMENTS: &str = "/var/snap/microk8s/current/args/apiserver-proxy";
const PROXY: &str = "snap.microk8s.daemon-apiserver-proxy";

/// As `microk8s join --worker` writes it.
const SERVERS: &str = "\
tcp:
  routers:
    Router-1:
      rule: HostSNI(`*`)
      service: kube-apiserver
      tls:
        passthrough: true
  services:
    kube-apiserver:
      loadBalancer:
        servers:
        - address: 10.0.0.11:16443
        - address: \"10.0.0.12:16443\" # the second
";
const WORDS: &str = "--refresh-interval 30s\n--traefik-config ${SNAP_DATA}/args/traefik/traefik.yaml\n";

fn worker() -> Machine {
    let authority = String::from_utf8(Authority::new().cert.to_pem().unwrap()).unwrap();
    Machine::microk8s()
        .with_file("/var/snap/microk8s/current/var/lock/clustered.lock", "")
        .with_file("/var/snap/microk8s/current/certs/ca.remote.crt", &authority)
        .with_file(PROVIDER, SERVERS)
        .with_file(ARGUMENTS, WORDS)
        .with_running(PROXY)
}

fn wanted() -> Move {
    let from = ["10.0.0.11:16443", "10.0.0.12:16443"].map(|from| from.parse().unwrap());
    Move { from: from.into(), to: "10.0.0.3:16443".parse().unwrap() }
}

fn moved(machine: &Machine) -> Option<Step> {
    let found =
        Found { node: "w1".into(), known_as: Some("w1".into()), references: machine.observed().references() };
    plan_move(&[found], &wanted()).map(|mut moved| moved.steps.pop()).unwrap()
}

fn refusals(machine: &Machine) -> Vec<&'static str> {
    machine.observed().findings_of_move(&wanted(), now()).iter().map(|finding| finding.code.id()).collect()
}

#[test]
fn a_proxy_is_led_to_the_address_and_kept_from_learning_others() {
    let step = moved(&worker()).unwrap();

    let after = worker().after(&step);

    let servers = SERVERS.replace("10.0.0.11:16443", "\"10.0.0.3:16443\"").replace("10.0.0.12", "10.0.0.3");
    assert_eq!(after.text(PROVIDER), servers);
    assert_eq!(after.text(ARGUMENTS), WORDS.replace("30s", "0s"));
    assert!(moved(&after).is_none(), "it leads there already");
    assert!(step.changes[0].to_string().contains(ARGUMENTS), "{}", step.changes[0]);
    let settle: Vec<_> = step.settle.iter().map(ToString::to_string).collect();
    assert_eq!(settle.len(), 2, "{settle:?}");
    assert!(settle[0].contains(PROXY) && settle[1].contains("node w1"), "{settle:?}");
}

#[test]
fn a_proxy_that_learns_nothing_is_led_by_its_servers_alone() {
    let pinned = worker().with_file(ARGUMENTS, "--refresh-interval=0s\n");

    let step = moved(&pinned).unwrap();

    assert_eq!(step.changes.len(), 2, "{:?}", step.changes);
    assert!(step.notes.iter().all(|note| !note.contains("no longer learns")), "{:?}", step.notes);
}

#[test]
fn what_cannot_be_led_is_refused_with_what_to_write_by_hand() {
    for (machine, ids) in [
        (worker(), vec![]),
        (worker().without_unit(PROXY), vec!["service-stopped"]),
        (worker().with_file(ARGUMENTS, "--traefik-config x\n"), vec!["reference-uneditable"]),
        (worker().with_file(PROVIDER, "http: {}\n"), vec!["reference-uneditable"]),
        (worker().with_file(PROVIDER, "tcp: [\n"), vec!["reference-uneditable"]),
        (worker().with_file("/var/lib/cpctl/lock", "{}"), vec!["node-locked"]),
    ] {
        assert_eq!(refusals(&machine), ids);
    }
}

#[test]
fn a_worker_sees_an_address_with_the_clusters_ca_and_a_control_plane_is_led_nowhere() {
    let trial = worker().observed().trial().unwrap();

    assert_eq!((trial.listener, trial.authorities.len()), (Listener::ApiServer, 1));
    let control_plane = Machine::microk8s().observed();
    assert!(control_plane.references().is_empty() && control_plane.trial().is_none());
    assert!(control_plane.findings_of_move(&wanted(), now()).is_empty());
}
