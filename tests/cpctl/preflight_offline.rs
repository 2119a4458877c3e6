//! `preflight --offline`: the files of a pull request, judged without asking anybody.

use std::{collections::BTreeSet, fs};

use base64::{Engine, engine::general_purpose::STANDARD};
use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, KeyPair, date_time_ymd};
use serde_json::Value;
use tempfile::TempDir;

use super::{docs::text, harness::Cpctl, told::assert_told};

/// A directory with these files, and an operator in it who has nothing else.
fn desk(files: &[(&str, &str)]) -> (TempDir, Cpctl) {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(directory.path().join(name), text).unwrap();
    }
    let cpctl = Cpctl::at_home(directory.path()).with("KUBECONFIG", "/nowhere/config");
    (directory, cpctl)
}

fn checked(files: &[(&str, &str)], args: &[&str], code: i32) -> Value {
    let (_directory, cpctl) = desk(files);
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let ran = cpctl.run(&[&["preflight", "-o", "json", "--offline"], &names[..], args].concat()).exits(code);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// Each finding as `subject:line code`, or without a line where it has none.
fn told(checked: &Value) -> BTreeSet<String> {
    let rows = checked["checks"].as_array().unwrap().iter();
    let findings = rows.flat_map(|row| row["findings"].as_array().unwrap());
    let told = findings.map(|one| {
        let line = one["at"]["line"].as_u64().map(|line| format!(":{line}")).unwrap_or_default();
        format!("{}{line} {}", one["subject"].as_str().unwrap(), one["code"].as_str().unwrap())
    });
    told.collect()
}

fn certificate(names: &[&str], until: i32) -> String {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names).unwrap();
    (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(until, 1, 1));
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
}

fn kubeconfig(server: &str, ca: &str, client: &str) -> String {
    let (ca, client) = (STANDARD.encode(ca), STANDARD.encode(client));
    format!(
        "apiVersion: v1\nkind: Config\nclusters:\n- name: a\n  cluster:\n    server: {server}\n    \
         certificate-authority-data: {ca}\ncontexts:\n- name: a\n  context: {{cluster: a, user: u}}\n\
         current-context: a\nusers:\n- name: u\n  user:\n    client-certificate-data: {client}\n    \
         client-key-data: c2VjcmV0\n"
    )
}

const INVENTORY: &str = "endpoint: 10.0.0.9:6443\nnodes:\n- {name: cp1, host: 10.0.0.1, distribution: kubeadm}\n\
                         - {name: cp2, host: 10.0.0.2, distribution: kubeadm}\n\
                         - {name: cp3, host: 10.0.0.3, distribution: kubeadm}\n";

#[test]
fn files_that_are_right_pass_whatever_they_are() {
    let (ca, client) = (certificate(&[], 2090), certificate(&[], 2090));
    let files = [
        ("config.yaml", kubeconfig("https://10.0.0.9:6443", &ca, &client)),
        ("api.pem", certificate(&["10.0.0.9", "kubernetes"], 2090)),
        ("cpctl.yaml", INVENTORY.to_owned()),
        ("lb.cfg", text("fixtures/lint/haproxy/kubeadm.cfg")),
    ];
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();

    let checked = checked(&files, &[], 0);

    assert_eq!(told(&checked), BTreeSet::new());
    let rows = checked["checks"].as_array().unwrap();
    let subjects: BTreeSet<_> = rows.iter().map(|row| row["subject"].as_str().unwrap()).collect();
    assert_eq!(subjects, files.iter().map(|(name, _)| *name).collect());
    assert!(rows.iter().all(|row| row["result"] == "passed"), "{checked:#}");
}

