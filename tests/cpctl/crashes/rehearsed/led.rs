//! Every record of a run that leads what goes to the control plane elsewhere.

use std::{fs, path::Path, thread};

use cpctl::rehearse::{Kind, Machine};

use super::{
    super::can_kill, bench::Bench, every_kill_is_survived_by_resume, every_kill_is_survived_by_undo,
    every_killed_undo_is_survived_by_another,
};

const OLD: &str = "192.0.2.11:6443";
const PROVIDER: &str = "tcp:\n  services:\n    kube-apiserver:\n      loadBalancer:\n        servers:\n        \
                        - address: 192.0.2.11:6443\n        - address: \"192.0.2.12:6443\"\n";
const MICROK8S: &str = "/var/snap/microk8s/current";
/// Where an agent of K3s and a worker of MicroK8s name the control plane.
const AGENT: &str = "/etc/systemd/system/k3s-agent.service.env";
const WORKER: &str = "/var/snap/microk8s/current/args/traefik/provider.yaml";

fn put(machine: &Machine, path: &str, text: &str) {
    let file = machine.path(Path::new(path)).unwrap();
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn text(machine: &Machine, path: &str) -> String {
    fs::read_to_string(machine.path(Path::new(path)).unwrap()).unwrap()
}

/// Makes an agent of a server.
fn agent(machine: &Machine) {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/k3s/units/agent.service");
    let ca = text(machine, "/var/lib/rancher/k3s/server/tls/server-ca.crt");
    for file in ["/etc/systemd/system/k3s.service", "/etc/rancher/k3s/config.yaml"] {
        fs::remove_file(machine.path(Path::new(file)).unwrap()).unwrap();
    }
    put(machine, "/etc/systemd/system/k3s-agent.service", &fs::read_to_string(fixture).unwrap());
    put(machine, AGENT, &format!("K3S_TOKEN=t\nK3S_URL=https://{OLD}\n"));
    put(machine, "/var/lib/rancher/k3s/agent/server-ca.crt", &ca);
    machine.run_unit("k3s-agent").unwrap();
}

/// Makes a worker of a control plane.
fn worker(machine: &Machine) {
    let ca = text(machine, &format!("{MICROK8S}/certs/ca.crt"));
    put(machine, &format!("{MICROK8S}/var/lock/clustered.lock"), "");
    put(machine, &format!("{MICROK8S}/certs/ca.remote.crt"), &ca);
    put(machine, WORKER, PROVIDER);
    put(machine, &format!("{MICROK8S}/args/apiserver-proxy"), "--refresh-interval 30s\n");
    machine.run_unit("snap.microk8s.daemon-apiserver-proxy").unwrap();
}

/// A cluster of which the third machine was made something else, and where its first API server answers.
fn site(kind: Kind, make: impl Fn(&Machine)) -> (Bench, String) {
    let bench = Bench::of(kind);
    make(bench.cluster.machine("cp3").unwrap());
    let first = bench.cluster.targets().into_iter().next().unwrap();
    let port = first.api.unwrap().rsplit_once(':').unwrap().1.to_owned();
    (bench, format!("127.0.0.1:{port}"))
}

/// Kills the lead to `to` at every record. What `led` reads must name the address afterwards, and not before.
fn every_kill_is_survived(bench: &Bench, to: &str, led: impl Fn() -> String) {
    let lead = ["endpoint", "move", "--from", OLD, "--from", "192.0.2.12", "--to", to, "--yes"];
    let laptop = bench.laptop();
    laptop.cpctl(&lead);
    assert!(led().contains(to), "{}", led());
    laptop.undo();
    assert!(!led().contains(to), "{}", led());

    every_kill_is_survived_by_resume(bench, &lead);
    every_killed_undo_is_survived_by_another(bench, &lead);
    every_kill_is_survived_by_undo(bench, &lead);
}

#[test]
fn an_agent_or_a_worker_being_led_elsewhere_when_the_binary_is_killed_at_any_record_is_led_there_or_back() {
    if !can_kill("killing the binary") {
        return;
    }
    let agents = (Kind::K3s, agent as fn(&Machine), AGENT);
    let workers = (Kind::MicroK8s, worker as fn(&Machine), WORKER);
    thread::scope(|scope| {
        for (kind, make, file) in [agents, workers] {
            scope.spawn(move || {
                let (bench, to) = site(kind, make);
                let third = bench.cluster.machine("cp3").unwrap();

                every_kill_is_survived(&bench, &to, || text(third, file));
            });
        }
    });
}

#[test]
fn a_text_of_the_cluster_being_led_elsewhere_when_the_binary_is_killed_at_any_record_is_led_there_or_back() {
    if !can_kill("killing the binary") {
        return;
    }
    let (bench, to) = site(Kind::Kubeadm, |_| {});

    every_kill_is_survived(&bench, &to, || fs::read_to_string(bench.cluster.register_path()).unwrap());
}
