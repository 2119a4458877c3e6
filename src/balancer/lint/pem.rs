//! Certificates and keys that lie on a balancer: whose key it has.

use super::{Facts, Files, Part, Source, Spot};
use crate::{
    cert::ServingCert,
    report::{Code, Finding},
};

const BEGIN_KEY: &str = "PRIVATE KEY-----";
/// A name that the certificates of all API servers have.
const OF_API_SERVERS: &str = "kubernetes.default";
/// Who is of it may do anything.
const ADMINISTRATORS: &str = "system:masters";

/// A text with `…` in place of every line of its private keys: nobody here needs them.
pub fn without_keys(text: &str) -> String {
    let mut is_key = false;
    let lines = text.split_inclusive('\n').map(|line| {
        let is_end = line.trim_start().starts_with("-----END ");
        is_key &= !is_end;
        let shown = if is_key { hidden(line) } else { line };
        is_key |= is_begin(line);
        shown
    });
    lines.collect()
}

fn is_begin(line: &str) -> bool {
    line.trim_start().starts_with("-----BEGIN ") && line.contains(BEGIN_KEY)
}

fn hidden(line: &str) -> &'static str {
    if line.ends_with('\n') { "…\n" } else { "…" }
}

pub(super) fn judge<'a>(files: &Files<'_, 'a>, _: &Facts<'_>) -> Part<'a> {
    let mut part = Part::default();
    for source in &files.these {
        let first = ServingCert::all_from_pem(source.text.as_bytes()).ok();
        let first = first.and_then(|certs| certs.into_iter().next());
        part.findings.extend(key(source, first.as_ref()));
        part.judged.extend(first.map(|cert| (*source, cert.subject)));
    }
    part
}

/// The key belongs to the first certificate: HAProxy and NGINX do not start with a file in which it does not.
fn key(source: &Source, first: Option<&ServingCert>) -> Option<Finding> {
    let line = source.text.lines().position(is_begin)? + 1;
    let Some(cert) = first else {
        let why = "whose key it is cannot be told: its certificate is not in the file";
        return Some(source.finding(Code::NotJudged, Spot::new(line, why)));
    };
    let subject = &cert.subject;
    let whose = if cert.is_ca() {
        format!("the CA {subject}, by which anybody can be anybody")
    } else if cert.sans.iter().any(|name| name.to_string() == OF_API_SERVERS) {
        "an API server, which no balancer needs that passes TLS through".to_owned()
    } else if subject.contains(ADMINISTRATORS) {
        format!("an administrator of the cluster ({subject}); a check needs one who may do nothing else")
    } else {
        return None;
    };
    let spot = Spot::new(line, format!("this is the private key of {whose}"));
    Some(source.finding(Code::KeyOnBalancer, spot.instead("remove the key from this machine")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_key_nothing_is_kept_but_its_place() {
        let text = "a\n-----BEGIN EC PRIVATE KEY-----\nhunter\r\n2\n-----END EC PRIVATE KEY-----\nb\n";

        assert_eq!(
            without_keys(text),
            "a\n-----BEGIN EC PRIVATE KEY-----\n…\n…\n-----END EC PRIVATE KEY-----\nb\n"
        );
        assert_eq!(without_keys("-----BEGIN PRIVATE KEY-----\nhunter2"), "-----BEGIN PRIVATE KEY-----\n…");
        assert_eq!(without_keys("global\n# no key"), "global\n# no key");
    }
}
