//! What is planned to move a cluster.

use std::path::Path;

use super::*;
use crate::plan::{Change, HERE, Hold};

#[test]
fn a_plan_edits_each_file_once_under_both_of_its_locks() {
    let files = [
        Seen { real: "/dotfiles/kube".into(), ..seen("/k/config", &cluster_text("server: https://old")) },
        seen(
            "/z",
            "clusters: [{name: b, cluster: {server: https://old}}, {name: c, cluster: {server: https://old}}]",
        ),
        seen("/untouched", "clusters: [{name: d, cluster: {server: https://other}}]"),
    ];
    let kubeconfig = Kubeconfig::read(&files).unwrap();
    let clusters = kubeconfig.matching(kubeconfig.cluster("a").unwrap());

    let planned = plan_repoint(&kubeconfig, &clusters, &vip()).unwrap();

    let [first, second] = &planned.steps[..] else { panic!("{} steps", planned.steps.len()) };
    let lock = |path: &str| Hold::LockFile { path: path.into(), within: LOCK_WITHIN };
    assert_eq!(first.node, HERE);
    assert_eq!(first.holds, [lock("/dotfiles/kube.lock"), lock("/k/config.lock")]);
    assert!(matches!(&first.changes[..], [Change::Edit { path, .. }] if path == Path::new("/dotfiles/kube")));
    assert_eq!(second.holds, [lock("/z.lock")]);
    assert_eq!(second.changes.len(), 2);
    assert_eq!(second.why, "clusters `b`, `c` of /z to 172.22.22.3:16443");
    assert_eq!(planned.relies_on.to_string(), "172.22.22.3");
    let [_, preview] = &planned.previews[..] else { panic!("{} previews", planned.previews.len()) };
    assert_eq!(preview.after, files[1].text.replace("https://old", "https://172.22.22.3:16443"));
}

#[test]
fn a_plan_says_what_stays_and_matters() {
    assert_eq!(
        notes("tls-server-name"),
        [
            "cluster `microk8s-cluster`: `tls-server-name` stays, so clients look for `kubernetes` in the certificate \
          and not for `172.22.22.3`"
        ]
    );
    assert_eq!(
        notes("proxy"),
        ["cluster `microk8s-cluster`: `proxy-url` stays, so the proxy must reach 172.22.22.3:16443"]
    );
    assert!(notes("insecure")[0].contains("clients trust whoever answers at 172.22.22.3:16443"));
    assert!(notes("rancher-path")[0].contains("the path `/k8s/clusters/c-m-x7k2p` goes"));
    assert_eq!(notes("microk8s"), Vec::<String>::new());
}

#[test]
fn a_cluster_with_tls_server_name_relies_on_that_name() {
    let files = [fixture("tls-server-name")];
    let kubeconfig = Kubeconfig::read(&files).unwrap();
    let cluster = kubeconfig.resolve(&Selection::Current).unwrap().cluster;

    let planned = plan_repoint(&kubeconfig, &[cluster], &vip()).unwrap();

    assert_eq!(planned.relies_on.to_string(), "kubernetes");
    assert_eq!(cluster.verified_name(&vip()), "kubernetes");
}

#[test]
fn one_cluster_that_cannot_be_moved_stops_them_all() {
    let files = [seen(
        "/a",
        "clusters:\n- {name: a, cluster: {server: https://old}}\n- {name: b, cluster: {server: !!str https://old}}\n",
    )];
    let kubeconfig = Kubeconfig::read(&files).unwrap();
    let clusters = kubeconfig.matching(kubeconfig.cluster("a").unwrap());

    let findings = plan_repoint(&kubeconfig, &clusters, &vip()).err().unwrap();

    let [finding] = &findings[..] else { panic!("{findings:?}") };
    assert_eq!(finding.subject, "/a:3");
    assert_eq!(finding.remedy.as_deref(), Some("write `server: https://172.22.22.3:16443` there by hand"));
}
