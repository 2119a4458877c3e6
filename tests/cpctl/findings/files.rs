//! Findings about kubeconfigs.

use std::fs;

use cpctl::{
    kubeconfig::{Kubeconfig, Seen, Selection, lint, plan_repoint},
    report::Finding,
};

use super::{assert_told, rendered};

fn seen(text: &str) -> Seen {
    Seen { path: "/k/config".into(), real: "/k/config".into(), text: text.into(), mode: Some(0o600) }
}

fn fixture(name: &str) -> Seen {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/kubeconfigs");
    seen(&fs::read_to_string(format!("{directory}/{name}.yaml")).unwrap())
}

fn linted(file: Seen) -> Vec<Finding> {
    let files = [file];
    match Kubeconfig::read(&files) {
        Ok(kubeconfig) => lint(&kubeconfig),
        Err(findings) => findings,
    }
}

/// What a cluster with these lines is told for.
fn cluster(lines: &str) -> Vec<Finding> {
    linted(seen(&format!("clusters:\n- name: a\n  cluster: {{{lines}}}\n")))
}

#[test]
fn a_kubeconfig_is_told_by_what_is_odd_or_weak_in_it() {
    let ca = "certificate-authority: ca.crt";
    let k3s = Seen { real: "/etc/rancher/k3s/k3s.yaml".into(), ..fixture("microk8s") };

    let findings = [
        linted(fixture("truncated-json")),
        linted(fixture("multi-document")),
        linted(fixture("blog-typos")),
        linted(fixture("plain-http")),
        linted(k3s),
        linted(Seen { mode: Some(0o100_644), ..fixture("microk8s") }),
        cluster(&format!("server: https://a, server: https://b, {ca}")),
        cluster(ca),
        cluster("server: https://a, certificate-authority-data: aGVsbG8="),
        cluster("server: https://a"),
        cluster("server: https://a, insecure-skip-tls-verify: true"),
        cluster(&format!("server: https://a, insecure-skip-tls-verify: true, {ca}")),
        cluster(&format!("server: https://a, tls-server-name: b, {ca}")),
        cluster(&format!("server: https://a, proxy-url: \"http://p\", {ca}")),
    ];

    assert_told!("kubeconfigs", rendered(findings.concat()));
}

#[test]
fn a_cluster_that_is_not_there_or_cannot_be_moved_is_told() {
    let moved = |name: &str| {
        let files = [fixture(name)];
        let kubeconfig = Kubeconfig::read(&files).unwrap();
        let cluster = kubeconfig.cluster("microk8s-cluster").unwrap();
        plan_repoint(&kubeconfig, &[cluster], &"172.22.22.3:16443".parse().unwrap()).err().unwrap()
    };
    let files = [fixture("microk8s")];
    let kubeconfig = Kubeconfig::read(&files).unwrap();
    let resolved = |selection: &Selection| vec![kubeconfig.resolve(selection).err().unwrap()];

    let findings = [
        moved("tagged"),
        moved("password-in-server"),
        resolved(&Selection::Cluster("microk8s-clutser".into())),
        resolved(&Selection::Context("prod".into())),
    ];

    assert_told!("repointing", rendered(findings.concat()));
}
