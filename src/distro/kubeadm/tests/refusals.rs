//! What a node of kubeadm's is refused for, before anything is changed.

use super::*;

fn refused(change: impl FnOnce(Machine) -> Machine) -> String {
    read(&Cluster::new().on(change).plan(&WANTED).unwrap_err())
}

fn ids(change: impl FnOnce(Machine) -> Machine) -> Vec<&'static str> {
    let refusals = Cluster::new().on(change).plan(&WANTED).unwrap_err();
    refusals.into_iter().map(|finding| finding.code.id()).collect()
}

#[test]
fn a_worker_is_told_as_one() {
    let worker = Cluster::worker().observe();

    assert_eq!(worker.role(), crate::distro::Role::Worker);
    assert_eq!(worker.register(), None);
    insta::assert_snapshot!(read(&worker.findings(now())));
}

#[test]
fn an_external_ca_is_refused_with_where_its_key_may_lie() {
    let refusal = refused(|mut machine| {
        machine.public_keys.remove(Path::new("/etc/kubernetes/pki/ca.key"));
        machine
    });

    assert!(
        refusal.starts_with("ca-key-missing: cp1: the key of its CA does not lie in /etc/kubernetes/pki")
    );
    assert!(refusal.contains("--ca-key USER@HOST:PATH"), "{refusal}");
}

#[test]
fn what_others_own_is_left_to_them_with_the_words_that_they_take() {
    let kubespray = refused(|machine| {
        let configuration = fixture("configurations/v1beta3.yaml");
        machine
            .with_file("/etc/kubernetes/kubeadm-config.yaml", &configuration)
            .with_file("/etc/kubernetes/ssl", "")
    });
    let cluster_api = refused(|machine| machine.with_file("/run/cluster-api", ""));

    insta::assert_snapshot!(format!("{kubespray}\n{cluster_api}"));
    assert_eq!(refused(|machine| machine.with_file("/run/kubeadm", "")), cluster_api);
}

#[test]
fn one_mark_of_an_owner_is_not_enough() {
    let alone = Cluster::new().on(|machine| machine.with_file("/etc/kubernetes/ssl", ""));

    assert_eq!(alone.observe().findings(now()), []);
}

#[test]
fn a_kubeadm_at_work_is_waited_for() {
    let refusal = refused(|machine| machine.with_process("/user.slice", "kubeadm upgrade apply v1.35.0"));

    insta::assert_snapshot!(refusal);
}

#[test]
fn a_node_that_does_not_run_as_its_manifest_says_is_refused() {
    let without_process = |mut machine: Machine| {
        machine.processes.clear();
        machine
    };

    assert_eq!(ids(without_process), ["service-stopped"]);
    assert_eq!(ids(|machine| machine.without_unit("kubelet")), ["service-stopped"]);
}

#[test]
fn a_certificate_that_is_not_what_the_server_shows_is_refused_with_what_starts_it_again() {
    let refusal = refused(|machine| {
        let other = Authority::new();
        let leaf = other.sign(&set(&["kubernetes"]));
        let mut machine = machine.with_file(CERTIFICATE, &String::from_utf8(leaf.to_pem().unwrap()).unwrap());
        machine
            .public_keys
            .insert("/etc/kubernetes/pki/apiserver.key".into(), presented(&leaf).leaf.public_key);
        machine
    });

    assert!(refusal.starts_with("served-elsewhere: cp1:"), "{refusal}");
    assert!(refusal.contains("`sudo pkill -x kube-apiserver` on the node"), "{refusal}");
}
