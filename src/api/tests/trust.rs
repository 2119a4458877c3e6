//! Which servers are recognised.

use std::process::Stdio;

use tempfile::TempDir;

use super::{
    cluster::{cluster, cluster_with, plain, put, wire},
    *,
};
use crate::probe::server::{Ca, Identity, Tls};

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
        .args(["--exact", "api::tests::trust::a_ca_of_the_system_is_not_trusted", "--nocapture"])
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
