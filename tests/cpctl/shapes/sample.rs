//! Checks that came to something of every kind.

use cpctl::{
    cert::ServingCert,
    outcome::{Filed, Preflight, Standing},
    probe::{self, Presented, Reader},
    report::{Baseline, Code, Finding, Looked, Scope, Selection, Severity, checked},
    san::SanSet,
};
use jiff::{Timestamp, tz::TimeZone};

pub const BASELINE: &str = "accepted:
  - code: clock-off
    subject: cp1
    until: 2026-12-31
    reason: \"its battery comes #1, at 100%\"
  - code: disk-full
    subject: cp1
";

/// Letters that mean something in one form or another.
pub const ODD: &str = "<b onload=\"x\">100%</b>, a: \\ & 'b' # TODO {c} ::error::d ü\u{1b}[31m";

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

fn names(names: &[&str]) -> SanSet {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

fn certificate(sans: &SanSet, not_after: &str, digit: char) -> ServingCert {
    ServingCert {
        sans: sans.clone(),
        subject: "CN=kube-apiserver".into(),
        issuer: "CN=kubernetes".into(),
        serial: "1f".into(),
        not_before: at("2025-11-22T12:00:00Z"),
        not_after: at(not_after),
        key: "RSA 2048".into(),
        fingerprint: digit.to_string().repeat(64),
        public_key: String::new(),
        useless_names: vec![],
        der: vec![],
    }
}

fn standing(node: &str, served: Result<ServingCert, probe::Error>, on_disk: ServingCert) -> Standing {
    let shown = |leaf| Presented {
        leaf,
        chain: vec![],
        version: "TLS 1.3".into(),
        cipher: "TLS_AES_128_GCM_SHA256".into(),
        alpn: None,
        client_cas: None,
        reader: Reader::Rustls,
    };
    Standing {
        node: node.into(),
        distribution: "kubeadm",
        endpoint: format!("{node}.example.com:6443").parse().unwrap(),
        configured: names(&["vip.example.com", "172.22.22.3"]),
        derived: names(&["kubernetes", "10.96.0.1"]),
        needed: SanSet::default(),
        on_disk: Some(on_disk),
        keeps_names: false,
        served: served.map(shown),
    }
}

fn nodes() -> Vec<Standing> {
    let (old, new) = (
        names(&["kubernetes", "10.96.0.1"]),
        names(&["kubernetes", "10.96.0.1", "vip.example.com", "172.22.22.3"]),
    );
    let silent = probe::Error::Timeout { endpoint: "cp3.example.com:6443".parse().unwrap(), seconds: 5 };
    vec![
        standing(
            "cp1",
            Ok(certificate(&new, "2027-11-22T12:00:00Z", 'a')),
            certificate(&new, "2027-11-22T12:00:00Z", 'a'),
        ),
        standing(
            "cp2",
            Ok(certificate(&old, "2026-11-20T12:00:00Z", 'b')),
            certificate(&new, "2026-12-10T12:00:00Z", 'c'),
        ),
        standing("cp3", Err(silent), certificate(&old, "2027-01-31T12:00:00Z", 'd')),
    ]
}

/// What lies on a node, the last to end first.
fn filed() -> Vec<Filed> {
    let filed = |path: &str, not_after: &str, digit: char| Filed {
        node: "cp1".into(),
        path: path.into(),
        cert: certificate(&SanSet::default(), not_after, digit),
    };
    vec![
        filed("/etc/kubernetes/pki/ca.crt", "2035-11-22T12:00:00Z", 'e'),
        filed("/var/lib/kubelet/pki/<kubelet>.pem", "2026-12-01T12:00:00Z", 'f'),
    ]
}

fn looked(subject: &str, scope: Scope, unseen: Option<&str>) -> Looked {
    Looked { subject: subject.into(), scope, unseen: unseen.map(str::to_owned) }
}

pub fn preflight() -> Preflight {
    let looked = [
        looked("cp1", Scope::Node, None),
        looked("cp2", Scope::Node, None),
        looked("cp3", Scope::Node, Some("nobody could look at the machine")),
        looked("cp1", Scope::Server, None),
        looked("cp2", Scope::Server, None),
        looked("lb/haproxy.cfg", Scope::Configuration, None),
    ];
    let findings = [
        Finding::new(Code::NodeUnreachable, "cp3", "connection refused\n(10.0.0.13:22)"),
        Finding::new(Code::ClockOff, "cp1", "its clock is 40 s behind"),
        Finding::new(Code::DiskFull, "cp2", "3 MB are free in /etc/kubernetes")
            .remedy("make room:\ndf -h /etc"),
        Finding::new(Code::CertExpired, "cp2", ODD).remedy("cpctl certs renew --node cp2"),
        Finding::new(Code::ServerTwice, "lb/haproxy.cfg", "10.0.0.11:6443 stands twice")
            .remedy("remove one")
            .at(14, "    server cp1 10.0.0.11:6443 check"),
        Finding::new(Code::ServerTwice, "lb/haproxy.cfg", "10.0.0.12:6443 stands twice")
            .at(15, "    server cp2 10.0.0.12:6443 check"),
        Finding::new(Code::NotJudged, "lb/haproxy.cfg", "`peers` is not judged").at(30, "peers a"),
    ];
    let now = at("2026-11-22T12:00:00Z");
    let baseline = Baseline::parse("accepted, by all.yaml", BASELINE).unwrap();
    let mut rows = checked(&looked, &findings);
    let told = baseline.apply(&mut rows, &Selection::default(), now.to_zoned(TimeZone::UTC).date());
    rows.extend(checked(&[], &told));
    let to = Some("vip.example.com:6443".parse().unwrap());
    Preflight { to, rows, nodes: nodes(), filed: filed(), now, fail_on: Some(Severity::Fail), papers: vec![] }
}

/// A cluster on which nothing is wrong.
pub fn healthy() -> Preflight {
    let subjects: Vec<Looked> =
        (1..=100).map(|number| looked(&format!("control-plane-{number}"), Scope::Node, None)).collect();
    let rows = checked(&subjects, &[]);
    let now = at("2026-11-22T12:00:00Z");
    Preflight {
        to: None,
        rows,
        nodes: vec![],
        filed: vec![],
        now,
        fail_on: Some(Severity::Warn),
        papers: vec![],
    }
}

/// A cluster that nobody could look at.
pub fn unseen() -> Preflight {
    let rows = checked(&[looked("cp1", Scope::Node, Some("nobody could look"))], &[]);
    Preflight { rows, fail_on: None, ..healthy() }
}
