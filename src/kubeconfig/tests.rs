//! Kubeconfigs found, read, judged and moved.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::*;
use crate::{
    endpoint::Endpoint,
    plan::{Change, HERE, Hold},
    report::{Code, Finding},
};

fn seen(path: &str, text: &str) -> Seen {
    Seen { path: path.into(), real: path.into(), text: text.into(), mode: Some(0o600) }
}

fn fixture(name: &str) -> Seen {
    let directory = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/kubeconfigs"));
    seen("/k/config", &fs::read_to_string(directory.join(format!("{name}.yaml"))).unwrap())
}

/// Findings of one file, as lines.
fn linted(file: Seen) -> Vec<String> {
    let files = [file];
    let shown = |finding: &Finding| {
        let remedy = finding.remedy.as_deref().unwrap_or("-");
        format!("{} {}: {} => {remedy}", finding.code.id(), finding.subject, finding.message)
    };
    lint(&Kubeconfig::read(&files).unwrap()).iter().map(shown).collect()
}

fn lint_text(text: &str) -> Vec<String> {
    linted(seen("/k/config", text))
}

fn cluster_text(lines: &str) -> String {
    format!("clusters:\n- name: a\n  cluster: {{{lines}}}\n")
}

fn vip() -> Endpoint {
    "172.22.22.3:16443".parse().unwrap()
}

/// What moving the cluster of a fixture says beside the edit.
fn notes(name: &str) -> Vec<String> {
    let files = [fixture(name)];
    let kubeconfig = Kubeconfig::read(&files).unwrap();
    let cluster = kubeconfig.resolve(&Selection::Current).unwrap().cluster;
    plan_repoint(&kubeconfig, &[cluster], &vip()).unwrap().steps.remove(0).notes
}

#[test]
fn files_in_order_are_as_they_are() {
    for name in ["microk8s", "commented", "json", "literal-ca", "exec-plugin", "crlf", "ca-file"] {
        assert_eq!(linted(fixture(name)), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn the_typos_of_a_hand_edited_file_are_told_with_the_line_to_write() {
    assert_eq!(
        linted(fixture("blog-typos")),
        [
            "kubeconfig-typo /k/config:5: no client knows the key `certificate-authorty-data`, so it is passed over \
             => if that is what it means, write `certificate-authority-data:`",
            "kubeconfig-odd-port /k/config:6: cluster `microk8s-cluster` has a server on port 16433, where 16443 is \
             usual => if it is a slip, write `server: https://172.22.22.3:16443`",
        ]
    );
}

#[test]
fn plain_http_is_told_with_the_line_to_write() {
    assert_eq!(
        linted(fixture("plain-http")),
        [
            "kubeconfig-plain-http /k/config:6: cluster `microk8s-cluster` has a server of plain HTTP; an API server \
              speaks TLS => write `server: https://10.0.0.11:16443`"
        ]
    );
}

#[test]
fn near_misses_of_api_ports_are_told_and_usual_ports_are_not() {
    for (server, is_told) in [
        ("https://a:16433", true),
        ("https://a:16434", true),
        ("https://a:6433", true),
        ("https://a:64443", true),
        ("https://a:644", true),
        ("https://a:8433", true),
        ("https://a:6443", false),
        ("https://a:443", false),
        ("https://a", false),
        ("https://a:9443", false),
        ("https://a:6444", false),
        ("https://a:30443", false),
        ("https://127.0.0.1:16433", false),
        ("https://[::1]:6433", false),
        ("https://localhost:6433", false),
    ] {
        let lines = lint_text(&cluster_text(&format!("server: \"{server}\", certificate-authority: ca.crt")));

        assert_eq!(lines.iter().any(|line| line.starts_with("kubeconfig-odd-port")), is_told, "{server}");
    }
}

#[test]
fn what_weakens_trust_is_told() {
    let ca = "certificate-authority: ca.crt";
    for (lines, code) in [
        (String::from("server: https://a"), "kubeconfig-no-ca"),
        ("server: https://a, insecure-skip-tls-verify: true".into(), "kubeconfig-insecure "),
        (format!("server: https://a, insecure-skip-tls-verify: true, {ca}"), "kubeconfig-insecure-ca"),
        (format!("server: https://a, tls-server-name: b, {ca}"), "kubeconfig-tls-server-name"),
        (format!("server: https://a, proxy-url: \"http://p\", {ca}"), "kubeconfig-proxy"),
        ("server: https://a, certificate-authority-data: \"not base64\"".into(), "kubeconfig-ca-data"),
        ("server: https://a, certificate-authority-data: aGVsbG8=".into(), "kubeconfig-ca-data"),
        (ca.into(), "kubeconfig-dangling"),
        (format!("sever: https://a, {ca}"), "kubeconfig-typo"),
        (format!("server: https://a, server: https://b, {ca}"), "kubeconfig-duplicate"),
    ] {
        let told = lint_text(&cluster_text(&lines));

        assert_eq!(told.len(), 1, "{lines}: {told:?}");
        assert!(told[0].starts_with(code), "{lines}: {told:?}");
        assert!(!told[0].ends_with("=> -") || code == "kubeconfig-proxy", "{told:?}");
    }
    let harmless = format!("server: https://a, insecure-skip-tls-verify: false, x-note: 1, {ca}");
    assert_eq!(lint_text(&cluster_text(&harmless)), Vec::<String>::new());
}

#[test]
fn a_password_in_a_proxy_or_a_server_is_not_shown() {
    let text = cluster_text("server: \"http://u:hunter2@a\", proxy-url: \"http://u:hunter2@p\"");

    assert!(!format!("{:?}", lint_text(&text)).contains("hunter2"));
}

#[test]
fn references_that_lead_nowhere_are_told_with_the_near_name() {
    let text = "clusters: [{name: prod, cluster: {server: https://a, certificate-authority: c}}]\n\
                users: [{name: ada}]\n\
                contexts:\n- name: x\n  context:\n    cluster: prdo\n    user: bob\ncurrent-context: y\n";

    assert_eq!(
        lint_text(text),
        [
            "kubeconfig-dangling /k/config:6: context `x` names the cluster `prdo`, which no file defines \
             => `kubectl config set-context x --cluster prod`",
            "kubeconfig-dangling /k/config:7: context `x` names the user `bob`, which no file defines \
             => `kubectl config set-context x --user NAME`",
            "kubeconfig-dangling /k/config:8: the current context `y` is not defined \
             => `kubectl config use-context x`",
        ]
    );
}

#[test]
fn files_that_others_read_or_write_are_told() {
    let open = Seen { mode: Some(0o100_644), ..fixture("microk8s") };
    assert_eq!(
        linted(open),
        [
            "kubeconfig-mode /k/config: others on this machine can read the file and its credentials (mode 0644) \
             => `chmod 600 /k/config`"
        ]
    );

    let k3s = Seen { real: "/etc/rancher/k3s/k3s.yaml".into(), ..fixture("microk8s") };
    assert!(linted(k3s)[0].starts_with("kubeconfig-regenerated /k/config: k3s writes this file anew"));

    assert!(
        linted(fixture("multi-document"))[0].starts_with("kubeconfig-documents /k/config: the file holds 2")
    );
    assert!(
        linted(fixture("duplicate-cluster-name"))[0]
            .starts_with("kubeconfig-unreadable /k/config:11: cluster")
    );
}

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
        "/a: there is no context `staging` => there are `c`"
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
