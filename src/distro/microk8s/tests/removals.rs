//! What is planned for names that are to go, and for a new term.

use super::*;

const TEMPLATE: &str = "templates/by-hand.conf";

fn removal(names: &[&str]) -> Want {
    Want::Remove(set(names))
}

fn messages(refused: Result<Option<Step>, Vec<Finding>>) -> Vec<String> {
    refused.unwrap_err().into_iter().map(|finding| finding.message).collect()
}

#[test]
fn a_name_is_taken_out_of_the_template_and_of_the_certificate() {
    let cluster = Cluster::with_template(&fixture(TEMPLATE));

    insta::assert_snapshot!(told(&cluster.plan_for(&removal(&["172.22.22.3"])).unwrap().unwrap()));
}

#[test]
fn a_name_that_is_neither_served_nor_listed_needs_nothing() {
    for cluster in [Cluster::shipped(), Cluster::shipped().joined()] {
        assert_eq!(cluster.plan_for(&removal(&["172.22.22.3", "never.example"])), Ok(None));
    }
}

#[test]
fn a_name_that_is_listed_and_was_never_signed_is_taken_out_of_the_template_alone() {
    let mut cluster = Cluster::shipped().joined();
    cluster.machine = cluster.machine.with_certs(&fixture(TEMPLATE), &cluster.authority, &cluster.served);

    let step = cluster.plan_for(&removal(&["172.22.22.3"])).unwrap().unwrap();

    assert_eq!(edit(&step).split(": ").last(), Some("remove IP.3 = 172.22.22.3"));
    assert!(step.why.contains("the next certificate would carry them"), "{}", step.why);
    let proof = step.proofs[0].clone();
    assert_eq!((proof.not_serial, proof.lacks), (None, set(&["172.22.22.3"])));
}

#[test]
fn a_name_that_is_served_by_accident_is_signed_away_without_an_edit() {
    let step =
        Cluster::shipped().serving(&["old.example"]).plan_for(&removal(&["old.example"])).unwrap().unwrap();

    assert!(!step.changes.iter().any(|change| matches!(change, crate::plan::Change::Edit { .. })));
    assert!(!step.proofs[0].covers.contains(&"old.example".parse().unwrap()));
}

#[test]
fn other_served_names_that_a_new_rendering_would_drop_are_listed() {
    let step =
        Cluster::shipped().serving(&["old.example", "kept.example"]).plan_for(&removal(&["old.example"]));

    let step = step.unwrap().unwrap();

    assert!(edit(&step).ends_with("add DNS.6 = kept.example"), "{}", edit(&step));
}

#[test]
fn a_name_that_comes_in_by_itself_cannot_be_taken_out() {
    let cluster = Cluster::shipped();

    let refused = messages(cluster.plan_for(&removal(&["172.22.22.11"])));

    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].ends_with("cannot be changed: 172.22.22.11 comes in by itself"), "{refused:?}");
    assert!(cluster.observe().derived().contains(&"172.22.22.11".parse().unwrap()));
}

#[test]
fn a_line_that_hides_another_one_cannot_be_taken_out_alone() {
    let refused = messages(
        Cluster::with_template(&fixture("templates/duplicate.conf")).plan_for(&removal(&["172.22.22.4"])),
    );

    assert!(refused[0].contains("two lines give `IP.3` a value"), "{refused:?}");
}

#[test]
fn a_launch_configuration_that_lists_the_name_would_bring_it_back() {
    let with = |list: &str| {
        let cluster = Cluster::with_template(&fixture(TEMPLATE));
        cluster.on(|machine| machine.with_file("/etc/microk8s.yaml", list))
    };

    let refused = with("extraSANs: [172.22.22.3]").plan_for(&removal(&["172.22.22.3"])).unwrap_err();

    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].code.id(), "launch-configuration");
    assert!(refused[0].remedy.as_ref().unwrap().starts_with("take 172.22.22.3 out of its `extraSANs`"));
    assert!(with("extraSANs: [10.0.0.9]").plan_for(&removal(&["172.22.22.3"])).is_ok());
}

#[test]
fn a_certificate_is_renewed_with_the_names_it_has() {
    let cluster = Cluster::with_template(&fixture(TEMPLATE)).ending_in(20);

    insta::assert_snapshot!(told(&cluster.plan_for(&Want::Renew).unwrap().unwrap()));
}

#[test]
fn a_certificate_that_its_ca_does_not_outlast_is_not_renewed() {
    let refused = Cluster::shipped().plan_for(&Want::Renew).unwrap_err();

    let ids: Vec<_> = refused.iter().map(|finding| finding.code.id()).collect();
    assert_eq!(ids, ["reissue-impossible"]);
    assert_eq!(refused[0].remedy.as_deref(), Some("the cluster needs a new CA first"));
}

#[test]
fn the_service_and_the_announced_address_are_needed() {
    let pinned = fixture("args/kube-apiserver-advertised");
    let arguments = "/var/snap/microk8s/current/args/kube-apiserver";
    let advertised = Cluster::shipped().on(|machine| machine.with_file(arguments, &pinned));

    assert_eq!(Cluster::shipped().observe().needed(), set(&["10.152.183.1"]));
    assert_eq!(advertised.observe().needed(), set(&["10.152.183.1", "172.22.22.11"]));
}
