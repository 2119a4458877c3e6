//! What went wrong with a call, found among the causes of kube's error.

use std::{error::Error as StdError, io};

use super::Error;
use crate::{endpoint::Endpoint, probe::io_words};

/// Why there was no connection to send a request on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refused {
    #[error("{0}")]
    Tls(String),
    #[error("{0}")]
    Connect(String),
}

pub(super) fn error(error: &kube::Error, endpoint: &Endpoint) -> Error {
    let endpoint = endpoint.clone();
    if let kube::Error::Api(status) = error {
        return Error::Status { endpoint, status: status.code, message: message(&status.message) };
    }
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    let mut innermost = String::new();
    while let Some(error) = cause {
        if let Some(refused) = error.downcast_ref::<Refused>() {
            return match refused {
                Refused::Tls(reason) => Error::Tls { endpoint, reason: reason.clone() },
                Refused::Connect(reason) => Error::Connect { endpoint, reason: reason.clone() },
            };
        }
        if let Some(error) = error.downcast_ref::<openssl::ssl::Error>() {
            return Error::Tls { endpoint, reason: tls_words(error) };
        }
        innermost = error.downcast_ref::<io::Error>().map_or_else(|| error.to_string(), io_words);
        cause = below(error);
    }
    Error::Connect { endpoint, reason: innermost }
}

/// An `io::Error` hides what it wraps from `source()`.
fn below<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|wrapped| wrapped as &(dyn StdError + 'static)).or_else(|| error.source())
}

/// A server may still refuse our certificate after the handshake; its alert arrives with the first read.
fn tls_words(error: &openssl::ssl::Error) -> String {
    let reason = error.ssl_error().and_then(|stack| stack.errors().first().and_then(|error| error.reason()));
    format!("the server breaks off: {}", reason.unwrap_or("without a reason"))
}

/// `/readyz` answers with a list; what failed in it is what matters.
fn message(text: &str) -> String {
    let failed: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("[-]")).collect();
    let line = if failed.is_empty() {
        text.lines().next().unwrap_or_default().to_owned()
    } else {
        failed.join(", ")
    };
    line.chars().filter(|c| !c.is_control()).take(300).collect()
}
