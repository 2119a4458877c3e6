//! Certificates in files, judged by their dates and their names.

use jiff::Timestamp;

use super::EXPIRING;
use crate::{
    cert::ServingCert,
    report::{Code, Finding},
    san::San,
};

/// A certificate in a file.
pub struct Filed<'p> {
    /// The file.
    pub subject: &'p str,
    /// Whose it is: `client certificate of user `admin``.
    pub what: &'p str,
    pub cert: &'p ServingCert,
    /// Where in the file, and what the line says.
    pub at: Option<(usize, String)>,
    /// What to do where it is no longer valid.
    pub renew: &'p str,
}

/// What is wrong with it; `asked` is the name that clients of a serving certificate look for.
pub fn filed(filed: &Filed<'_>, asked: Option<&San>, now: Timestamp) -> Vec<Finding> {
    let asked = asked.filter(|_| !filed.cert.sans.is_empty());
    let found = [validity(filed, now), asked.and_then(|asked| missing(filed, asked)), useless(filed)];
    found.into_iter().flatten().collect()
}

fn finding(filed: &Filed<'_>, code: Code, message: String, remedy: &str) -> Finding {
    let finding = Finding::new(code, filed.subject, message).remedy(remedy);
    match &filed.at {
        Some((line, quote)) => finding.at(*line, quote.clone()),
        None => finding,
    }
}

fn validity(filed: &Filed<'_>, now: Timestamp) -> Option<Finding> {
    let Filed { what, cert, renew, .. } = filed;
    let told = |code, message: String, remedy: &str| Some(finding(filed, code, message, remedy));
    match cert.remaining(now) {
        _ if cert.not_before > now => told(
            Code::CertNotYetValid,
            format!("the {what} is valid only from {}", cert.not_before),
            "set this machine's clock: `sudo timedatectl set-ntp true`",
        ),
        left if !left.is_positive() => {
            told(Code::CertExpired, format!("the {what} has expired on {}", cert.not_after), renew)
        }
        left if left < EXPIRING => told(
            Code::CertExpiring,
            format!("the {what} expires in {} days, on {}", left.as_hours() / 24, cert.not_after),
            renew,
        ),
        _ => None,
    }
}

fn missing(filed: &Filed<'_>, asked: &San) -> Option<Finding> {
    let Filed { what, cert, .. } = filed;
    let message = format!("{asked} is not among the names of the {what}: {}", cert.sans);
    let remedy = format!("`cpctl certs add-san {asked}`");
    (!cert.covers(asked)).then(|| finding(filed, Code::SanMissing, message, &remedy))
}

fn useless(filed: &Filed<'_>) -> Option<Finding> {
    let names = &filed.cert.useless_names;
    let message = format!("no client accepts {} as it stands in the {}", names.join(", "), filed.what);
    let remedy = "an address belongs under `IP.n`, not under `DNS.n`";
    (!names.is_empty()).then(|| finding(filed, Code::SanUseless, message, remedy))
}
