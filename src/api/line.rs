//! Connections to an API server one by one, each known by what its server presented: for who measures them.

use std::sync::Arc;

use http::{Request, Uri, header::HOST};
use hyper::{
    body::{Body as _, Incoming},
    client::conn::{http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tower::BoxError;

use super::{
    Access, Error, Miss, VerifyAs,
    connector::{Offer, Tls},
    credentials::Credentials,
    said::{self, LastWords},
    secured::Secured,
};
use crate::{
    cert,
    endpoint::Endpoint,
    probe::{Wire, dial_by},
};

/// As client-go has it: a connection on which nothing was read for so long is asked whether it still lives.
const PING_AFTER: std::time::Duration = std::time::Duration::from_secs(30);
const PING_WITHIN: std::time::Duration = std::time::Duration::from_secs(15);

/// The way to one address with the context's CA and credentials; every connection is a new one.
#[derive(Clone)]
pub struct Dialer {
    endpoint: Endpoint,
    tls: Arc<Tls>,
    credentials: Credentials,
}

/// One connection that speaks HTTP.
pub struct Line {
    sender: Sender,
    credentials: Credentials,
    /// SHA-256 of the certificate that its server presented.
    pub fingerprint: Arc<str>,
}

enum Sender {
    Http1(http1::SendRequest<String>),
    Http2(http2::SendRequest<String>),
}

/// An answer whose end is awaited.
pub struct Held {
    body: Incoming,
    /// Kept, because a connection whose sender is gone ends.
    _line: Line,
}

impl Dialer {
    /// Dials `endpoint` in place of the context's own server.
    pub fn new(
        wire: &Wire,
        access: &Access,
        endpoint: Option<&Endpoint>,
        verify: VerifyAs,
    ) -> Result<Self, Error> {
        let login = access.login(wire, endpoint, verify)?;
        let unusable = |reason| access.unusable(reason);
        if login.proxy.is_some() {
            return Err(unusable(format!(
                "its proxy stands before {}, and what is measured would be the proxy's",
                login.endpoint
            )));
        }
        let runtime = wire.runtime().map_err(|error| unusable(error.to_string()))?;
        let _inside = runtime.enter();
        let tls = Tls::new(&login, LastWords::default(), Offer::Http2)
            .map_err(|error| unusable(error.to_string()))?;
        let credentials = Credentials::of(&login).map_err(unusable)?;
        // What fails here would fail with every request, and look like an outage.
        runtime.block_on(credentials.head("/")).map_err(unusable)?;
        Ok(Self { endpoint: login.endpoint, tls: Arc::new(tls), credentials })
    }

    /// The address that is dialled.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// A connection whose server has been recognised.
    pub async fn dial(&self, deadline: Instant) -> Result<Line, Miss> {
        let tcp = dial_by(&self.endpoint, deadline).await?;
        timeout_at(deadline, self.speak(tcp)).await.unwrap_or(Err(Miss::Deadline))
    }

    async fn speak(&self, tcp: TcpStream) -> Result<Line, Miss> {
        let refused = |error: BoxError| Miss::Tls(error.to_string().into());
        let secured = self.tls.shake_hands(TokioIo::new(tcp)).await.map_err(refused)?;
        let fingerprint = fingerprint(&secured).unwrap_or_default();
        let sender = if secured.speaks_http2() {
            let (sender, connection) = http2::Builder::new(TokioExecutor::new())
                .timer(TokioTimer::new())
                .keep_alive_interval(PING_AFTER)
                .keep_alive_timeout(PING_WITHIN)
                .keep_alive_while_idle(true)
                .handshake(secured)
                .await
                .map_err(|error| cut(&error))?;
            // How it ended is told to whoever still waits for an answer.
            tokio::spawn(async move { drop(connection.await) });
            Sender::Http2(sender)
        } else {
            let (sender, connection) = http1::handshake(secured).await.map_err(|error| cut(&error))?;
            tokio::spawn(async move { drop(connection.await) });
            Sender::Http1(sender)
        };
        Ok(Line { sender, credentials: self.credentials.clone(), fingerprint: fingerprint.into() })
    }
}

impl Line {
    /// Whether the path is answered with a success.
    pub async fn ask(&mut self, path: &str, deadline: Instant) -> Result<(), Miss> {
        let answered = async {
            let mut body = self.get(path).await?;
            while let Some(frame) = next(&mut body).await {
                frame.map_err(|error| cut(&error))?;
            }
            Ok(())
        };
        timeout_at(deadline, answered).await.unwrap_or(Err(Miss::Deadline))
    }

    /// An answer that does not end by itself.
    pub async fn hold(mut self, path: &str, deadline: Instant) -> Result<Held, Miss> {
        let body = timeout_at(deadline, self.get(path)).await.unwrap_or(Err(Miss::Deadline))?;
        Ok(Held { body, _line: self })
    }

    /// The same connection for another request at the same time, as HTTP/2 has it; `None` where it takes none.
    pub fn shared(&self) -> Option<Self> {
        match &self.sender {
            Sender::Http2(sender) if !sender.is_closed() => Some(Self {
                sender: Sender::Http2(sender.clone()),
                credentials: self.credentials.clone(),
                fingerprint: self.fingerprint.clone(),
            }),
            _ => None,
        }
    }

    /// Whether another request can follow on it.
    pub fn is_open(&self) -> bool {
        match &self.sender {
            Sender::Http1(sender) => !sender.is_closed(),
            Sender::Http2(sender) => !sender.is_closed(),
        }
    }

    async fn get(&mut self, path: &str) -> Result<Incoming, Miss> {
        let head = self.credentials.head(path).await.map_err(|words| Miss::Credentials(words.into()))?;
        let request = Request::from_parts(head, String::new());
        let answer = match &mut self.sender {
            Sender::Http1(sender) => {
                sender.ready().await.map_err(|error| cut(&error))?;
                sender.send_request(in_origin_form(request)).await
            }
            Sender::Http2(sender) => {
                sender.ready().await.map_err(|error| cut(&error))?;
                sender.send_request(request).await
            }
        };
        let answer = answer.map_err(|error| cut(&error))?;
        if answer.status().is_success() {
            return Ok(answer.into_body());
        }
        Err(Miss::Status(answer.status().as_u16()))
    }
}

impl Held {
    /// Comes back when the answer has ended.
    pub async fn ended(mut self) {
        while let Some(Ok(_)) = next(&mut self.body).await {}
    }
}

async fn next(body: &mut Incoming) -> Option<Result<hyper::body::Frame<hyper::body::Bytes>, hyper::Error>> {
    std::future::poll_fn(|task| std::pin::Pin::new(&mut *body).poll_frame(task)).await
}

/// HTTP/1.1 names the server in a header, and only the path in its first line.
fn in_origin_form(mut request: Request<String>) -> Request<String> {
    let uri = request.uri();
    let host = uri.authority().and_then(|authority| authority.as_str().parse().ok());
    let path = uri.path_and_query().and_then(|path| Uri::try_from(path.as_str()).ok());
    if let Some(host) = host {
        request.headers_mut().insert(HOST, host);
    }
    if let Some(path) = path {
        *request.uri_mut() = path;
    }
    request
}

fn fingerprint(secured: &Secured) -> Option<String> {
    Some(cert::digest(&secured.leaf()?.to_der().ok()?))
}

fn cut(error: &hyper::Error) -> Miss {
    let words = said::of_connection(error).unwrap_or_else(|| "the connection is closed".to_owned());
    Miss::Cut(words.into())
}
