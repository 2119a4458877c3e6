//! What went wrong with a call, found among the causes of kube's error.

use std::{
    error::Error as StdError,
    io, iter,
    sync::{Arc, Mutex, PoisonError},
};

use super::Error;
use crate::{
    endpoint::Endpoint,
    probe::{io_words, is_alert, os_error, tls_words},
};

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
/// A server may refuse our certificate that late. Its alert can arrive before the request is sent, and hyper then says
/// only that the connection was not ready.
#[derive(Clone, Default)]
pub(super) struct LastWords(Arc<Mutex<Option<String>>>);

impl LastWords {
    pub(super) fn hear(&self, error: &io::Error) {
        self.keep(of_tls(error).filter(|error| os_error(error).is_none()));
    }

    /// Of what is read from a connection that is broken already, only an alert is news.
    pub(super) fn hear_alert(&self, error: &io::Error) {
        self.keep(of_tls(error).filter(|error| is_alert(error)));
    }

    fn keep(&self, error: Option<&openssl::ssl::Error>) {
        if let Some(error) = error {
            let words = format!("the server breaks off: {}", tls_words(error));
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(words);
        }
    }

    pub(super) fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

pub(super) fn error(error: &kube::Error, endpoint: &Endpoint, last_words: &LastWords) -> Error {
    let endpoint = endpoint.clone();
    if let kube::Error::Api(status) = error {
        return Error::Status { endpoint, status: status.code, message: message(&status.message) };
    }
    if let Some(refused) = causes(error).find_map(|cause| cause.downcast_ref::<Refused>()) {
        return match refused {
            Refused::Tls(reason) => Error::Tls { endpoint, reason: reason.clone() },
            Refused::Proxy { proxy, reason } => {
                Error::Proxy { endpoint, proxy: proxy.clone(), reason: reason.clone() }
            }
            Refused::Connect(reason) => Error::Connect { endpoint, reason: reason.clone() },
        };
    }
    match last_words.take() {
        Some(reason) => Error::Tls { endpoint, reason },
        None => {
            let innermost = || causes(error).last().map(ToString::to_string);
            let reason = of_connection(error).or_else(innermost).unwrap_or_default();
            Error::Connect { endpoint, reason }
        }
    }
}

/// What TLS or the operating system said of the connection.
pub(super) fn of_connection(error: &(dyn StdError + 'static)) -> Option<String> {
    let mut words = None;
    for cause in causes(error) {
        if let Some(error) = cause.downcast_ref::<openssl::ssl::Error>() {
            return Some(tls_words(error));
        }
        words = cause.downcast_ref::<io::Error>().map(io_words).or(words);
    }
    words
}

fn of_tls(error: &io::Error) -> Option<&openssl::ssl::Error> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    iter::successors(Some(error), |error| below(*error))
}

/// An `io::Error` hides what it wraps from `source()`.
fn below<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|wrapped| wrapped as &(dyn StdError + 'static)).or_else(|| error.source())
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
