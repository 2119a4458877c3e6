//! Names added to a cluster of kubeadm's, with the shipped binary on rehearsed machines.

use std::{fs, path::Path};

use cpctl::{cert::ServingCert, rehearse::Kind};

use super::desk::Desk;

const CERTIFICATE: &str = "/etc/kubernetes/pki/apiserver.crt";

fn stored(desk: &Desk) -> Vec<String> {
    let text = |node| {
        let machine = desk.cluster.machine(node).unwrap();
        fs::read_to_string(machine.path(Path::new(CERTIFICATE)).unwrap()).unwrap()
    };
    ["cp1", "cp2", "cp3"].map(text).to_vec()
}

fn register(desk: &Desk) -> String {
    fs::read_to_string(desk.cluster.register_path()).unwrap()
}

fn leaf(pem: &str) -> ServingCert {
    ServingCert::all_from_pem(pem.as_bytes()).unwrap().remove(0)
}

#[test]
fn the_name_is_served_and_listed_and_undo_brings_back_every_byte() {
    let desk = Desk::of(Kind::Kubeadm);
    let (before, listed) = (stored(&desk), register(&desk));
    let vip = desk.cluster.endpoint().host.clone();
    let add = ["certs", "add-san", &vip.to_string(), "--yes"];
    desk.run(&["verify"]).exits(1);

    desk.run(&add).exits(0);

    desk.run(&["verify"]).exits(0);
    for (old, new) in before.iter().zip(stored(&desk)) {
        let (old, new) = (leaf(old), leaf(&new));
        assert!(new.sans.is_superset(&old.sans) && new.sans.contains(&vip), "{}", new.sans);
        assert_eq!((&new.public_key, &new.subject), (&old.public_key, &old.subject));
    }
    let entry = "  - api.lab.example\n";
    assert_eq!(register(&desk), listed.replace(entry, &format!("{entry}  - {vip}\n")));
    assert!(desk.run(&add).exits(0).stdout.contains("nothing to do"));
    desk.run(&["undo", "--yes"]).exits(0);
    assert_eq!((stored(&desk), register(&desk)), (before, listed));
}

#[test]
fn names_that_are_served_and_not_listed_are_listed_alone() {
    let desk = Desk::of(Kind::Kubeadm);
    let listed = register(&desk);
    let add = ["certs", "add-san", "kubernetes", "--yes"];

    let ran = desk.run(&add).exits(0);

    assert!(ran.stdout.contains("done in ConfigMap kube-system/kubeadm-config"), "{}", ran.shown());
    assert!(register(&desk).contains("  - kubernetes\n"));
    desk.run(&["undo", "--yes"]).exits(0);
    assert_eq!(register(&desk), listed);
}

#[test]
fn a_saved_plan_lists_the_names_too() {
    let desk = Desk::of(Kind::Kubeadm);
    let vip = desk.cluster.endpoint().host.to_string();
    let plan = desk.run(&["certs", "add-san", &vip, "--dry-run", "-o", "json"]).exits(0).stdout;
    fs::write(desk.path("plan.json"), plan).unwrap();

    desk.run(&["apply", desk.path("plan.json").to_str().unwrap(), "--yes"]).exits(0);

    assert!(register(&desk).contains(&format!("  - {vip}\n")));
}

#[test]
fn a_configuration_that_was_changed_after_the_plan_is_refused_before_the_first_change() {
    let desk = Desk::of(Kind::Kubeadm);
    let (before, vip) = (stored(&desk), desk.cluster.endpoint().host.to_string());
    let plan = desk.run(&["certs", "add-san", &vip, "--dry-run", "-o", "json"]).exits(0).stdout;
    fs::write(desk.path("plan.json"), plan).unwrap();
    fs::write(desk.cluster.register_path(), "apiServer: {}\nkind: ClusterConfiguration\n").unwrap();

    let ran = desk.run(&["apply", desk.path("plan.json").to_str().unwrap(), "--yes"]).exits(2);

    assert!(ran.stderr.contains("kube-system/kubeadm-config"), "{}", ran.shown());
    assert_eq!(stored(&desk), before);
}

#[test]
fn without_the_cluster_s_configuration_the_nodes_still_get_the_name() {
    let desk = Desk::of(Kind::Kubeadm);
    let vip = desk.cluster.endpoint().host.to_string();
    fs::remove_file(desk.cluster.register_path()).unwrap();

    let ran = desk.run(&["certs", "add-san", &vip, "--yes"]).exits(0);

    assert!(ran.stdout.contains("kubectl -n kube-system edit configmap kubeadm-config"), "{}", ran.shown());
    desk.run(&["verify"]).exits(0);
}

