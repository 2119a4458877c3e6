//! The strict client against servers of every kind, and what it says of them.

use std::{
    io::{Read as _, Write as _},
    process::Stdio,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use openssl::ssl::SslVersion;
use tempfile::TempDir;

use super::*;
use crate::probe::server::{Ca, Identity, Tls, listen, serve};

pub(crate) mod cluster;
mod socks;

use cluster::{cluster, cluster_with, not_found, plain, put, read_request, wire};

#[test]
fn calls_are_answered_with_the_context_s_certificate() {
    let cluster = cluster(&["127.0.0.1"], plain);
    let api = cluster.api(&cluster.access()).unwrap();

    assert_eq!(api.version().unwrap(), "v1.34.4");
    api.readyz().unwrap();
    assert_eq!(api.whoami().unwrap(), "admin");
    let heard = cluster.heard.lock().unwrap().clone();
    assert!(heard.iter().all(|heard| heard.user.as_deref() == Some("kube-apiserver")), "{heard:?}");
    assert_eq!(heard.len(), 3);
    assert!(!api.is_insecure());
}

#[test]
fn servers_and_nodes_are_told_in_order() {
    let cluster = cluster(&["127.0.0.1"], plain);
    let api = cluster.api(&cluster.access()).unwrap();

    let servers: Vec<_> = api.servers().unwrap().iter().map(ToString::to_string).collect();
    let nodes = api.nodes().unwrap();

    assert_eq!(servers, ["10.0.0.11:16443", "10.0.0.12:16443"]);
    let told: Vec<_> =
        nodes.iter().map(|node| (node.name.as_str(), node.address.as_str(), node.is_control_plane)).collect();
    let expected = [("cp1", "10.0.0.11", true), ("cp2", "10.0.0.12", true), ("worker", "10.0.0.21", false)];
    assert_eq!(told, expected);
}

#[test]
fn each_client_dials_anew() {
    let cluster = cluster(&["127.0.0.1"], plain);
    let (access, dialled) = (cluster.access(), Arc::new(AtomicUsize::new(0)));
    let (count, target) = (dialled.clone(), cluster.endpoint.clone());
    let front = forward(move || {
        count.fetch_add(1, Ordering::SeqCst);
        target.clone()
    });

    for _ in 0..3 {
        Api::new(&wire(), &access, Some(&front), VerifyAs::Host).unwrap().readyz().unwrap();
    }

    assert_eq!(dialled.load(Ordering::SeqCst), 3);
}

/// A load balancer that passes bytes through.
#[expect(clippy::disallowed_methods, reason = "the test's own load balancer")]
fn forward(pick: impl Fn() -> Endpoint + Send + Sync + 'static) -> Endpoint {
    serve(move |front| pass(front, std::net::TcpStream::connect(pick().to_string()).unwrap()))
}

fn pass(front: std::net::TcpStream, back: std::net::TcpStream) {
    let (mut from_front, mut to_back) = (front.try_clone().unwrap(), back.try_clone().unwrap());
    let (mut from_back, mut to_front) = (back, front);
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut from_front, &mut to_back);
        let _ = to_back.shutdown(std::net::Shutdown::Write);
    });
    let _ = std::io::copy(&mut from_back, &mut to_front);
    let _ = to_front.shutdown(std::net::Shutdown::Write);
}

#[test]
fn a_name_that_is_not_served_is_refused_as_kubectl_refuses_it() {
    let cluster = cluster(&["kubernetes", "10.0.0.11"], plain);

    let error = cluster.api(&cluster.access()).unwrap().version().unwrap_err();

    let reason = "x509: certificate is valid for 10.0.0.11, not 127.0.0.1".to_owned();
    assert_eq!(error, Error::Tls { endpoint: cluster.endpoint, reason });
    assert!(cluster.heard.lock().unwrap().is_empty());
}

