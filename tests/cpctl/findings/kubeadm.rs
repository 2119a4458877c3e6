//! Findings about nodes of kubeadm's, on rehearsed machines that are as others leave them.

use std::{fs, path::Path};

use cpctl::rehearse::Kind;

use super::{Desk, assert_told};

fn put(desk: &Desk, node: &str, path: &str) {
    let file = desk.cluster.machine(node).unwrap().path(Path::new(path)).unwrap();
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n").unwrap();
}

#[test]
fn nodes_that_others_write_or_work_on_are_told_by_whom() {
    let desk = Desk::of(Kind::Kubeadm);
    put(&desk, "cp1", "/etc/kubernetes/kubeadm-config.yaml");
    put(&desk, "cp1", "/etc/kubernetes/ssl/ca.crt");
    put(&desk, "cp2", "/run/cluster-api/bootstrap-success.complete");
    let busy = desk.cluster.machine("cp3").unwrap();
    busy.set_arguments("session", "kubeadm upgrade node").unwrap();
    busy.run_unit("session").unwrap();
    let add = ["certs", "add-san", "cp.example.internal", "--yes"];

    let told = desk.plays(&[&add, &[&add[..], &["-o", "json"]].concat()]);

    assert_told!("kubeadm-refused", told);
}

#[test]
fn names_that_kubeadm_s_configuration_will_lack_are_told_beside_the_plan() {
    let desk = Desk::of(Kind::Kubeadm);
    let vip = desk.cluster.endpoint().host.to_string();
    fs::write(
        desk.cluster.register_path(),
        "apiServer: &server {}\nx: *server\nkind: ClusterConfiguration\n",
    )
    .unwrap();
    let add = ["certs", "add-san", &vip];

    let plan = desk.says(&[&add[..], &["--dry-run"]].concat());
    let added = desk.says(&[&add[..], &["--yes", "--quiet", "-o", "json"]].concat());

    assert_told!("kubeadm-register-left", format!("{plan}\n{added}"));
}

#[test]
fn what_an_old_version_does_or_does_not_do_is_told() {
    let desk = Desk::of(Kind::Kubeadm);
    let manifest = Path::new("/etc/kubernetes/manifests/kube-apiserver.yaml");
    let file = desk.cluster.machine("cp1").unwrap().path(manifest).unwrap();
    let text = fs::read_to_string(&file).unwrap();
    let named = "- name: kube-apiserver\n";
    assert!(text.contains(named), "{text}");
    let image = format!("{named}    image: registry.k8s.io/kube-apiserver:v1.16.15\n");
    fs::write(&file, text.replace(named, &image)).unwrap();
    let check = ["preflight", "--only", "reload-missing,components-led"];

    let told = desk.plays(&[&check, &[&check[..], &["-o", "json"]].concat()]);

    assert_told!("kubeadm-old", told);
}