#[test]
fn a_name_taken_out_of_the_certificates_is_told_where_kubeadm_still_lists_it() {
    let desk = Desk::of(Kind::Kubeadm);
    desk.run(&["certs", "add-san", "old.example", "--yes"]).exits(0);
    let listed = register(&desk);

    let ran = desk.run(&["certs", "remove-san", "old.example", "--yes"]).exits(0);

    assert!(ran.stdout.contains("take old.example out below `apiServer:`"), "{}", ran.shown());
    assert!(stored(&desk).iter().all(|pem| !leaf(pem).sans.contains(&"old.example".parse().unwrap())));
    assert_eq!(register(&desk), listed);
}

#[test]
fn a_renewed_certificate_has_the_key_and_the_names_that_it_had() {
    let desk = Desk::of(Kind::Kubeadm);
    let (before, listed) = (stored(&desk), register(&desk));

    desk.run(&["certs", "renew", "--yes"]).exits(0);

    for (old, new) in before.iter().zip(stored(&desk)) {
        let (old, new) = (leaf(old), leaf(&new));
        assert_eq!((&new.sans, &new.public_key), (&old.sans, &old.public_key));
        assert!(new.not_after > old.not_after);
    }
    assert_eq!(register(&desk), listed);
}

#[test]
fn a_ca_key_is_no_hindrance_where_a_served_name_only_has_to_be_written_down() {
    let desk = Desk::of(Kind::Kubeadm);
    let file =
        desk.cluster.machine("cp2").unwrap().path(Path::new("/etc/kubernetes/kubeadm-config.yaml")).unwrap();
    fs::write(&file, fs::read_to_string(desk.cluster.register_path()).unwrap()).unwrap();
    let before = stored(&desk);
    let key = "cp1:/etc/kubernetes/pki/ca.key";

    desk.run(&["certs", "add-san", "kubernetes", "--yes", "--ca-key", key]).exits(0);

    assert!(fs::read_to_string(file).unwrap().contains("  - kubernetes\n"));
    assert_eq!(stored(&desk), before);
}

#[test]
fn what_joins_is_led_to_the_address_and_undo_brings_back_every_byte() {
    let desk = Desk::of(Kind::Kubeadm);
    let vip = desk.cluster.endpoint().host.to_string();
    let lead = ["endpoint", "move", "--to", &desk.endpoint(), "--from", "192.0.2.11", "--yes"];
    let refused = desk.run(&lead).exits(2);
    assert!(refused.stderr.contains("[san-missing]"), "{}", refused.shown());
    desk.run(&["certs", "add-san", &vip, "--yes"]).exits(0);
    let listed = register(&desk);

    desk.run(&lead).exits(0);

    let led = listed.replace("192.0.2.11:6443", &format!("\"{}\"", desk.endpoint()));
    assert_eq!(register(&desk), led);
    assert!(desk.run(&lead).exits(0).stdout.contains("nothing to do"));
    desk.run(&["undo", "--yes"]).exits(0);
    assert_eq!(register(&desk), listed);
}

#[test]
fn what_administrators_log_in_with_is_led_along_only_where_that_is_asked_for() {
    let desk = Desk::of(Kind::Kubeadm);
    let vip = desk.cluster.endpoint().host.to_string();
    desk.run(&["certs", "add-san", &vip, "--yes"]).exits(0);
    let conf = |server: &str| {
        format!(
            "apiVersion: v1\nclusters:\n- cluster:\n    server: https://{server}\n  name: kubernetes\nusers:\n- name: a\n  \
             user: {{client-key-data: s3cret}}\n"
        )
    };
    let path = desk.cluster.machine("cp2").unwrap().path(Path::new("/etc/kubernetes/admin.conf")).unwrap();
    fs::write(&path, conf("192.0.2.11:6443")).unwrap();
    let lead = ["endpoint", "move", "--to", &desk.endpoint(), "--from", "192.0.2.11", "--yes"];

    desk.run(&lead).exits(0);
    assert_eq!(fs::read_to_string(&path).unwrap(), conf("192.0.2.11:6443"));
    let ran = desk.run(&[&lead[..], &["--admin-confs", "-v"]].concat()).exits(0);

    assert!(!ran.shown().contains("s3cret"), "{}", ran.shown());
    assert_eq!(fs::read_to_string(&path).unwrap(), conf(&desk.endpoint()));
    desk.run(&["undo", "--yes"]).exits(0);
    assert_eq!(fs::read_to_string(&path).unwrap(), conf("192.0.2.11:6443"));
}
