//! What is read from files, and what cannot be.

use std::path::Path;

use super::*;
use crate::report::Code;

#[test]
fn a_file_that_is_no_text_is_told_apart() {
    let path = Path::new("/k/config");

    let wide = text(path, vec![0xff, 0xfe, b'a', 0]).unwrap_err();
    assert!(wide.message.contains("UTF-16") && wide.remedy.unwrap().contains("iconv -f UTF-16"));
    assert_eq!(text(path, vec![b'a', 0xff]).unwrap_err().code, Code::KubeconfigUnreadable);
    assert_eq!(text(path, b"a: 1".to_vec()).unwrap(), "a: 1");
}

#[test]
fn every_unreadable_file_of_a_list_is_named() {
    let files = [seen("/a", "a: [\n"), seen("/b", "a: 1\n"), seen("/c", "- 1\n")];

    let findings = Kubeconfig::read(&files).err().unwrap();

    let subjects: Vec<_> = findings.iter().map(|finding| finding.subject.as_str()).collect();
    assert_eq!(subjects, ["/a:1", "/c:1"]);
}

#[test]
fn the_first_file_that_defines_a_name_wins() {
    let files = [
        seen("/a", "clusters: [{name: x, cluster: {server: https://first}}]\ncurrent-context: \"\"\n"),
        seen(
            "/b",
            "clusters: [{name: x, cluster: {server: https://second}}]\ncurrent-context: c\n\
             contexts: [{name: c, context: {cluster: x, user: u}}]\nusers: [{name: u, user: {token: t}}]\n",
        ),
        seen("/c", "current-context: d\n"),
    ];
    let kubeconfig = Kubeconfig::read(&files).unwrap();

    let resolved = kubeconfig.resolve(&Selection::Current).unwrap();

    assert_eq!(resolved.cluster.server.as_ref().unwrap().value, "https://first");
    assert_eq!(resolved.cluster.seen.path, Path::new("/a"));
    assert_eq!(resolved.context.unwrap().seen.path, Path::new("/b"));
    assert_eq!(resolved.user.unwrap().1.seen.path, Path::new("/b"));
}

#[test]
fn a_name_that_nothing_has_is_told_with_those_there_are() {
    let names: String = (0..10).map(|n| format!("- {{name: prod-{n}, cluster: {{}}}}\n")).collect();
    let files =
        [seen("/a", &format!("clusters:\n{names}contexts: [{{name: c, context: {{cluster: y}}}}]\n"))];
    let kubeconfig = Kubeconfig::read(&files).unwrap();
    let told = |selection: Selection| {
        let finding = kubeconfig.resolve(&selection).err().unwrap();
        format!("{}: {} => {}", finding.subject, finding.message, finding.remedy.unwrap())
    };

    assert_eq!(
        told(Selection::Cluster("prdo-3".into())),
        "/a: there is no cluster `prdo-3` => `--cluster prod-3`, if that is the one you mean"
    );
    assert!(told(Selection::Cluster("staging".into())).ends_with("`prod-7` and 2 more"));
    assert_eq!(
        told(Selection::Context("staging".into())),
        "/a: there is no context `staging` => the only one is `c`"
    );
    assert!(told(Selection::Context("c".into())).starts_with("/a:12: there is no cluster `y`"));
    assert_eq!(
        told(Selection::Current),
        "/a: no current context is set => name one with `--context`, or `kubectl config use-context c`"
    );
}

#[test]
fn clusters_with_the_same_server_match_however_it_is_written() {
    let files = [
        seen(
            "/a",
            "clusters: [{name: x, cluster: {server: https://A:443}}, {name: y, cluster: {server: https://b}}]",
        ),
        seen(
            "/b",
            "clusters: [{name: z, cluster: {server: \"https://a/\"}}, {name: y, cluster: {server: https://a}}]",
        ),
    ];
    let kubeconfig = Kubeconfig::read(&files).unwrap();

    let matching = kubeconfig.matching(kubeconfig.cluster("x").unwrap());

    let names: Vec<_> = matching.iter().map(|cluster| cluster.name.value.as_ref()).collect();
    assert_eq!(names, ["x", "z"]);
}

#[test]
fn ca_files_start_at_the_kubeconfig_and_data_win() {
    let of = |text: &str| {
        let files = [seen("/k/config", text)];
        Kubeconfig::read(&files).unwrap().cluster("a").unwrap().authority().unwrap()
    };
    let data = "certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t";

    assert_eq!(
        of(&cluster_text("certificate-authority: pki/ca.crt")),
        Some(Authority::File("/k/pki/ca.crt".into()))
    );
    assert_eq!(
        of(&cluster_text("certificate-authority: /pki/ca.crt")),
        Some(Authority::File("/pki/ca.crt".into()))
    );
    assert_eq!(
        of(&cluster_text(&format!("certificate-authority: c, {data}"))),
        Some(Authority::Pem("-----BEGIN CERTIFICATE-----".into()))
    );
    assert_eq!(of(&cluster_text("server: https://a")), None);
}

#[test]
fn values_that_are_merged_in_are_read() {
    let files = [fixture("merge-key")];
    let kubeconfig = Kubeconfig::read(&files).unwrap();

    let server = kubeconfig.cluster("microk8s-cluster").unwrap().server.as_ref().unwrap();

    assert_eq!(server.value, "https://10.0.0.11:16443");
}
