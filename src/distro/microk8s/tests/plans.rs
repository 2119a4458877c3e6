//! What is planned for a MicroK8s node, from its files as they are found.

use super::*;
use crate::distro::Role;

#[test]
fn a_first_node_is_changed_under_a_held_kicker() {
    insta::assert_snapshot!(told(&Cluster::shipped().step(&["172.22.22.3", "cp.example.internal"])));
}

#[test]
fn a_joined_node_gets_its_files_back_as_they_were() {
    insta::assert_snapshot!(told(&Cluster::shipped().joined().step(&["172.22.22.3"])));
}

#[test]
fn a_plan_is_stored_whole() {
    insta::assert_json_snapshot!(Cluster::shipped().step(&["172.22.22.3"]));
}

#[test]
fn plans_nothing_when_all_is_served() {
    for name in
        ["by-hand.conf", "bare.conf", "commented-value.conf", "below-the-mark.conf", "split-section.conf"]
    {
        let cluster = Cluster::with_template(&fixture(&format!("templates/{name}")));

        assert_eq!(cluster.plan(&["172.22.22.3"]), Ok(None), "{name}");
        assert_eq!(cluster.joined().plan(&["172.22.22.3"]), Ok(None), "{name}");
    }
}

#[test]
fn a_node_with_nothing_to_do_is_not_refused_for_its_disk() {
    let cluster = Cluster::with_template(&fixture("templates/by-hand.conf"))
        .on(|machine| Machine { space: (0, 0), ..machine });

    assert_eq!(cluster.plan(&["172.22.22.3"]), Ok(None));
}

#[test]
fn names_that_a_template_lists_and_nobody_signed_are_signed_without_an_edit() {
    let listed = fixture("templates/by-hand.conf");
    let mut cluster = Cluster::shipped().joined();
    cluster.machine = cluster.machine.with_certs(&listed, &cluster.authority, &cluster.served);

    insta::assert_snapshot!(told(&cluster.step(&["172.22.22.3"])));
}

#[test]
fn a_name_that_is_served_by_accident_is_written_down_and_nothing_is_signed() {
    insta::assert_snapshot!(told(&Cluster::shipped().serving(&["172.22.22.3"]).step(&["172.22.22.3"])));
    insta::assert_snapshot!(told(
        &Cluster::shipped().serving(&["172.22.22.3"]).joined().step(&["172.22.22.3"])
    ));
}

#[test]
fn a_name_that_is_served_and_no_longer_on_the_disk_is_signed_again() {
    let mut cluster = Cluster::shipped();
    cluster.served = cluster.served.union(&set(&["172.22.22.3"]));

    let step = cluster.step(&["172.22.22.3"]);

    assert_eq!(step.proofs[0].not_serial.as_deref(), Some("beef"));
}

#[test]
fn served_names_that_a_new_rendering_would_drop_are_listed_too() {
    let moved = Cluster::shipped().on(|machine| Machine { addresses: "172.22.22.19".into(), ..machine });

    let step = moved.step(&["172.22.22.3"]);

    assert!(edit(&step).ends_with("add IP.101 = 172.22.22.3, IP.102 = 172.22.22.11"), "{}", edit(&step));
    assert!(step.proofs[0].covers.contains(&"172.22.22.11".parse().unwrap()));
    assert!(step.notes[0].starts_with("172.22.22.11 is served today and would be lost"), "{:?}", step.notes);
}

#[test]
fn templates_as_people_leave_them_get_entries_that_count() {
    for (name, entries) in [
        ("bom.conf", "IP.101 = 172.22.22.9"),
        ("continued.conf", "IP.101 = 172.22.22.9"),
        ("crlf.conf", "IP.101 = 172.22.22.9"),
        ("duplicate.conf", "IP.101 = 172.22.22.9"),
        ("high.conf", "IP.1000 = 172.22.22.9"),
        ("launch-configuration.conf", "IP.101 = 172.22.22.9"),
        ("mark-in-a-comment.conf", "IP.101 = 172.22.22.9"),
        ("without-mark.conf", "IP.101 = 172.22.22.9"),
        ("without-mark-or-end.conf", "IP.101 = 172.22.22.9"),
    ] {
        let cluster = Cluster::with_template(&fixture(&format!("templates/{name}")));
        assert!(edit(&cluster.step(&["172.22.22.9"])).ends_with(&format!("add {entries}")), "{name}");
    }
}

#[test]
fn an_entry_that_rendering_hides_is_written_again_where_it_counts() {
    let cluster = Cluster::with_template(&fixture("templates/indented.conf"));

    assert!(!cluster.served.contains(&"172.22.22.3".parse().unwrap()));
    assert!(edit(&cluster.step(&["172.22.22.3"])).ends_with("add IP.101 = 172.22.22.3"));
}

#[test]
fn a_wildcard_does_not_stand_in_for_a_name() {
    let cluster = Cluster::shipped().serving(&["*.example.com"]);

    assert!(edit(&cluster.step(&["api.example.com"])).contains("DNS.7 = api.example.com"));
}

#[test]
fn a_kicker_that_does_not_run_is_held_all_the_same_since_it_may_by_then() {
    let cluster =
        Cluster::shipped().on(|machine| machine.without_unit("snap.microk8s.daemon-apiserver-kicker"));

    assert_eq!(cluster.step(&["172.22.22.3"]).holds, Cluster::shipped().step(&["172.22.22.3"]).holds);
}

#[test]
fn a_kicker_that_does_not_run_is_told_with_what_starting_it_would_do() {
    let stopped = |machine: Machine| machine.without_unit("snap.microk8s.daemon-apiserver-kicker");
    let shipped = fixture("templates/shipped.conf");
    let applied = render::render(&shipped, &addresses(&Machine::microk8s()));
    let with_applied =
        |machine: Machine| machine.with_file("/var/snap/microk8s/current/certs/csr.conf", &applied);
    let told = |cluster: Cluster| cluster.observe().findings(now()).remove(0).remedy.unwrap();

    assert!(told(Cluster::shipped().on(stopped)).contains("kills every pod"));
    assert!(told(Cluster::shipped().on(stopped).on(with_applied)).contains("kills no pod"));
    assert!(told(Cluster::shipped().on(stopped).joined()).contains("kills no pod"));
}

#[test]
fn the_endpoint_is_the_host_and_the_port_of_the_arguments() {
    let other = fixture("args/kube-apiserver-other-port");
    let moved = Cluster::shipped()
        .on(|machine| machine.with_file("/var/snap/microk8s/current/args/kube-apiserver", &other));

    assert_eq!(Cluster::shipped().observe().endpoint().to_string(), "172.22.22.11:16443");
    assert_eq!(moved.observe().endpoint().to_string(), "172.22.22.11:6443");
}

#[test]
fn a_node_tells_its_role_and_its_names() {
    let first = Cluster::with_template(&fixture("templates/by-hand.conf")).observe();

    assert_eq!(first.role(), Role::First);
    assert_eq!(Cluster::shipped().joined().observe().role(), Role::Joined);
    assert!(first.configured().contains(&"172.22.22.3".parse().unwrap()));
    assert_eq!(first.seen()[0].1, fixture("templates/by-hand.conf"));
}
