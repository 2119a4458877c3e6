//! What is planned for names that are to go, and for a new term.

use super::*;

#[test]
fn a_certificate_is_signed_anew_without_a_name() {
    let step = Cluster::old().plan_for(&Want::Remove(set(&["34.82.1.2", "never.example"]))).unwrap().unwrap();

    insta::assert_snapshot!(told(&step));
}

#[test]
fn a_name_that_is_not_served_needs_nothing() {
    assert_eq!(Cluster::old().plan_for(&Want::Remove(set(&["never.example"]))), Ok(None));
}

#[test]
fn a_file_that_still_lists_the_name_is_told() {
    let cautions = Cluster::new().observe().cautions(&Want::Remove(set(&["server.kubernetes.local"])));

    let found: Vec<_> = cautions.iter().filter(|found| found.code.id() == "signing-configuration").collect();

    assert_eq!(found.len(), 1, "{cautions:?}");
    assert!(found[0].message.contains("names it again"), "{}", found[0].message);
}

#[test]
fn a_certificate_is_renewed_for_as_long_as_it_was_and_with_the_names_it_has() {
    insta::assert_snapshot!(told(&Cluster::old().ending_in(20).plan_for(&Want::Renew).unwrap().unwrap()));
}

#[test]
fn a_certificate_that_its_ca_does_not_outlast_is_not_renewed() {
    let refused = Cluster::old().plan_for(&Want::Renew).unwrap_err();

    assert_eq!(refused[0].code.id(), "reissue-impossible");
    assert_eq!(refused[0].remedy.as_deref(), Some("the cluster needs a new CA first"));
}

#[test]
fn the_service_and_the_members_of_etcd_are_needed() {
    let needed = Cluster::old().observe().needed();

    assert!(
        needed.is_superset(&set(&["10.32.0.1", "10.240.0.10", "10.240.0.11", "10.240.0.12"])),
        "{needed}"
    );
}