#[test]
fn each_file_is_judged_by_what_it_is_with_its_lines() {
    let (new, old) = (certificate(&[], 2090), certificate(&[], 2021));
    let served = certificate(&["10.0.0.1"], 2090);
    let keyed = certificate(&["10.0.0.9", "kubernetes.default"], 2090);
    let keyed = format!("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n{keyed}");
    let good = kubeconfig("https://10.0.0.9:6443", &new, &new);
    let lb = text("fixtures/lint/haproxy/kubeadm.cfg");
    let named = format!("{INVENTORY}balancers:\n- {{host: 10.0.0.8}}\n");
    for (name, text, findings) in [
        ("expired", kubeconfig("https://10.0.0.9:6443", &new, &old), &["expired:15 cert-expired"][..]),
        ("authority", kubeconfig("https://10.0.0.9:6443", &old, &new), &["authority:7 cert-expired"]),
        ("elsewhere", kubeconfig("https://10.0.0.1:6443", &new, &new), &["elsewhere:6 kubeconfig-elsewhere"]),
        ("dangling", good.replace("user: u}", "user: w}"), &["dangling:10 kubeconfig-dangling"]),
        ("typo", good.replace("server:", "sever:"), &["typo:6 kubeconfig-typo"]),
        ("served.pem", served, &["served.pem san-missing"]),
        ("keyed.pem", keyed, &["keyed.pem:1 key-on-balancer"]),
        ("over.crt", certificate(&["10.0.0.9"], 2021), &["over.crt cert-expired"]),
        ("lb.cfg", lb.replace("mode tcp", "mode http"), &["lb.cfg:17 mode-http"]),
        ("hosts.yaml", "nodes:\n- {hosts: 10.0.0.1}\n".into(), &["hosts.yaml:2 inventory-unreadable"]),
        ("notes.txt", "the balancer is in the basement\n".into(), &["notes.txt kind-unknown"]),
    ] {
        let checked = checked_any(&[(name, &text), ("cpctl.yaml", &named)]);

        let told = told(&checked);
        assert!(findings.iter().all(|one| told.contains(*one)), "{name}: {findings:?} in {told:?}");
        let strangers: Vec<_> = told.iter().filter(|one| !one.starts_with(name)).collect();
        assert_eq!(strangers, Vec::<&String>::new(), "{name}");
    }
}

