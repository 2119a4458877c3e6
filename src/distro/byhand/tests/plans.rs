//! What is planned for an API server set up by hand, from the arguments that it runs with.

use super::*;
use crate::plan::{Change, Settle};

fn authority(step: &Step) -> String {
    match &step.changes[..] {
        [Change::Reissue(reissue)] => reissue.authority.to_string(),
        _ => unreachable!("one certificate is signed and nothing else is changed"),
    }
}

fn restarted(step: &Step) -> Option<String> {
    step.settle.iter().find_map(|settle| match settle {
        Settle::ServesFile { otherwise, .. } => otherwise.as_ref().map(|restart| restart.unit.clone()),
        _ => None,
    })
}

#[test]
fn the_one_pem_of_the_old_guide_is_signed_anew_beside_its_copy_for_etcd() {
    insta::assert_snapshot!(told(&Cluster::old().step()));
}

#[test]
fn the_server_of_the_new_guide_is_signed_anew() {
    insta::assert_snapshot!(told(&Cluster::new().step()));
}

#[test]
fn a_node_is_read_in_one_round_trip_and_no_key_is_asked_for() {
    let cluster = Cluster::old();
    let answers = cluster.machine.look(&ByHand.asks()).unwrap();
    cluster.machine.looks.set(0);

    let node = ByHand.observe(&cluster.machine, &answers).unwrap();

    assert_eq!(cluster.machine.looks.get(), 1);
    assert_eq!(node.endpoint().to_string(), "172.22.22.11:6443");
    assert!(node.configured().contains(&"10.240.0.10".parse().unwrap()));
    assert_eq!(node.findings(now()), []);
}

#[test]
fn plans_nothing_when_all_is_served() {
    let full = Cluster::new().on(|machine| Machine { space: (0, 0), ..machine });

    assert_eq!(full.plan(&["kubernetes", "10.32.0.1"]), Ok(None));
}

#[test]
fn old_names_stay_beside_the_new_ones() {
    let cluster = Cluster::old();

    let names = names(&cluster.step());

    assert!(names.is_superset(&cluster.presented().leaf.sans) && names.is_superset(&set(&[WANTED])));
}

#[test]
fn a_pem_that_etcd_serves_too_is_told() {
    let shared = Cluster::old().on(|mut machine| {
        machine.processes.pop();
        let line = started_by("etcd-old.service").replace("/etc/etcd/", "/var/lib/kubernetes/");
        machine.with_process("/system.slice/etcd.service", &line)
    });

    let notes = shared.step().notes.join("\n");

    assert!(notes.contains("etcd serves /var/lib/kubernetes/kubernetes.pem too"), "{notes}");
    assert!(!notes.contains("copy"), "{notes}");
}

#[test]
fn flags_may_stand_apart_from_their_values() {
    let apart = Cluster::old().started(|line| line.replace("--tls-cert-file=", "--tls-cert-file "));

    assert_eq!(told(&apart.step()), told(&Cluster::old().step()));
}

#[test]
fn the_ca_key_may_lie_elsewhere() {
    let without = Cluster::new().without_ca_key();
    let plan = |node: Option<&str>| {
        without.plan_with(&[WANTED], &without.presented(), Some(&without.signer(node))).unwrap().unwrap()
    };

    assert_eq!(authority(&Cluster::new().step()), "/var/lib/kubernetes/ca.key");
    assert_eq!(authority(&plan(None)), "/root/ca-key.pem");
    assert_eq!(authority(&plan(Some("jumpbox"))), "/root/ca-key.pem on jumpbox");
}

#[test]
fn only_a_unit_whose_main_process_it_is_is_restarted() {
    let child = Cluster::new().on(|mut machine| {
        machine.processes[0].pid = 8;
        machine
    });
    let in_session = Cluster::new().on(|mut machine| {
        machine.processes[0].group = "/user.slice/user-0.slice/session-3.scope".into();
        machine
    });

    assert_eq!(restarted(&Cluster::new().step()).as_deref(), Some("kube-apiserver"));
    for cluster in [child, in_session] {
        assert_eq!(restarted(&cluster.step()), None);
        assert!(cluster.step().notes.iter().any(|note| note.contains("nothing restarts it")));
    }
}

#[test]
fn the_endpoint_is_where_the_process_listens() {
    for (flags, endpoint) in [
        ("--secure-port=443", "172.22.22.11:443"),
        ("--bind-address 10.240.0.10", "10.240.0.10:6443"),
        ("--bind-address=::", "172.22.22.11:6443"),
    ] {
        let cluster = Cluster::new().started(|line| format!("{line} {flags}"));
        assert_eq!(cluster.observe().endpoint().to_string(), endpoint, "{flags}");
    }
}

#[test]
fn the_new_certificate_ends_with_its_ca_at_the_latest() {
    let notes = Cluster::new().step().notes;

    assert!(notes[0].contains("has the old key") && notes[0].contains("when its CA ends"), "{notes:?}");
}

#[test]
fn names_that_pods_use_are_offered_where_the_certificate_lacks_them() {
    let offered = |want: &[&str]| {
        let found = Cluster::new().observe().cautions(&Want::Add(set(want)));
        let offered = found.into_iter().filter(|finding| finding.code.id() == "service-name-missing");
        offered.map(|finding| finding.remedy.unwrap()).collect::<Vec<_>>()
    };

    assert_eq!(offered(&[WANTED]), ["add what the cluster uses: `cpctl certs add-san 10.0.0.1`"]);
    assert_eq!(offered(&[WANTED, "10.0.0.1"]), [""; 0]);
    assert_eq!(Cluster::old().observe().cautions(&Want::Add(set(&[WANTED]))), []);
}

#[test]
fn a_file_that_somebody_signs_from_by_hand_is_named() {
    let cautions = Cluster::new().observe().cautions(&Want::Add(set(&[WANTED, "10.0.0.1"])));
    let listed = fixture("ca.conf").replace("IP.1  =", "IP.2 = 172.22.22.3\nIP.3 = 10.0.0.1\nIP.1  =");
    let corrected = Cluster::new().on(|machine| machine.with_file("/var/lib/kubernetes/ca.conf", &listed));

    assert_eq!(corrected.observe().cautions(&Want::Add(set(&[WANTED, "10.0.0.1"]))), []);
    insta::assert_snapshot!(read(&cautions));
}
