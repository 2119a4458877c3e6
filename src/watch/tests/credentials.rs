//! Credentials that cannot be used are no fault of a server's.

use std::io::Write as _;

use tempfile::NamedTempFile;
use tokio::time::Instant;

use super::wire::{Kubeconfig, WITHIN, http2_server};
use crate::{
    api::{Dialer, VerifyAs},
    endpoint::Endpoint,
    probe::{Wire, server::Ca},
};

#[test]
fn credentials_that_make_no_request_are_refused_before_the_first_one() {
    let ca = Ca::new("lab");
    let mut token = NamedTempFile::new().unwrap();
    token.write_all(b"hunter\n2").unwrap();
    let kubeconfig = Kubeconfig::of(&ca, &format!("tokenFile: {}", token.path().display()));
    let endpoint: Endpoint = "127.0.0.1:1".parse().unwrap();

    let made = Dialer::new(&Wire::new(WITHIN), &kubeconfig.access, Some(&endpoint), VerifyAs::Host);

    let error = made.err().unwrap();
    assert!(error.to_string().ends_with(": its token holds a character that no header may"), "{error}");
    assert!(error.hint().is_some() && !error.to_string().contains("hunter"), "{error}");
}

/// Gives a token that has expired already, twice, and fails after that.
const TWICE: &str = r#"
if [ -e "$0.2" ]; then echo secret; exit 3; fi
if [ -e "$0.1" ]; then touch "$0.2"; fi
touch "$0.1"
echo '{"token": "abc", "end": "2020-01-01T00:00:00Z"}'
"#;

#[test]
fn credentials_that_cannot_be_renewed_are_told_from_what_a_server_does() {
    let ca = Ca::new("lab");
    let directory = tempfile::tempdir().unwrap();
    let mut plugin = NamedTempFile::new_in(&directory).unwrap();
    plugin.write_all(TWICE.as_bytes()).unwrap();
    let config = format!(
        "cmd-path: sh, cmd-args: {}, token-key: '{{.token}}', expiry-key: '{{.end}}'",
        plugin.path().display()
    );
    let user = format!("auth-provider: {{name: gcp, config: {{{config}}}}}");
    let (endpoint, _) = http2_server(&ca.sign(&["127.0.0.1"]));
    let dialer = Kubeconfig::of(&ca, &user).dialer(&endpoint);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();

    let asked = runtime.block_on(async {
        let deadline = Instant::now() + WITHIN;
        dialer.dial(deadline).await?.ask("/readyz", deadline).await
    });

    let miss = asked.unwrap_err();
    assert_eq!(miss.class(), "credentials", "{miss}");
    assert!(miss.to_string().ends_with("ended with exit status: 3"), "{miss}");
}
