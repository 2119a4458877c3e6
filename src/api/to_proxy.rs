//! The way to a proxy, which remembers that it was the proxy where nobody answers.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use http::Uri;
use hyper_util::{client::legacy::connect::HttpConnector, rt::TokioIo};
use tokio::net::TcpStream;
use tower::Service;

use super::{connector::unreached, said::Refused};
use crate::endpoint::Endpoint;

/// Why the proxy was not reached; hyper's own error over SOCKS hides what it comes from.
#[derive(Clone, Default)]
pub(super) struct Down(Arc<Mutex<Option<Refused>>>);

impl Down {
    pub(super) fn take(&self) -> Option<Refused> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn keep(&self, refused: Refused) -> Refused {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(refused.clone());
        refused
    }
}

#[derive(Clone)]
pub(super) struct ToProxy {
    http: HttpConnector,
    proxy: Endpoint,
    down: Down,
}

impl ToProxy {
    /// Keeps the host and the port of the proxy alone: what else its URL holds may be a password.
    pub(super) fn new(http: HttpConnector, proxy: &Uri, down: Down) -> Result<Self, String> {
        let port = proxy.port_u16().unwrap_or(if proxy.scheme_str() == Some("http") { 80 } else { 1080 });
        let proxy = Endpoint::parse_with_port(proxy.host().unwrap_or_default(), port);
        Ok(Self { http, proxy: proxy.map_err(|error| format!("its proxy: {error}"))?, down })
    }
}

impl Service<Uri> for ToProxy {
    type Response = TokioIo<TcpStream>;
    type Error = Refused;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Refused>> + Send>>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), Refused>> {
        self.http.poll_ready(task).map_err(|error| unreached(&error))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let (connect, proxy, down) = (self.http.call(uri), self.proxy.clone(), self.down.clone());
        Box::pin(async move {
            connect
                .await
                .map_err(|error| down.keep(Refused::Proxy { proxy, reason: unreached(&error).to_string() }))
        })
    }
}