#[test]
fn the_name_kubernetes_is_enough_where_it_is_asked_for() {
    let cluster = cluster(&["kubernetes", "10.0.0.11"], plain);

    let api = Api::new(&wire(), &cluster.access(), None, VerifyAs::Kubernetes).unwrap();

    assert_eq!(api.version().unwrap(), "v1.34.4");
}

#[test]
fn another_ca_is_refused_whatever_the_name() {
    let mut cluster = cluster(&["127.0.0.1", "kubernetes"], plain);
    cluster.forget_ca();
    let access = cluster.access();

    for verify in [VerifyAs::Host, VerifyAs::Kubernetes] {
        let error = Api::new(&wire(), &access, None, verify).unwrap().version().unwrap_err();
        assert!(error.to_string().contains("certificate signed by unknown authority"), "{error}");
    }
}

#[test]
fn a_common_name_is_not_a_name() {
    let ca = Ca::new("kubernetes-ca");
    let mut params = crate::probe::server::params(&[]);
    params.distinguished_name.push(rcgen::DnType::CommonName, "localhost");
    let identity = ca.sign_with(params, &rcgen::PKCS_ECDSA_P256_SHA256);
    let cluster = cluster_with(ca, &identity, &Tls::default(), plain);
    let endpoint = Endpoint::new("localhost".parse().unwrap(), cluster.endpoint.port);

    let api = Api::new(&wire(), &cluster.access(), Some(&endpoint), VerifyAs::Host).unwrap();

    let error = api.version().unwrap_err().to_string();
    assert!(error.contains("relies on legacy Common Name field"), "{error}");
}

#[test]
fn tls_server_name_is_what_is_verified() {
    let cluster = cluster(&["api.example.com"], plain);
    let access = |name| {
        let line = format!("    tls-server-name: {name}\n");
        cluster.access_with(&cluster.ca_line(), &line, &cluster.client_lines())
    };

    let version = cluster.api(&access("api.example.com")).unwrap().version();
    let error = cluster.api(&access("other.example.com")).unwrap().version().unwrap_err();

    assert_eq!(version.unwrap(), "v1.34.4");
    assert!(error.to_string().contains("valid for api.example.com, not other.example.com"), "{error}");
}

#[test]
fn without_a_ca_nobody_is_recognised() {
    let cluster = cluster(&["127.0.0.1"], plain);
    let access = cluster.access_with("", "", &cluster.client_lines());

    let error = cluster.api(&access).err().unwrap().to_string();

    assert!(error.contains("the cluster of context `lab` names no CA certificate"), "{error}");
    assert!(access.trust().is_err());
}

#[test]
fn skipping_verification_is_said() {
    let cluster = cluster(&["nobody"], plain);
    let access = cluster.access_with("", "    insecure-skip-tls-verify: true\n", &cluster.client_lines());

    let api = cluster.api(&access).unwrap();

    assert!(api.is_insecure());
    assert_eq!(api.version().unwrap(), "v1.34.4");
    assert!(Api::new(&wire(), &access, None, VerifyAs::Kubernetes).is_err());
}

#[test]
fn a_bearer_token_is_sent_and_never_told() {
    let cluster = cluster(&["127.0.0.1"], |_| Some((401, "go away".into())));
    let access = cluster.access_with(&cluster.ca_line(), "", "    token: s3cret\n");

    let error = cluster.api(&access).unwrap().readyz().unwrap_err();

    let endpoint = cluster.endpoint.clone();
    assert_eq!(error, Error::Status { endpoint, status: 401, message: "go away".into() });
    assert!(cluster.heard.lock().unwrap()[0].head.contains("Bearer s3cret"));
}

#[test]
fn a_credential_plugin_is_run_once() {
    let cluster = cluster(&["127.0.0.1"], plain);
    let runs = cluster.home.path().join("runs");
    let credential = r#"{"kind":"ExecCredential","status":{"token":"from-plugin"}}"#;
    let script = format!("echo run >> {}; echo '{credential}'", runs.display());
    let user = format!(
        "    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: sh\n      \
         args: [-c, {script:?}]\n      interactiveMode: Never\n"
    );
    let access = cluster.access_with(&cluster.ca_line(), "", &user);

    for _ in 0..3 {
        cluster.api(&access).unwrap().version().unwrap();
    }

    assert_eq!(std::fs::read_to_string(runs).unwrap(), "run\n");
    let heard = cluster.heard.lock().unwrap();
    assert!(heard.iter().all(|heard| heard.head.contains("Bearer from-plugin")));
}

