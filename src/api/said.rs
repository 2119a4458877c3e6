//! What went wrong with a call, found among the causes of kube's error.

use std::{
    error::Error as StdError,
    io,
    sync::{Arc, Mutex, PoisonError},
};

use super::Error;
use crate::{endpoint::Endpoint, probe::io_words};

/// Why there was no connection to send a request on.
#[derive(Clone, Debug, thiserror::Error)]
pub(super) enum Refused {
    #[error("{0}")]
    Tls(String),
    #[error("{0}")]
    Connect(String),
    /// There was no connection to the proxy.
    #[error("{proxy}: {reason}")]
    Proxy { proxy: Endpoint, reason: String },
}

/// Why a server broke off after the handshake.
///
/// Its alert can arrive before the request is sent; hyper then says only that the connection was not ready.
#[derive(Clone, Default)]
pub(super) struct LastWords(Arc<Mutex<Option<String>>>);

impl LastWords {
    pub(super) fn hear(&self, error: &io::Error) {
        let mut cause = below(error);
        while let Some(error) = cause {
            if let Some(error) = error.downcast_ref::<openssl::ssl::Error>() {
                *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(tls_words(error));
                return;
            }
            cause = below(error);
        }
    }

    fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

pub(super) fn error(error: &kube::Error, endpoint: &Endpoint, last_words: &LastWords) -> Error {
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
                Refused::Proxy { proxy, reason } => {
                    Error::Proxy { endpoint, proxy: proxy.clone(), reason: reason.clone() }
                }
                Refused::Connect(reason) => Error::Connect { endpoint, reason: reason.clone() },
            };
        }
        innermost = error.downcast_ref::<io::Error>().map_or_else(|| error.to_string(), io_words);
        cause = below(error);
    }
    match last_words.take() {
        Some(reason) => Error::Tls { endpoint, reason },
        None => Error::Connect { endpoint, reason: innermost },
    }
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
