//! Workers: a kubelet and a kube-proxy, each led by the kubeconfig that its own arguments name.

use super::*;
use crate::{
    distro::{Found, Move, Place, Role, plan_move},
    plan::Listener,
};

const KUBELETS: &str = "/var/lib/kubelet/kubeconfig";
const PROXYS: &str = "/var/lib/kube-proxy/kubeconfig";
const CONFIGURATION: &str = "/var/lib/kube-proxy/kube-proxy-config.yaml";

fn kubeconfig(server: &str) -> String {
    let ca = Authority::new().cert.to_pem().unwrap();
    let ca = openssl::base64::encode_block(&ca).replace('\n', "");
    format!(
        "apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: {ca}\n    server: {server}\n  \
         name: kubernetes-the-hard-way\nusers:\n- name: w\n  user: {{client-key-data: c2VjcmV0}}\n"
    )
}

/// As the guide leaves it.
fn worker() -> Machine {
    let server = kubeconfig("https://server.kubernetes.local:6443");
    Machine::empty()
        .with_running("kubelet")
        .with_process(
            "/system.slice/kubelet.service",
            "/usr/local/bin/kubelet --config=/var/lib/kubelet/kubelet-config.yaml --kubeconfig=/var/lib/kubelet/kubeconfig",
        )
        .with_process(
            "/system.slice/kube-proxy.service",
            "/usr/local/bin/kube-proxy --config=/var/lib/kube-proxy/kube-proxy-config.yaml",
        )
        .with_file(CONFIGURATION, "clientConnection:\n  kubeconfig: \"/var/lib/kube-proxy/kubeconfig\"\nmode: iptables\n")
        .with_file(KUBELETS, &server)
        .with_file(PROXYS, &server)
}

fn wanted() -> Move {
    Move {
        from: vec!["server.kubernetes.local:6443".parse().unwrap()],
        to: format!("{WANTED}:6443").parse().unwrap(),
    }
}

fn moved(machine: &Machine) -> Option<Step> {
    let references = machine.observed().references();
    let found = Found { node: "w1".into(), known_as: Some("node-0".into()), references };
    plan_move(&[found], &wanted()).map(|mut moved| moved.steps.pop()).unwrap()
}

fn places(machine: &Machine) -> Vec<Place> {
    machine.observed().references().into_iter().map(|reference| reference.place).collect()
}

fn refusals(machine: &Machine) -> Vec<&'static str> {
    machine.observed().findings_of_move(&wanted(), now()).iter().map(|finding| finding.code.id()).collect()
}

#[test]
fn both_kubeconfigs_are_led_elsewhere_and_both_programs_restarted() {
    let worker = worker();
    let step = moved(&worker).unwrap();

    let after = worker.after(&step);

    for path in [KUBELETS, PROXYS] {
        assert_eq!(after.text(path), worker.text(path).replace("server.kubernetes.local", WANTED));
    }
    let settle: Vec<_> = step.settle.iter().map(ToString::to_string).collect();
    assert_eq!(settle.len(), 3, "{settle:?}");
    assert!(settle[0].contains("restart kubelet") && settle[1].contains("restart kube-proxy"), "{settle:?}");
    assert!(settle[2].contains("node node-0"), "{settle:?}");
    assert!(moved(&after).is_none(), "they lead there already");
    assert!(!serde_json::to_string(&step).unwrap().contains("c2VjcmV0"), "no key comes into a plan");
}

#[test]
fn a_worker_is_recognised_in_two_round_trips_and_takes_no_names() {
    let worker = worker();

    let node = worker.observed();

    assert_eq!((node.distribution(), node.role()), ("by-hand", Role::Worker));
    assert_eq!(worker.looks.get(), 2);
    assert_eq!(node.findings(now())[0].code.id(), "node-is-worker");
}

#[test]
fn the_files_are_those_that_the_programs_were_started_with() {
    let server = kubeconfig("https://server.kubernetes.local:6443");
    let elsewhere = worker()
        .with_file(CONFIGURATION, "clientConnection: {kubeconfig: /etc/kube-proxy.conf}\n")
        .with_file("/etc/kube-proxy.conf", &server);
    let alone = Machine::empty()
        .with_process(
            "/system.slice/kubelet.service",
            "kubelet --kubeconfig /etc/k/kubelet.conf --bootstrap-kubeconfig=/etc/k/bootstrap.conf",
        )
        .with_file("/etc/k/kubelet.conf", &server);

    assert_eq!(places(&elsewhere), [KUBELETS, "/etc/kube-proxy.conf"].map(|path| Place::File(path.into())));
    assert_eq!(places(&alone), [Place::File("/etc/k/kubelet.conf".into())]);
}

#[test]
fn what_cannot_be_led_elsewhere_is_refused() {
    let nobodys = Machine::empty()
        .with_process("/user.slice/session-1.scope", "kubelet --kubeconfig=/var/lib/kubelet/kubeconfig")
        .with_file(KUBELETS, &kubeconfig("https://a:6443"));

    for (machine, ids) in [
        (worker(), vec![]),
        (worker().with_file("/var/lib/cpctl/lock", "{}"), vec!["node-locked"]),
        (worker().with_file(PROXYS, "clusters: [\n"), vec!["reference-uneditable"]),
        (nobodys, vec!["launch-unclear"]),
    ] {
        assert_eq!(refusals(&machine), ids);
    }
}

#[test]
fn a_kubelet_of_a_distribution_or_beside_an_api_server_is_no_worker_by_hand() {
    let kubelet = "kubelet --kubeconfig=/var/lib/kubelet/kubeconfig";
    let beside = Cluster::new().machine.with_process("/system.slice/kubelet.service", kubelet);
    let contained = Machine::empty().with_process("/docker/0123456789ab/kubelet", kubelet);
    let anothers = Machine::empty().with_process("/system.slice/k0sworker.service", kubelet);

    assert_eq!(beside.observed().role(), Role::First);
    for machine in [contained, anothers] {
        let observed = crate::distro::observe(&machine, None).unwrap();
        assert!(matches!(observed, crate::distro::Observed::Refused(_)));
    }
}

#[test]
fn a_worker_sees_an_address_with_the_ca_of_its_kubeconfig() {
    let trial = worker().observed().trial().unwrap();

    assert_eq!((trial.listener, trial.authorities.len()), (Listener::ApiServer, 1));
}

#[test]
fn a_control_plane_is_led_nowhere_and_the_issuer_of_its_tokens_is_told() {
    let old = Cluster::old().machine.observed();
    let issuer = Move { from: vec!["34.82.1.2:6443".parse().unwrap()], ..wanted() };

    let told = old.findings_of_move(&issuer, now());

    assert_eq!(told.iter().map(|finding| finding.code.id()).collect::<Vec<_>>(), ["reference-left"]);
    assert!(told[0].message.contains("--service-account-issuer names 34.82.1.2"), "{told:?}");
    assert!(old.references().is_empty() && old.findings_of_move(&wanted(), now()).is_empty());
}
