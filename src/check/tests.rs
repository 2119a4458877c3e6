//! Each check on servers that show its fault, and on those that do not.

use super::*;
use crate::{
    cert::ServingCert,
    probe::{Reader, Validity},
};

fn set(names: &[&str]) -> SanSet {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

fn now() -> Timestamp {
    at("2026-11-21T12:00:00Z")
}

fn serving(names: &[&str]) -> Presented {
    let leaf = ServingCert {
        sans: set(names),
        subject: "CN=127.0.0.1".into(),
        issuer: "CN=10.152.183.1".into(),
        serial: "1".into(),
        not_before: at("2026-11-20T12:00:00Z"),
        not_after: at("2027-11-20T12:00:00Z"),
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

/// Judges one endpoint with this verdict and tells what is found.
fn judged(part: Part, presented: &Presented, verdict: &Verdict, require: &[&str]) -> Vec<String> {
    let endpoint = "172.22.22.3:16443".parse().unwrap();
    let seen = Seen {
        subject: "cp1",
        endpoint: &endpoint,
        shown: Ok((presented, Some(verdict))),
        part,
        asked: &endpoint.host,
        behind: vec![],
    };
    told(&certificates(&[seen], &set(require), now()))
}

fn told(findings: &[Finding]) -> Vec<String> {
    let line = |finding: &Finding| {
        let remedy = finding.remedy.as_deref().unwrap_or("nothing");
        format!("{} {}: {} -> {remedy}", finding.subject, finding.code.id(), finding.message)
    };
    findings.iter().map(line).collect()
}

fn good() -> Verdict {
    Verdict { chain: None, validity: Validity::Valid, names_host: true }
}

#[test]
fn a_good_certificate_is_no_finding() {
    assert!(judged(Part::Shared, &serving(&["172.22.22.3"]), &good(), &["172.22.22.3"]).is_empty());
}

#[test]
fn a_missing_name_is_told_with_the_command_that_adds_it() {
    let unnamed = Verdict { names_host: false, ..good() };
    let message = "cp1 san-missing: 172.22.22.3 is not among the names of the certificate at 172.22.22.3:16443 \
                   -> `cpctl certs add-san 172.22.22.3`";

    assert_eq!(judged(Part::Shared, &serving(&["kubernetes"]), &unnamed, &[]), [message]);
    assert_eq!(judged(Part::Shared, &serving(&["kubernetes"]), &unnamed, &["172.22.22.3"]), [message]);
    assert_eq!(judged(Part::Node, &serving(&["kubernetes"]), &good(), &["172.22.22.3"]), [message]);
    assert!(judged(Part::Node, &serving(&["kubernetes"]), &unnamed, &[]).is_empty());
}

#[test]
fn several_missing_names_are_added_by_one_command() {
    let told = judged(Part::Node, &serving(&["kubernetes"]), &good(), &["a.b", "10.0.0.1", "kubernetes"]);

    assert!(told[0].contains("a.b, 10.0.0.1 are not among"), "{told:?}");
    assert!(told[0].ends_with("`cpctl certs add-san a.b 10.0.0.1`"), "{told:?}");
}

#[test]
fn a_wildcard_answers_for_a_required_name() {
    assert!(judged(Part::Node, &serving(&["*.example.com"]), &good(), &["api.example.com"]).is_empty());
}

#[test]
fn a_balancer_that_ends_tls_is_not_told_as_a_missing_name() {
    let foreign = Verdict {
        chain: Some("unable to get local issuer certificate".into()),
        validity: Validity::Valid,
        names_host: false,
    };

    let by_chain = judged(Part::Terminated, &serving(&["proxy"]), &foreign, &["172.22.22.3"]);
    let by_silence = judged(Part::Terminated, &serving(&["172.22.22.3"]), &good(), &[]);

    assert_eq!(by_chain.len(), 1);
    assert!(
        by_chain[0]
            .starts_with("cp1 tls-terminated: 172.22.22.3:16443 ends TLS itself: its certificate comes from")
    );
    assert!(by_silence[0].contains("it asks for no client certificate"), "{by_silence:?}");
}

#[test]
fn an_untrusted_chain_and_a_missing_name_are_two_findings() {
    let verdict = Verdict {
        chain: Some("self-signed certificate".into()),
        validity: Validity::Valid,
        names_host: false,
    };

    let told = judged(Part::Shared, &serving(&["kubernetes"]), &verdict, &[]);

    assert!(told[0].starts_with("cp1 cert-untrusted: "), "{told:?}");
    assert!(told[1].starts_with("cp1 san-missing: "), "{told:?}");
}

#[test]
fn validity_is_told_before_it_hurts() {
    for (not_before, not_after, found) in [
        ("2026-01-01T00:00:00Z", "2026-12-22T12:00:00Z", None),
        (
            "2026-01-01T00:00:00Z",
            "2026-12-21T11:59:59Z",
            Some("cert-expiring: the certificate at 172.22.22.3:16443 expires in 29 days"),
        ),
        ("2026-01-01T00:00:00Z", "2026-11-21T12:00:00Z", Some("cert-expired")),
        ("2026-11-21T12:00:01Z", "2027-12-21T11:59:59Z", Some("cert-not-yet-valid")),
    ] {
        let mut presented = serving(&["kubernetes"]);
        presented.leaf.not_before = at(not_before);
        presented.leaf.not_after = at(not_after);

        let told = judged(Part::Node, &presented, &good(), &[]);

        match found {
            Some(found) => assert!(told[0].starts_with(&format!("cp1 {found}")), "{told:?}"),
            None => assert!(told.is_empty(), "{told:?}"),
        }
    }
}

#[test]
fn a_name_that_is_missing_behind_an_address_is_told_of_the_nodes_that_lack_it() {
    let (endpoint, stated) =
        ("172.22.22.3:16443".parse::<Endpoint>().unwrap(), "api.internal".parse().unwrap());
    let (presented, unnamed) = (serving(&["10.0.0.2"]), Verdict { names_host: false, ..good() });
    let found = |asked: &San, behind: &[&'static str]| {
        let seen = Seen {
            subject: "endpoint",
            endpoint: &endpoint,
            shown: Ok((&presented, Some(&unnamed))),
            part: Part::Shared,
            asked,
            behind: behind.to_vec(),
        };
        told(&certificates(&[seen], &SanSet::default(), now())).remove(0)
    };

    assert_eq!(
        found(&endpoint.host, &["cp2"]),
        "endpoint san-missing: 172.22.22.3 is not among the names of cp2 behind 172.22.22.3:16443: 10.0.0.2 \
         -> `cpctl certs add-san 172.22.22.3`"
    );
    assert!(
        found(&endpoint.host, &["cp2", "cp3"]).contains("the names of cp2, cp3 behind 172.22.22.3:16443 ->")
    );
    assert_eq!(
        found(&stated, &[]),
        "endpoint san-missing: api.internal is not among the names of the certificate at 172.22.22.3:16443 (the \
         kubeconfig's `tls-server-name` is `api.internal`) -> correct the line `tls-server-name: api.internal` in the \
         kubeconfig, or `cpctl certs add-san api.internal`"
    );
}

#[test]
fn a_name_that_no_client_accepts_is_told() {
    let mut presented = serving(&["kubernetes"]);
    presented.leaf.useless_names = vec!["DNS:172.22.22.3".into()];

    let told = judged(Part::Node, &presented, &good(), &[]);

    assert!(told[0].starts_with("cp1 san-useless: no client accepts DNS:172.22.22.3"), "{told:?}");
}

#[test]
fn an_endpoint_that_does_not_answer_is_told_with_its_reason() {
    let endpoint: Endpoint = "10.0.0.9:16443".parse().unwrap();
    let refused = probe::Error::Connect { endpoint: endpoint.clone(), reason: "connection refused".into() };
    let plain = probe::Error::NotTls {
        endpoint: endpoint.clone(),
        what: probe::Speech::Http("HTTP/1.0 400 Bad Request".into()),
    };
    let found = |error: &probe::Error| {
        let seen = Seen {
            subject: "cp9",
            endpoint: &endpoint,
            shown: Err(error),
            part: Part::Node,
            asked: &endpoint.host,
            behind: vec![],
        };
        told(&certificates(&[seen], &set(&["a.b"]), now()))
    };

    assert_eq!(
        found(&refused),
        ["cp9 endpoint-unreachable: 10.0.0.9:16443: cannot connect: connection refused \
             -> check that something listens there: `nc -vz 10.0.0.9 16443`"]
    );
    assert!(found(&plain)[0].starts_with("cp9 endpoint-not-tls: "));
}

#[test]
fn nodes_that_differ_in_a_shared_name_are_told_and_their_own_addresses_are_not() {
    let endpoint = |host: u8| -> Endpoint { format!("10.0.0.{host}:16443").parse().unwrap() };
    let verdict = good();
    let differ = |names: &[&[&str]], shared: Option<u8>| {
        let nodes: Vec<_> =
            names.iter().zip(1..).map(|(names, host)| (serving(names), endpoint(host))).collect();
        let mut seen: Vec<_> = ["cp1", "cp2", "cp3"]
            .iter()
            .zip(&nodes)
            .map(|(subject, (presented, endpoint))| Seen {
                subject,
                endpoint,
                shown: Ok((presented, Some(&verdict))),
                part: Part::Node,
                asked: &endpoint.host,
                behind: vec![],
            })
            .collect();
        let kubeconfig = shared.map(|host| (serving(&[&format!("10.0.0.{host}")]), endpoint(host)));
        seen.extend(kubeconfig.iter().map(|(presented, endpoint)| Seen {
            subject: "kubeconfig",
            endpoint,
            shown: Ok((presented, Some(&verdict))),
            part: Part::Shared,
            asked: &endpoint.host,
            behind: vec![],
        }));
        told(&certificates(&seen, &SanSet::default(), now()))
    };

    let own = [&["kubernetes", "10.0.0.1"], &["kubernetes", "10.0.0.2"], &["kubernetes", "10.0.0.3"]];
    let own = own.map(|names| names.as_slice());
    let alone = differ(&own, None);
    let led_to_a_node = differ(&own, Some(1));
    let two = differ(&[&["a.b"], &["a.b"], &["c"]], None);
    let one = differ(&[&["10.0.0.9"], &["c"], &["c"]], Some(9));

    assert_eq!((alone, led_to_a_node), (vec![], vec![]));
    assert_eq!(
        two,
        [
            "nodes sans-differ: they do not all serve the same names: a.b (not on cp3) -> `cpctl certs add-san a.b`"
        ]
    );
    assert!(one[0].contains("10.0.0.9 (not on cp2, cp3)"), "{one:?}");
}
