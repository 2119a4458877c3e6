//! Findings about nodes whose API server was set up by hand, on rehearsed machines that are wrong in these ways.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
};

use cpctl::rehearse::Kind;

use super::{Desk, assert_told};

const UNIT: &str = "kube-apiserver";

fn file(desk: &Desk, node: &str, name: &str) -> PathBuf {
    desk.cluster.machine(node).unwrap().path(&Path::new("/var/lib/kubernetes").join(name)).unwrap()
}

/// The flags of a server that stand whatever is wrong with it, and these.
fn start(desk: &Desk, node: &str, flags: &str) {
    let own = format!("192.0.2.1{}", &node[2..]);
    let line = format!(
        "/usr/local/bin/kube-apiserver --advertise-address={own} --client-ca-file=/var/lib/kubernetes/ca.pem {flags}"
    );
    desk.cluster.machine(node).unwrap().set_arguments(UNIT, &line).unwrap();
}

const PAIR: &str = "--tls-cert-file=/var/lib/kubernetes/kubernetes.pem \
    --tls-private-key-file=/var/lib/kubernetes/kubernetes-key.pem";

#[test]
fn a_certificate_that_cannot_be_signed_anew_is_told_by_why() {
    let desk = Desk::of(Kind::ByHand);
    start(&desk, "cp1", "");
    let key = fs::read(file(&desk, "cp2", "kubernetes-key.pem")).unwrap();
    let mut pair = OpenOptions::new().append(true).open(file(&desk, "cp2", "kubernetes.pem")).unwrap();
    pair.write_all(&key).unwrap();
    fs::write(file(&desk, "cp3", "kubernetes.pem"), "no certificate\n").unwrap();
    let add = ["certs", "add-san", "cp.example.internal", "--yes"];

    let told = desk.plays(&[&add, &[&add[..], &["-o", "json"]].concat()]);

    assert_told!("by-hand-refused", told);
}

#[test]
fn names_that_a_server_set_up_by_hand_will_miss_are_told_beside_the_new_ones() {
    let desk = Desk::of(Kind::ByHand);
    for node in ["cp1", "cp2", "cp3"] {
        start(&desk, node, &format!("--service-cluster-ip-range=10.99.0.0/24 {PAIR}"));
    }
    fs::write(file(&desk, "cp1", "ca.conf"), "[alt_names]\nDNS.1 = kubernetes\nIP.1 = 127.0.0.1\n").unwrap();
    let vip = desk.cluster.endpoint().host.to_string();
    let add = ["certs", "add-san", &vip];

    let plan = desk.says(&[&add[..], &["--dry-run"]].concat());
    let added = desk.says(&[&add[..], &["--yes", "--quiet", "-o", "json"]].concat());

    assert_told!("by-hand-cautions", format!("{plan}\n{added}"));
}
