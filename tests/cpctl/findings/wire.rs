//! Findings about servers and about the API behind them.

use cpctl::{
    api,
    cert::ServingCert,
    check::{self, Part, Seen},
    endpoint::Endpoint,
    probe::{self, Presented, Reader, Validity, Verdict},
    report::Finding,
    san::SanSet,
};
use jiff::Timestamp;

use super::{assert_told, rendered};

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn endpoint() -> Endpoint {
    "172.22.22.3:16443".parse().unwrap()
}

fn set(names: &[&str]) -> SanSet {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

fn serving(names: &[&str]) -> Presented {
    let leaf = ServingCert {
        sans: set(names),
        subject: "CN=127.0.0.1".into(),
        issuer: "CN=10.152.183.1".into(),
        serial: "1".into(),
        not_before: "2026-11-20T12:00:00Z".parse().unwrap(),
        not_after: "2027-11-20T12:00:00Z".parse().unwrap(),
        key: "RSA 2048".into(),
        fingerprint: String::new(),
        public_key: String::new(),
        useless_names: vec![],
        der: vec![],
    };
    Presented {
        leaf,
        chain: vec![],
        version: "TLS 1.3".into(),
        cipher: "TLS_AES_128_GCM_SHA256".into(),
        alpn: None,
        client_cas: None,
        reader: Reader::Rustls,
    }
}

fn valid(not_before: &str, not_after: &str) -> Presented {
    let mut presented = serving(&["172.22.22.3"]);
    presented.leaf.not_before = not_before.parse().unwrap();
    presented.leaf.not_after = not_after.parse().unwrap();
    presented
}

fn good() -> Verdict {
    Verdict { chain: None, validity: Validity::Valid, names_host: true }
}

fn foreign() -> Verdict {
    Verdict { chain: Some("self-signed certificate".into()), ..good() }
}

fn seen<'s>(
    subject: &'s str,
    at: &'s Endpoint,
    shown: Result<(&'s Presented, Option<&'s Verdict>), &'s probe::Error>,
) -> Seen<'s> {
    Seen { subject, endpoint: at, shown, part: Part::Node, asked: &at.host, behind: vec![] }
}

fn judged(part: Part, presented: &Presented, verdict: &Verdict) -> Vec<Finding> {
    let at = endpoint();
    let seen = Seen { part, ..seen("cp1", &at, Ok((presented, Some(verdict)))) };
    check::certificates(&[seen], &set(&["172.22.22.3"]), now())
}

fn silent(error: &probe::Error) -> Vec<Finding> {
    check::certificates(&[seen("cp1", &endpoint(), Err(error))], &SanSet::default(), now())
}

#[test]
fn a_certificate_is_told_by_what_is_wrong_with_it() {
    let mut useless = serving(&["172.22.22.3"]);
    useless.leaf.useless_names = vec!["DNS:172.22.22.3".into()];
    let (with, without) = (serving(&["172.22.22.3", "a.b"]), serving(&["172.22.22.3", "c"]));
    let verdict = good();
    let differ = [("cp1", &with), ("cp2", &with), ("cp3", &without)];
    let at = endpoint();
    let differ = differ.map(|(subject, presented)| seen(subject, &at, Ok((presented, Some(&verdict)))));

    let findings = [
        judged(Part::Node, &serving(&["kubernetes"]), &good()),
        judged(Part::Shared, &serving(&["172.22.22.3"]), &foreign()),
        judged(Part::Terminated, &serving(&["proxy"]), &foreign()),
        judged(Part::Node, &valid("2026-01-01T00:00:00Z", "2026-11-20T00:00:00Z"), &good()),
        judged(Part::Node, &valid("2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z"), &good()),
        judged(Part::Node, &valid("2026-12-01T00:00:00Z", "2027-12-01T00:00:00Z"), &good()),
        judged(Part::Node, &useless, &good()),
        check::certificates(&differ, &SanSet::default(), now()),
    ];

    assert_told!("certificates", rendered(findings.concat()));
}

#[test]
fn a_server_that_does_not_answer_as_an_api_server_does_is_told_by_what_it_did() {
    let connect = probe::Error::Connect { endpoint: endpoint(), reason: "connection refused".into() };
    let status = |status, message: &str| {
        check::api("cp1", &api::Error::Status { endpoint: endpoint(), status, message: message.into() })
    };

    let findings = [
        silent(&connect),
        silent(&probe::Error::Resolve { endpoint: endpoint() }),
        silent(&probe::Error::NotTls {
            endpoint: endpoint(),
            what: probe::Speech::Http("HTTP/1.0 400 Bad Request".into()),
        }),
        vec![
            check::silent_node("cp1", &endpoint(), &connect),
            check::silent_endpoint(&endpoint(), &connect),
            status(401, "Unauthorized"),
            status(403, "Forbidden"),
            status(500, "[-]poststarthook/rbac/bootstrap-roles failed"),
            check::api("cp1", &api::Error::Timeout { endpoint: endpoint(), seconds: 5 }),
        ],
    ];

    assert_told!("servers", rendered(findings.concat()));
}