#[test]
fn a_credential_plugin_that_fails_is_named() {
    let cluster = cluster(&["127.0.0.1"], plain);
    for (command, told) in [("/no/such/plugin", "cannot run its credential plugin"), ("false", "ended with")]
    {
        let user = format!("    exec: {{command: {command}, interactiveMode: Never, installHint: get it}}\n");
        let error =
            cluster.api(&cluster.access_with(&cluster.ca_line(), "", &user)).err().unwrap().to_string();

        assert!(error.contains(told) && error.contains(command), "{error}");
    }
}

#[test]
fn a_server_that_knows_no_self_review_is_met_politely() {
    let cluster = cluster(&["127.0.0.1"], |line| line.starts_with("POST").then(|| (404, not_found())));

    assert_eq!(cluster.api(&cluster.access()).unwrap().whoami().unwrap(), "kube-apiserver");
}

#[test]
fn what_is_not_ready_is_told() {
    let cluster = cluster(&["127.0.0.1"], |_| {
        Some((500, "[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed\n".into()))
    });

    let error = cluster.api(&cluster.access()).unwrap().readyz().unwrap_err();

    let endpoint = cluster.endpoint.clone();
    assert_eq!(
        error,
        Error::Status { endpoint, status: 500, message: "etcd failed: reason withheld".into() }
    );
}

#[test]
fn nobody_there_is_told_in_words() {
    let cluster = cluster(&["127.0.0.1"], plain);
    let (listener, closed) = listen();
    drop(listener);
    let silent = serve(|mut tcp| while tcp.read(&mut [0; 512]).is_ok_and(|count| count > 0) {});
    let hangs_up = serve(drop);
    let access = cluster.access();
    let ask = |wire: &Wire, endpoint: &Endpoint| {
        Api::new(wire, &access, Some(endpoint), VerifyAs::Host).unwrap().readyz().unwrap_err()
    };

    let impatient = Wire::new(std::time::Duration::from_millis(150));

    assert_eq!(ask(&wire(), &closed).to_string(), format!("{closed}: cannot connect: connection refused"));
    assert_eq!(ask(&impatient, &silent), Error::Timeout { endpoint: silent, seconds: 1 });
    assert!(matches!(ask(&wire(), &hangs_up), Error::Tls { .. } | Error::Connect { .. }));
}

#[test]
fn a_server_that_refuses_the_client_certificate_is_told_apart() {
    for highest in [SslVersion::TLS1_2, SslVersion::TLS1_3] {
        let ca = Ca::new("kubernetes-ca");
        let identity = ca.sign(&["127.0.0.1"]);
        let how = Tls { demands: Some(Ca::new("clients").pem), highest: Some(highest), ..Tls::default() };
        let cluster = cluster_with(ca, &identity, &how, plain);

        let error = cluster.api(&cluster.access()).unwrap().readyz().unwrap_err();

        assert!(matches!(&error, Error::Tls { reason, .. } if reason.contains("unknown ca")), "{error:?}");
    }
}

