//! Refusals in the words that Go's clients use, because operators search for those.

use std::{fmt::Write as _, io};

use jiff::Timestamp;
use openssl::ssl::ErrorCode;

use super::{Presented, Validity, Verdict};
use crate::{cert::ServingCert, san::San};

/// From this many names on, Go counts them instead of listing them.
const TOO_MANY_NAMES: usize = 100;

/// What `kubectl` would say of this server, or `None` where it would say nothing.
pub fn refusal(presented: &Presented, verdict: &Verdict, host: &San, at: Timestamp) -> Option<String> {
    refusal_of(&presented.leaf, verdict, host, at)
}

/// The same for a certificate that comes from elsewhere, such as a file.
pub fn refusal_of(leaf: &ServingCert, verdict: &Verdict, host: &San, at: Timestamp) -> Option<String> {
    if let Some(words) = time_words(verdict.validity, at) {
        return Some(words);
    }
    if !verdict.names_host {
        return Some(format!("x509: {}", name_words(leaf, host)));
    }
    verdict.chain.as_ref().map(|reason| format!("x509: certificate signed by unknown authority ({reason})"))
}

fn time_words(validity: Validity, at: Timestamp) -> Option<String> {
    let (side, limit) = match validity {
        Validity::Valid => return None,
        Validity::Expired { since } => ("after", since),
        Validity::NotYetValid { until } => ("before", until),
    };
    let now = at.round(jiff::Unit::Second).unwrap_or(at);
    Some(format!("x509: certificate has expired or is not yet valid: current time {now} is {side} {limit}"))
}

/// Go lists only the names of the kind that was asked for.
fn name_words(leaf: &ServingCert, host: &San) -> String {
    let names = leaf.names_in_order();
    let is_address = matches!(host, San::Ip(_));
    let of_kind: Vec<_> = names.iter().filter(|name| matches!(name, San::Ip(_)) == is_address).collect();
    if of_kind.is_empty() && is_address {
        return format!("cannot validate certificate for {host} because it doesn't contain any IP SANs");
    }
    if names.is_empty() && leaf.useless_names.is_empty() && leaf.subject.contains("CN=") {
        return "certificate relies on legacy Common Name field, use SANs instead".to_owned();
    }
    if of_kind.is_empty() {
        return format!("certificate is not valid for any names, but wanted to match {host}");
    }
    if of_kind.len() >= TOO_MANY_NAMES {
        return format!("certificate is valid for {} names, but none matched {host}", of_kind.len());
    }
    let mut words = "certificate is valid for ".to_owned();
    for (index, name) in of_kind.iter().enumerate() {
        let comma = if index > 0 { ", " } else { "" };
        write!(words, "{comma}{name}").expect("a String takes every letter");
    }
    format!("{words}, not {host}")
}

/// A failed connection in plain words, without the number of the operating system.
pub(crate) fn io_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused".into(),
        io::ErrorKind::ConnectionReset => "connection reset".into(),
        io::ErrorKind::HostUnreachable => "no route to the host".into(),
        io::ErrorKind::NetworkUnreachable => "no route to the network".into(),
        io::ErrorKind::TimedOut => "no answer".into(),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe => "the server closes the connection".into(),
        _ => error.to_string(),
    }
}

/// A handshake or a connection that OpenSSL gave up, in the plainest of its reasons.
pub(crate) fn tls_words(error: &openssl::ssl::Error) -> String {
    if let Some(error) = error.io_error() {
        return io_words(error);
    }
    if let Some(error) = os_error(error) {
        return io_words(&error);
    }
    match error.ssl_error().and_then(|stack| stack.errors().first()?.reason()) {
        Some(reason) => reason.to_owned(),
        None if matches!(error.code(), ErrorCode::SYSCALL | ErrorCode::ZERO_RETURN) => {
            "the server closes the connection".to_owned()
        }
        None => error.to_string(),
    }
}

/// What the operating system said of a connection, where the far end said nothing.
pub(crate) fn os_error(error: &openssl::ssl::Error) -> Option<io::Error> {
    /// `ERR_LIB_SYS`, whose reasons are the numbers of the operating system.
    const SYSTEM: i32 = 2;
    let mut errors = error.ssl_error().filter(|_| !is_alert(error))?.errors().iter();
    let error = errors.find(|error| error.library_code() == SYSTEM)?;
    // Not `reason_code()`, which is the number of the library for these.
    i32::try_from(error.code() & 0xfff).ok().map(io::Error::from_raw_os_error)
}

/// Whether the far end broke off by an alert: OpenSSL's reason is 1000 and the number of the alert.
pub(crate) fn is_alert(error: &openssl::ssl::Error) -> bool {
    error
        .ssl_error()
        .is_some_and(|stack| stack.errors().iter().any(|error| (1000..1256).contains(&error.reason_code())))
}
