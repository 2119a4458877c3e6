//! What the client shows of itself, and what it never tells.

use std::{future::poll_fn, pin::Pin};

use hyper::rt::Write as _;
use hyper_util::rt::TokioIo;
use openssl::ssl::SslVersion;
use tokio::time::Instant;

use super::{
    cluster::{cluster, cluster_with, plain, wire},
    *,
};
use crate::{
    api::{
        VerifyAs,
        connector::{self, Offer},
        said::{self, LastWords},
    },
    probe::{
        dial_by,
        server::{Ca, Tls},
    },
};

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
fn why_a_server_hangs_up_is_heard_by_who_only_writes() {
    let ca = Ca::new("kubernetes-ca");
    let identity = ca.sign(&["127.0.0.1"]);
    let how = Tls { demands: Some(Ca::new("clients").pem), ..Tls::default() };
    let cluster = cluster_with(ca, &identity, &how, plain);
    let wire = wire();
    let login = cluster.access().login(&wire, None, VerifyAs::Host).unwrap();
    let last_words = LastWords::default();
    let tls = connector::Tls::new(&login, last_words.clone(), Offer::Http1).unwrap();

    let error = wire.runtime().unwrap().block_on(async {
        let tcp = dial_by(&cluster.endpoint, Instant::now() + wire.timeout).await.ok().unwrap();
        let mut secured = tls.shake_hands(TokioIo::new(tcp)).await.unwrap();
        loop {
            let written = poll_fn(|task| Pin::new(&mut secured).poll_write(task, b"GET / HTTP/1.1\r\n"));
            match written.await {
                Ok(_) => tokio::task::yield_now().await,
                Err(error) => break error,
            }
        }
    });

    let told = said::of_connection(&error).unwrap();
    assert!(["connection reset", "the server closes the connection"].contains(&&*told), "{told}");
    assert_eq!(last_words.take().as_deref(), Some("the server breaks off: tlsv1 alert unknown ca"));
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
