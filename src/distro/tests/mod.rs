//! Which distribution a machine is taken for.

use super::*;
use crate::plan::{Change, Hold};
use machine::Machine;

pub mod authority;
pub mod machine;

/// A step as an operator reads it, with all that it holds still and creates.
pub fn told(step: &Step) -> String {
    let mut lines = vec![format!("{}: {}", step.node, step.why)];
    for hold in &step.holds {
        lines.push(format!("  {hold}"));
        if let Hold::Unit { reconcile, same, .. } = hold {
            lines.extend(reconcile.iter().map(|command| format!("    before it is let go: {command}")));
            lines.extend(same.iter().map(|(one, two)| format!("    {} = {}", one.display(), two.display())));
        }
    }
    for change in &step.changes {
        lines.push(format!("  {change}"));
        if let Change::Create { text, .. } = change {
            lines.extend(text.lines().map(|line| format!("  + {line}")));
        }
    }
    lines.extend(step.settle.iter().map(|settle| format!("  {settle}")));
    lines.extend(step.proofs.iter().map(|proof| format!("  {proof}")));
    lines.extend(step.notes.iter().map(|note| format!("  note: {note}")));
    lines.join("\n")
}

fn recognised(machine: &Machine, named: Option<&str>) -> String {
    match observe(machine, named).unwrap() {
        Observed::Known(control_plane) => control_plane.distribution().to_owned(),
        Observed::Refused(finding) => format!("{}: {}", finding.code.id(), finding.message),
    }
}

#[test]
fn a_microk8s_node_is_recognised_and_read_in_two_round_trips() {
    let machine = Machine::microk8s();

    assert_eq!(recognised(&machine, None), "microk8s");
    assert_eq!(machine.looks.get(), 2);
}

#[test]
fn another_distribution_is_refused_by_the_name_that_the_inventory_gives_it() {
    let machine = Machine::microk8s();

    assert_eq!(
        recognised(&machine, Some("rke1")),
        "distribution-unsupported: it runs rke1, which cpctl cannot change"
    );
    assert_eq!(machine.looks.get(), 0);
}

#[test]
fn a_node_of_kubeadm_s_is_told_by_its_manifest_or_its_kubelet_and_read_in_two_round_trips() {
    let control_plane = Machine::empty().with_file("/etc/kubernetes/manifests/kube-apiserver.yaml", "");
    let worker = Machine::empty().with_file("/etc/kubernetes/kubelet.conf", "");

    for machine in [control_plane, worker] {
        let machine = machine.with_running("kubelet");
        assert_eq!(recognised(&machine, None), "kubeadm");
        assert_eq!(machine.looks.get(), 2);
    }
    let beside_rke2 = Machine::empty().with_file("/etc/kubernetes/kubelet.conf", "").with_running("kubelet");
    assert_eq!(recognised(&beside_rke2.with_rke2(), None), "rke2");
}

#[test]
fn what_runs_outweighs_what_was_left_behind() {
    let left_behind = Machine::microk8s().without_unit("snap.microk8s.daemon-kubelite");
    let remains = Machine::microk8s().with_file("/var/lib/rancher/k3s", "");
    let k3s = || Machine::empty().with_file("/var/lib/rancher/k3s", "").with_file("/etc/rancher/k3s", "");

    assert_eq!(recognised(&left_behind.with_rke2(), None), "rke2");
    assert_eq!(recognised(&remains, None), "microk8s");
    assert_eq!(recognised(&k3s().with_rke2(), None), "rke2");
    assert_eq!(recognised(&k3s().with_file("/var/lib/rancher/rke2", ""), None), "k3s");
}

#[test]
fn a_machine_without_any_distribution_is_told_as_such() {
    let machine = Machine::empty();

    assert_eq!(
        recognised(&machine, None),
        "distribution-unknown: none of the Kubernetes distributions that cpctl knows is there"
    );
    assert_eq!(
        recognised(&machine, Some("microk8s")),
        "distribution-unknown: the inventory says `microk8s`, but nothing of it is there"
    );
}

#[test]
fn an_inventory_may_name_the_distribution() {
    let both = Machine::microk8s()
        .without_unit("snap.microk8s.daemon-kubelite")
        .with_file("/var/lib/rancher/k3s", "")
        .with_rke2();

    assert_eq!(recognised(&both, Some("microk8s")), "microk8s");
    assert_eq!(recognised(&both, Some("k3s")), "k3s");
    assert_eq!(recognised(&both, Some("rke2")), "rke2");
}

#[test]
fn an_api_server_that_nobody_else_runs_is_one_set_up_by_hand() {
    let server = "/usr/local/bin/kube-apiserver --client-ca-file=/var/lib/kubernetes/ca.pem";
    let in_unit = Machine::empty().with_process("/system.slice/kube-apiserver.service", server);
    let in_session = Machine::empty().with_process("/user.slice/user-0.slice/session-3.scope", server);
    let left_behind = Machine::microk8s().without_unit("snap.microk8s.daemon-kubelite");
    let replaced = left_behind.with_process("/system.slice/kube-apiserver.service", server);

    for machine in [in_unit, in_session, replaced] {
        assert_eq!(recognised(&machine, None), "by-hand");
        assert_eq!(machine.looks.get(), 2);
    }
}

#[test]
fn an_api_server_of_another_distribution_is_not_taken_for_one_set_up_by_hand() {
    let server = "kube-apiserver --tls-cert-file=/etc/kubernetes/pki/apiserver.crt";
    let manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml";
    let kubeadm = || Machine::empty().with_file(manifest, "").with_running("kubelet");
    let in_pod = kubeadm().with_process("/kubepods/burstable/podab/12", server);
    let untold = kubeadm().with_process("/", server);
    let k0s = Machine::empty()
        .with_file("/var/lib/k0s", "")
        .with_running("k0scontroller")
        .with_process("/system.slice/k0scontroller.service", server);

    for machine in [in_pod, untold] {
        assert_eq!(recognised(&machine, None), "kubeadm");
    }
    assert_eq!(recognised(&k0s, None), "k0s");
}
