//! A TLS connector that trusts the given CA alone, and names what it refuses.

use std::{
    error::Error as StdError,
    future::Future,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::Uri;
use hyper_openssl::SslStream;
use hyper_util::{
    client::legacy::{
        Client,
        connect::{
            HttpConnector,
            proxy::{SocksV5, Tunnel},
        },
    },
    rt::{TokioExecutor, TokioIo},
};
use jiff::Timestamp;
use kube::client::ConfigExt as _;
use openssl::{
    error::ErrorStack,
    ssl::{Ssl, SslContext, SslMethod, SslRef, SslSessionCacheMode, SslVerifyMode, SslVersion},
    x509::X509VerifyResult,
};
use tokio::net::TcpStream;
use tower::{BoxError, Service, ServiceBuilder};

use super::{
    access::Login,
    said::{LastWords, Refused},
    secured::Secured,
    to_proxy::{Down, ToProxy},
};
use crate::{
    cert::ServingCert,
    probe::{self, Trust, io_words, tls_words},
    san::San,
};

/// kube's client over a connector of our own: its own one trusts the system's CAs as well and takes a common name
/// for a name, and its retries would hide what a probe is there to see.
pub(super) fn client(login: &Login, last_words: &LastWords) -> Result<kube::Client, String> {
    let words = |error: &dyn StdError| error.to_string();
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_nodelay(true);
    let tls = Arc::new(Tls::new(login, last_words.clone(), Offer::Http1).map_err(|error| words(&error))?);
    let Some(proxy) = &login.proxy else {
        return over(login, Connector { below: http, tls, down: Down::default() });
    };
    let address = proxy.uri().clone();
    let down = Down::default();
    let http = ToProxy::new(http, &address, down.clone())?;
    match address.scheme_str() {
        Some("http") => {
            let tunnel = match proxy.basic_auth() {
                Some(user) => Tunnel::new(address, http).with_auth(user.clone()),
                None => Tunnel::new(address, http),
            };
            over(login, Connector { below: tunnel, tls, down })
        }
        Some("socks5" | "socks5h") => {
            let socks = match proxy.raw_auth() {
                Some((user, password)) => SocksV5::new(address, http).with_auth(user.into(), password.into()),
                None => SocksV5::new(address, http),
            };
            over(login, Connector { below: socks, tls, down })
        }
        _ => Err("its proxy is neither http:// nor socks5://".into()),
    }
}

fn over<C>(login: &Login, connector: Connector<C>) -> Result<kube::Client, String>
where
    Connector<C>: Service<Uri, Response = Secured, Error = BoxError> + Clone + Send + Sync + 'static,
    <Connector<C> as Service<Uri>>::Future: Send + Unpin + 'static,
{
    let config = &login.config;
    let service = ServiceBuilder::new()
        .layer(config.base_uri_layer())
        .option_layer(config.auth_layer().map_err(|error| error.to_string())?)
        .layer(config.extra_headers_layer().map_err(|error| error.to_string())?)
        .map_err(BoxError::from)
        .service(Client::builder(TokioExecutor::new()).build::<_, kube::client::Body>(connector));
    Ok(kube::Client::new(service, config.default_namespace.clone()))
}

/// What a client offers to speak once hands are shaken.
#[derive(Clone, Copy)]
pub(super) enum Offer {
    Http1,
    /// HTTP/1.1 stays for servers that know no other.
    Http2,
}

/// How to shake hands, and with whom.
pub(super) struct Tls {
    context: SslContext,
    trust: Option<Trust>,
    name: San,
    sends_name: bool,
    last_words: LastWords,
}

impl Tls {
    pub(super) fn new(login: &Login, last_words: LastWords, offer: Offer) -> Result<Self, ErrorStack> {
        let mut context = SslContext::builder(SslMethod::tls_client())?;
        context.set_min_proto_version(Some(SslVersion::TLS1_2))?;
        context.set_session_cache_mode(SslSessionCacheMode::OFF);
        context.set_alpn_protos(match offer {
            Offer::Http1 => b"\x08http/1.1",
            Offer::Http2 => b"\x02h2\x08http/1.1",
        })?;
        match &login.trust {
            Some(trust) => {
                context.set_cert_store(trust.live_store()?);
                context.set_verify(SslVerifyMode::PEER);
            }
            None => context.set_verify(SslVerifyMode::NONE),
        }
        if let Some(identity) = &login.identity {
            let mut certs = identity.certs.iter();
            if let Some(leaf) = certs.next() {
                context.set_certificate(leaf)?;
                context.set_private_key(&identity.key)?;
            }
            certs.try_for_each(|cert| context.add_extra_chain_cert(cert.clone()))?;
        }
        Ok(Self {
            context: context.build(),
            trust: login.trust.clone(),
            name: login.name.clone(),
            sends_name: login.sends_name,
            last_words,
        })
    }

    fn open(&self, tcp: TokioIo<TcpStream>) -> Result<SslStream<TokioIo<TcpStream>>, ErrorStack> {
        let mut ssl = Ssl::new(&self.context)?;
        probe::strict(ssl.param_mut())?;
        match &self.name {
            San::Ip(ip) => ssl.param_mut().set_ip(*ip)?,
            San::Dns(name) => {
                ssl.param_mut().set_host(name.as_str())?;
                if self.sends_name {
                    ssl.set_hostname(name.as_str())?;
                }
            }
        }
        SslStream::new(ssl, tcp)
    }

    pub(super) async fn shake_hands(&self, tcp: TokioIo<TcpStream>) -> Result<Secured, BoxError> {
        let mut stream = self.open(tcp)?;
        match Pin::new(&mut stream).connect().await {
            Ok(()) => Ok(Secured::new(stream, self.last_words.clone())),
            Err(error) => Err(self.refused(stream.ssl(), &error).into()),
        }
    }

    fn refused(&self, ssl: &SslRef, error: &openssl::ssl::Error) -> Refused {
        if ssl.verify_result() == X509VerifyResult::OK {
            return Refused::Tls(format!("cannot shake hands: {}", tls_words(error)));
        }
        let words = self
            .verdict_words(ssl)
            .unwrap_or_else(|| format!("x509: {}", ssl.verify_result().error_string()));
        Refused::Tls(words)
    }

    /// The refusal in the words of `certs inspect`, from the very chain that was refused.
    fn verdict_words(&self, ssl: &SslRef) -> Option<String> {
        let certs: Option<Vec<_>> = ssl
            .peer_cert_chain()?
            .iter()
            .map(|cert| ServingCert::from_owned(cert.to_der().ok()?).ok())
            .collect();
        let mut certs = certs?.into_iter();
        let now = Timestamp::now();
        let (leaf, chain) = (certs.next()?, certs.collect::<Vec<_>>());
        let verdict = self.trust.as_ref()?.judge_chain(&leaf, &chain, &self.name, now);
        probe::refusal_of(&leaf, &verdict, &self.name, now)
    }
}

#[derive(Clone)]
struct Connector<C> {
    below: C,
    tls: Arc<Tls>,
    down: Down,
}

impl<C> Service<Uri> for Connector<C>
where
    C: Service<Uri, Response = TokioIo<TcpStream>>,
    C::Error: Into<BoxError>,
    C::Future: Send + 'static,
{
    type Response = Secured;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Secured, BoxError>> + Send>>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.below.poll_ready(task).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let (connect, tls, down) = (self.below.call(uri), self.tls.clone(), self.down.clone());
        Box::pin(async move {
            let tcp =
                connect.await.map_err(|error| down.take().unwrap_or_else(|| unreached(&*error.into())))?;
            tls.shake_hands(tcp).await
        })
    }
}

/// The operating system's word where there is one, else the proxy's.
pub(super) fn unreached(error: &(dyn StdError + 'static)) -> Refused {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return Refused::Connect(io_words(error));
        }
        cause = error.source();
    }
    Refused::Connect(error.to_string())
}
