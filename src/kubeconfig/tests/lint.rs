//! What is told of a file that is odd or weak.

use super::*;

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
        ("https://127.0.0.1:16433", true),
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