fn checked_any(files: &[(&str, &str)]) -> Value {
    let (_directory, cpctl) = desk(files);
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let ran = cpctl.run(&[&["preflight", "-o", "json", "--offline"], &names[..]].concat());
    assert!(ran.code < 2, "{}", ran.shown());
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn an_address_that_is_typed_counts_more_than_the_inventorys() {
    let cert = certificate(&["10.0.0.9"], 2090);
    let files = [("api.pem", cert.as_str()), ("nodes.yaml", INVENTORY)];

    let (own, typed) = (checked(&files, &[], 0), checked(&files, &["--to", "cp.example.internal"], 1));

    assert_eq!((&own["to"], told(&own)), (&"10.0.0.9:6443".into(), BTreeSet::new()));
    assert_eq!(typed["to"], "cp.example.internal:6443");
    assert_eq!(told(&typed), BTreeSet::from(["api.pem san-missing".to_owned()]));
}

#[test]
fn what_was_found_is_told_with_the_line_and_without_what_only_few_may_know() {
    let (new, old) = (certificate(&[], 2090), certificate(&[], 2021));
    let bad = kubeconfig("https://10.0.0.1:6443", &new, &old);
    let files = [("config", bad.as_str()), ("cpctl.yaml", INVENTORY), ("hosts.yaml", "nodes: 3\n")];
    let (directory, cpctl) = desk(&files);
    let args = ["preflight", "--offline", "config", "cpctl.yaml", "hosts.yaml"];

    let people = cpctl.run(&args);
    let programs = cpctl.run(&[&args[..], &["-o", "json"]].concat());

    let told = format!("{}\n{}", people.shown(), programs.shown());
    assert!(!told.contains(&STANDARD.encode(&old)) && !told.contains("c2VjcmV0"), "{told}");
    assert_told!("preflight-offline", told.replace(&directory.path().display().to_string(), "/desk"));
}

#[test]
fn a_file_that_cannot_be_read_is_told_before_anything_is_judged() {
    let (_directory, cpctl) = desk(&[("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n")]);

    for name in ["broken.pem", "missing.cfg"] {
        let ran = cpctl.run(&["preflight", "--offline", name]).exits(2);

        assert!(ran.stderr.contains(name) && ran.stdout.is_empty(), "{}", ran.shown());
    }
}

#[test]
fn no_secret_of_a_kubeconfig_is_shown_however_it_is_written() {
    let head = "apiVersion: v1\nkind: Config\ncurrent-context: a\nclusters:\n- name: a\n  cluster:\n    \
                server: https://10.0.0.9:6444\ncontexts:\n- name: a\n  context: {cluster: a, user: b}\nusers:\n- name: u\n  ";
    let kubeconfigs = [
        format!("{head}user:\n    client-key-date: hunter2\n    tokn: hunter2\n    pasword: hunter2 hunter2\n"),
        format!("{head}user: {{token: hunter2, pasword: hunter2, tokn: 'hunter2'}}\n"),
        format!("{head}user:\n    token: hunter2\n    token: my hunter2\n"),
        format!("{head}user:\n    token: hunter2: hunter2\n"),
        format!("{head}user:\n    token: \"hunter2\n"),
        format!("{head}user:\n    token: *hunter2\n"),
        r#"{"kind":"Config","clusters":[{"name":"a","cluster":{"server":"https://a:6444"}}],"users":[{"name":"u","user":{"tokn":"hunter2","pasword":"hunter2"}}],"contexts":[{"name":"a","context":{"cluster":"a","user":"b"}}],"current-context":"a"}"#.to_owned(),
        "{\n\"kind\": \"Config\",\n\"clusters\": [],\n\"users\": [{\"name\": \"u\", \"user\": {\n\"tokn\": \"hunter2\"}}]}\n".to_owned(),
    ];
    for text in &kubeconfigs {
        let (directory, cpctl) = desk(&[("config", text)]);
        for format in ["text", "json", "junit", "sarif", "github", "tap", "prometheus"] {
            let ran = cpctl.run(&["preflight", "-o", format, "--html", "page.html", "--offline", "config"]);
            let page = fs::read_to_string(directory.path().join("page.html")).unwrap_or_default();

            let told = format!("{}{}{page}", ran.stdout, ran.stderr);
            assert!(!told.contains("hunter2"), "{text}\n{told}");
            assert!(!page.is_empty(), "{}", ran.stderr);
        }
        for format in ["text", "json"] {
            let ran = cpctl.run(&["lb", "lint", "-o", format, "config"]);

            assert!(!format!("{}{}", ran.stdout, ran.stderr).contains("hunter2"), "{text}\n{}", ran.stdout);
        }
    }
}

#[test]
fn a_certificate_that_serves_nothing_needs_no_name() {
    let signed = |change: fn(&mut CertificateParams)| {
        let mut params = CertificateParams::new(vec!["elsewhere".to_owned()]).unwrap();
        change(&mut params);
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
    };
    let authority = signed(|params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained));
    let client = signed(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]);
    let server = signed(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth]);
    let files = [("ca.crt", &*authority), ("client.crt", &*client), ("server.crt", &*server)];

    let checked = checked(&files, &["--to", "10.0.0.9:6443"], 1);

    assert_eq!(told(&checked), BTreeSet::from(["server.crt san-missing".to_owned()]), "{checked:#}");
}

#[test]
fn a_kubeconfig_has_nothing_read_but_files_beside_it() {
    let old = certificate(&[], 2021);
    let (directory, cpctl) = desk(&[("old.crt", &old)]);
    fs::create_dir(directory.path().join("repository")).unwrap();
    fs::write(directory.path().join("repository/old.crt"), &old).unwrap();
    for (named, code) in [
        ("old.crt", Some("cert-expired")),
        ("../old.crt", None),
        ("/dev/zero", None),
        ("/proc/self/fd/0", None),
    ] {
        let text = kubeconfig("https://10.0.0.9:6443", &old, &old)
            .replace(&format!("certificate-authority-data: {}", STANDARD.encode(&old)), "tls-server-name: a")
            .replace(
                &format!("client-certificate-data: {}", STANDARD.encode(&old)),
                &format!("client-certificate: {named}"),
            );
        fs::write(directory.path().join("repository/config"), text).unwrap();

        let ran = cpctl.run(&["preflight", "-o", "json", "--offline", "repository/config"]);

        assert_eq!(ran.stdout.contains("cert-expired"), code.is_some(), "{named}: {}", ran.stdout);
    }
}
