//! What is planned for a node of kubeadm's, from its manifest and from the process that runs.

use super::*;
use crate::{
    distro::Role,
    plan::{Change, Settle},
};

const FILE: &str = "/etc/kubernetes/kubeadm-config.yaml";

/// What ends the API server's process where it does not follow its file.
fn restarted(step: &Step) -> Option<String> {
    step.settle.iter().find_map(|settle| match settle {
        Settle::ServesFile { otherwise, .. } => Some(otherwise.as_ref()?.command.as_ref()?.to_string()),
        _ => None,
    })
}

#[test]
fn a_control_plane_is_signed_anew_with_the_key_that_kubeadm_left_there() {
    insta::assert_snapshot!(told(&Cluster::new().step()));
}

#[test]
fn a_node_is_read_in_one_round_trip() {
    let cluster = Cluster::new();
    let answers = cluster.machine.look(&Kubeadm.asks()).unwrap();
    cluster.machine.looks.set(0);

    let node = Kubeadm.observe(&cluster.machine, &answers).unwrap();

    assert_eq!(cluster.machine.looks.get(), 1);
    assert_eq!((node.distribution(), node.role()), ("kubeadm", Role::First));
    assert_eq!(node.endpoint().to_string(), "172.22.22.11:6443");
    assert_eq!(node.findings(now()), []);
    assert_eq!(
        node.cautions(&adds(&WANTED)).len(),
        1,
        "names of services, which the fixture's certificate lacks"
    );
}

#[test]
fn plans_nothing_when_all_is_served() {
    let full = Cluster::new().on(|machine| Machine { space: (0, 0), ..machine });

    assert_eq!(full.plan(&["api.lab.example", "172.22.22.11"]), Ok(None));
}

#[test]
fn old_names_stay_beside_the_new_ones() {
    let cluster = Cluster::new();

    let names = names(&cluster.step());

    assert!(names.is_superset(&cluster.presented().leaf.sans) && names.is_superset(&set(&WANTED)));
}

#[test]
fn the_process_that_runs_says_more_than_the_manifest() {
    let moved = Cluster::new().on(|mut machine| {
        machine.processes.clear();
        let line = started().replace("--secure-port=6443", "--secure-port=7443");
        machine.with_process(GROUP, &line)
    });

    assert_eq!(moved.observe().endpoint().to_string(), "172.22.22.11:7443");
}

#[test]
fn an_api_server_of_another_cluster_in_a_pod_is_not_taken_for_the_nodes_own() {
    let nested = started().replace("172.22.22.11", "10.244.0.7").replace("=6443", "=8443");
    let crowded = Cluster::new().on(|mut machine| {
        machine.processes.clear();
        machine.with_process(GROUP, &nested).with_process(GROUP, &started())
    });
    let alone = Cluster::new().on(|mut machine| {
        machine.processes.clear();
        machine.with_process(GROUP, &nested)
    });

    assert_eq!(crowded.observe().endpoint().to_string(), "172.22.22.11:6443");
    assert_eq!(alone.observe().findings(now())[0].code.id(), "service-stopped");
}

#[test]
fn only_the_process_of_the_manifest_is_ended_where_it_does_not_follow() {
    assert_eq!(
        restarted(&Cluster::new().step()).unwrap(),
        r"pkill -TERM -f '^([^ ]*/)?kube-apiserver .*--advertise-address[= ]172\.22\.22\.11( |$)'"
    );
}

#[test]
fn a_configuration_on_the_node_lists_the_names_too() {
    let cluster =
        Cluster::new().on(|machine| machine.with_file(FILE, &fixture("configurations/comments.yaml")));

    let step = cluster.step();

    let [Change::Reissue(_), Change::Edit { path, edit }] = &step.changes[..] else {
        panic!("{}", told(&step))
    };
    assert_eq!(path, Path::new(FILE));
    insta::assert_snapshot!(edit.make(&fixture("configurations/comments.yaml")).unwrap());
}

#[test]
fn names_that_are_served_are_still_written_down() {
    let cluster = Cluster::new().on(|machine| machine.with_file(FILE, &fixture("configurations/flow.yaml")));

    let step = cluster.plan(&["kubernetes"]).unwrap().unwrap();

    assert_eq!(
        told(&step),
        "cp1: its configuration does not list kubernetes\n  edit /etc/kubernetes/kubeadm-config.yaml: add kubernetes \
         to `apiServer.certSANs`"
    );
}

#[test]
fn a_file_that_is_no_configuration_of_the_cluster_stays() {
    let other = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\n";
    let cluster = Cluster::new().on(|machine| machine.with_file(FILE, other));

    assert_eq!(cluster.step().changes.len(), 1);
}

#[test]
fn the_ca_key_may_lie_elsewhere() {
    let without = Cluster::new().on(|mut machine| {
        machine.public_keys.remove(Path::new("/etc/kubernetes/pki/ca.key"));
        machine
    });
    let authority = crate::plan::Authority { node: Some("vault".into()), key: "/root/ca.key".into() };
    let signer = Signer { authority, public_key: presented(&without.authority.cert).leaf.public_key };

    let step = without.plan_with(&WANTED, Some(&signer)).unwrap().unwrap();

    let Change::Reissue(reissue) = &step.changes[0] else { panic!("{}", told(&step)) };
    assert_eq!(reissue.authority.to_string(), "/root/ca.key on vault");
}
