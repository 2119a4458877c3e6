//! What is told of a HAProxy: of a good one nothing, and of each fault its own line.

use std::{fs, path::Path};

use jiff::civil::date;
use proptest::prelude::*;

use super::{super::*, parse::parse};

mod faults;
mod inventories;
mod seeds;

fn fixture(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lint").join(name)).unwrap()
}

fn source(name: &str, text: &str) -> Source {
    Source { name: name.into(), text: text.into(), mode: None, kind: None }
}

/// What is told of files, as `ID LINE`.
fn told(sources: &[Source], plane: Option<&ControlPlane>) -> Vec<String> {
    let judged = lint(sources, &Facts { plane, today: date(2026, 11, 21) });
    let line = |finding: &Finding| finding.at.as_ref().map_or("-".into(), |at| at.line.to_string());
    judged.findings.iter().map(|finding| format!("{} {}", finding.code.id(), line(finding))).collect()
}

fn told_of(text: &str) -> Vec<String> {
    told(&[source("haproxy.cfg", text)], None)
}

/// A control plane of three nodes at 10.0.0.1 and so on, with two balancers.
fn plane(distribution: &str) -> ControlPlane {
    let node = |number| Server {
        name: format!("cp{number}"),
        host: format!("10.0.0.{number}"),
        api: None,
        distribution: Some(distribution.into()),
    };
    ControlPlane {
        endpoint: Some("10.0.0.9:6443".parse().unwrap()),
        nodes: (1..=3).map(node).collect(),
        balancers: vec!["10.0.0.7".into(), "10.0.0.8".into()],
    }
}

#[test]
fn of_a_good_configuration_nothing_is_told() {
    let kubeadm = [source("kubeadm.cfg", &fixture("haproxy/kubeadm.cfg"))];
    let k3s = [source("k3s.cfg", &fixture("haproxy/k3s.cfg"))];

    assert_eq!(told(&kubeadm, None), Vec::<String>::new());
    assert_eq!(told(&kubeadm, Some(&plane("kubeadm"))), Vec::<String>::new());
    assert_eq!(told(&k3s, Some(&plane("k3s"))), Vec::<String>::new());
}

#[test]
fn a_misspelt_parameter_is_told_and_put_right() {
    let text = fixture("haproxy/kubeadm.cfg").replace("cp2 10.0.0.2:6443 check", "cp2 10.0.0.2:6443 chekc");

    let judged = lint(&[source("haproxy.cfg", &text)], &Facts { plane: None, today: date(2026, 11, 21) });

    let told: Vec<_> = judged.findings.iter().map(|found| found.code.id()).collect();
    assert_eq!(told, ["not-judged", "check-missing"]);
    assert!(judged.findings[0].message.contains("`chekc`"), "{}", judged.findings[0].message);
    assert_eq!(judged.findings[1].remedy.as_deref(), Some("server cp2 10.0.0.2:6443 check"));
}

#[test]
fn other_services_are_nobodys_business() {
    let text = "
        frontend shop
          bind *:443 ssl crt /etc/shop.pem
          mode http
          default_backend shop
        backend shop
          balance source
          server a 10.0.0.1:8080
        listen stats
          bind *:8404
          mode http
          stats enable";

    assert_eq!(told_of(text), Vec::<String>::new());
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic_and_prints_as_it_was(text in r#"([a-z0-9.:#'"\\$ \t\n]|server|bind|backend|listen|defaults|:6443|timeout|option|.if|.endif|from|ü){0,80}"#) {
        let lines = text.lines().count();

        let judged = lint(&[Source { kind: Some(Kind::Haproxy), ..source("a", &text) }], &Facts { plane: None, today: date(2026, 11, 21) });

        prop_assert_eq!(parse(&text).print(), text);
        for finding in judged.findings {
            let is_of_all = finding.code == Code::NothingSeen;
            prop_assert!(is_of_all || finding.at.is_some_and(|at| (1..=lines).contains(&at.line)));
        }
    }
}