#[test]
fn a_proxy_is_dialled_instead() {
    let cluster = cluster(&["api.example.internal"], plain);
    let target = cluster.endpoint.clone();
    let asked = Arc::new(Mutex::new(String::new()));
    let note = asked.clone();
    #[expect(clippy::disallowed_methods, reason = "the test's own proxy")]
    let proxy = serve(move |mut front| {
        *note.lock().unwrap() = read_request(&mut front).unwrap();
        front.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        pass(front, std::net::TcpStream::connect(target.to_string()).unwrap());
    });
    let line = format!("    proxy-url: http://me:p%40ss@{proxy}\n");
    let access = cluster.access_with(&cluster.ca_line(), &line, &cluster.client_lines());
    let endpoint: Endpoint = "api.example.internal:6443".parse().unwrap();

    let api = Api::new(&wire(), &access, Some(&endpoint), VerifyAs::Host).unwrap();

    assert_eq!(api.version().unwrap(), "v1.34.4");
    let asked = asked.lock().unwrap();
    assert!(asked.starts_with("CONNECT api.example.internal:6443 "), "{asked}");
    assert!(asked.contains("Basic bWU6cEBzcw=="), "{asked}");
}

#[test]
fn the_server_of_a_context_is_an_endpoint() {
    let cluster = cluster(&["127.0.0.1"], plain);
    let access = cluster.access();

    assert_eq!(access.server().unwrap(), cluster.endpoint);
    assert_eq!(access.trust().unwrap().pem, cluster.ca.pem.replace("\r\n", "\n"));
    let other = Access { context: "none".into(), ..access };
    assert!(other.server().unwrap_err().to_string().ends_with("it has no context `none`"));
}

#[test]
fn a_kubeconfig_that_cannot_be_read_shows_nothing_of_itself() {
    let cluster = cluster(&["127.0.0.1"], plain);
    for text in ["users:\n- name: u\n  user: s3cret\n", "token: s3cret\ntoken: s3cret\n", "a: [s3cret\n"] {
        let access = Access { kubeconfigs: vec![cluster.put("broken", text)], context: "lab".into() };

        let error = access.server().unwrap_err().to_string();

        assert!(error.contains("it is no kubeconfig: see line") && !error.contains("s3cret"), "{error}");
    }
    let access = Access { kubeconfigs: vec![cluster.home.path().join("none")], context: "lab".into() };
    assert!(access.server().unwrap_err().to_string().contains("cannot read it"));
}

/// The environment of a process cannot be changed safely while others read it, so this runs itself again.
#[test]
fn a_ca_of_the_system_is_not_trusted() {
    const STAGE: &str = "CPCTL_TEST_SYSTEM_CA";
    if let Some(home) = std::env::var_os(STAGE) {
        return system_ca_is_refused(&PathBuf::from(home));
    }
    let home = TempDir::new().unwrap();
    let system = Ca::new("system");
    let identity = system.sign(&["127.0.0.1"]);
    for (name, text) in [("system.pem", &system.pem), ("cert", &identity.cert), ("key", &identity.key)] {
        put(&home, name, text);
    }

    #[expect(clippy::disallowed_methods, reason = "the test itself, under another environment")]
    let mut again = std::process::Command::new(std::env::current_exe().unwrap());
    let output = again
        .args(["--exact", "api::tests::a_ca_of_the_system_is_not_trusted", "--nocapture"])
        .env(STAGE, home.path())
        .env("SSL_CERT_FILE", home.path().join("system.pem"))
        .stdin(Stdio::null())
        .output()
        .unwrap();

    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && shown.contains("1 passed"), "{shown}");
}

fn system_ca_is_refused(home: &std::path::Path) {
    let text = |name| std::fs::read_to_string(home.join(name)).unwrap();
    let identity = Identity { cert: text("cert"), key: text("key") };
    assert_eq!(std::env::var_os("SSL_CERT_FILE").unwrap(), home.join("system.pem"));
    let cluster = cluster_with(Ca::new("kubernetes-ca"), &identity, &Tls::default(), plain);

    let error = cluster.api(&cluster.access()).unwrap().version().unwrap_err();
    let presented = wire().presented(&cluster.endpoint).unwrap();
    let trust = cluster.access().trust().unwrap();
    let verdict = trust.judge(&presented, &cluster.endpoint.host, "2027-01-01T00:00:00Z".parse().unwrap());

    assert!(error.to_string().contains("unknown authority"), "{error}");
    assert!(verdict.chain.is_some());
}
