//! From an endpoint to what it presents: addresses in their order, then the handshake that fits.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use openssl::ssl::SslContext;
use tokio::{
    io::AsyncWriteExt as _,
    net::TcpStream,
    time::{Instant, timeout, timeout_at},
};

use super::{
    Error, Presented, Speech, Wire, handshake,
    handshake::Broken,
    io_words,
    openssl_handshake::{self, Refused},
};
use crate::{endpoint::Endpoint, san::San};

/// Version 1 of the PROXY protocol for a connection that says nothing of its client.
const PROXY_HEADER: &[u8] = b"PROXY UNKNOWN\r\n";

impl Wire {
    /// Dials `endpoint` and greets it by `name`.
    pub(super) async fn look(&self, endpoint: &Endpoint, name: &San) -> Result<Presented, Error> {
        let deadline = Instant::now() + self.timeout;
        match timeout_at(deadline, self.shake_hands(endpoint, name, deadline)).await {
            Ok(result) => result,
            Err(_) => Err(self.too_late(endpoint)),
        }
    }

    async fn shake_hands(
        &self,
        endpoint: &Endpoint,
        name: &San,
        deadline: Instant,
    ) -> Result<Presented, Error> {
        let (mut tcp, address) = self.connect(endpoint, deadline).await?;
        match handshake::shake_hands(self.tls(), &mut tcp, name).await {
            Ok(presented) => Ok(presented),
            Err(Broken::NotTls(what)) => Err(Error::NotTls { endpoint: endpoint.clone(), what }),
            Err(Broken::Unusable(reason)) => Err(Error::Handshake { endpoint: endpoint.clone(), reason }),
            Err(Broken::Refused(reason)) => self.ask_openssl(endpoint, address, name, reason).await,
            Err(Broken::Closed) => match self.ask_openssl(endpoint, address, name, String::new()).await {
                Err(_) => Err(self.why_it_hangs_up(endpoint, address, name).await),
                presented => presented,
            },
        }
    }

    /// The addresses of the host in their order, until one takes the connection; no one of them may use up the
    /// whole time.
    pub(super) async fn connect(
        &self,
        endpoint: &Endpoint,
        deadline: Instant,
    ) -> Result<(TcpStream, SocketAddr), Error> {
        let addresses = addresses(endpoint).await?;
        let mut last = self.too_late(endpoint);
        for (index, address) in addresses.iter().enumerate() {
            let left = deadline.saturating_duration_since(Instant::now());
            let share = left / u32::try_from(addresses.len() - index).unwrap_or(u32::MAX);
            match timeout(share, dial(*address)).await {
                Ok(Ok(tcp)) => return Ok((tcp, *address)),
                Ok(Err(error)) => last = not_connected(endpoint, *address, &error),
                Err(_) => last = self.too_late(endpoint),
            }
        }
        Err(last)
    }

    /// All addresses that the host's name leads to from here.
    pub fn resolved(&self, endpoint: &Endpoint) -> Result<Vec<IpAddr>, Error> {
        let unresolved = || Error::Resolve { endpoint: endpoint.clone() };
        let within = async { timeout(self.timeout, addresses(endpoint)).await };
        let found = self.runtime().map_err(|_| unresolved())?.block_on(within);
        let mut found: Vec<IpAddr> = found.map_err(|_| unresolved())??.iter().map(SocketAddr::ip).collect();
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// A second try with OpenSSL, for servers older than TLS 1.2 or with ciphers that rustls leaves out; `reason` is
    /// what rustls said.
    async fn ask_openssl(
        &self,
        endpoint: &Endpoint,
        address: SocketAddr,
        name: &San,
        reason: String,
    ) -> Result<Presented, Error> {
        let refused = |reason| Error::Handshake { endpoint: endpoint.clone(), reason };
        let context = self.openssl_context().map_err(|error| refused(error.to_string()))?;
        let tcp = self.dial_again(endpoint, address).await?;
        match openssl_handshake::shake_hands(&context, tcp, name).await {
            Ok(presented) => Ok(presented),
            Err(Refused(words)) if reason.is_empty() => Err(refused(words)),
            Err(Refused(_)) => Err(refused(reason)),
        }
    }

    fn openssl_context(&self) -> Result<SslContext, openssl::error::ErrorStack> {
        if let Some(context) = self.openssl.get() {
            return Ok(context.clone());
        }
        let context = openssl_handshake::context()?;
        Ok(self.openssl.get_or_init(|| context).clone())
    }

    /// A port that hangs up on a greeting may want the PROXY protocol first; asking is the only way to know.
    async fn why_it_hangs_up(&self, endpoint: &Endpoint, address: SocketAddr, name: &San) -> Error {
        let expects_proxy = match self.dial_again(endpoint, address).await {
            Ok(mut tcp) => {
                tcp.write_all(PROXY_HEADER).await.is_ok()
                    && handshake::shake_hands(self.tls(), &mut tcp, name).await.is_ok()
            }
            Err(error) => return error,
        };
        let what = if expects_proxy { Speech::WantsProxyProtocol } else { Speech::HangsUp };
        Error::NotTls { endpoint: endpoint.clone(), what }
    }

    async fn dial_again(&self, endpoint: &Endpoint, address: SocketAddr) -> Result<TcpStream, Error> {
        dial(address).await.map_err(|error| not_connected(endpoint, address, &error))
    }

    pub(super) fn too_late(&self, endpoint: &Endpoint) -> Error {
        Error::Timeout { endpoint: endpoint.clone(), seconds: whole_seconds(self.timeout) }
    }
}

/// Names the address where a name led to it.
fn not_connected(endpoint: &Endpoint, address: SocketAddr, error: &io::Error) -> Error {
    let words = io_words(error);
    let is_named = endpoint.to_string() == address.to_string();
    let reason = if is_named { words } else { format!("{words} ({address})") };
    Error::Connect { endpoint: endpoint.clone(), reason }
}

/// Seconds as told to an operator: never "0 s".
pub(crate) fn whole_seconds(time: Duration) -> u64 {
    time.as_secs_f64().ceil().max(1.0) as u64
}

pub(super) async fn addresses(endpoint: &Endpoint) -> Result<Vec<SocketAddr>, Error> {
    let name = match &endpoint.host {
        San::Ip(ip) => return Ok(vec![SocketAddr::new(unmapped(*ip), endpoint.port)]),
        San::Dns(name) => name.as_str(),
    };
    let found: Vec<_> = tokio::net::lookup_host((name, endpoint.port))
        .await
        .map_err(|_| Error::Resolve { endpoint: endpoint.clone() })?
        .collect();
    if found.is_empty() { Err(Error::Resolve { endpoint: endpoint.clone() }) } else { Ok(found) }
}

/// `::ffff:10.0.0.1` is dialled as the IPv4 address that it means.
fn unmapped(ip: IpAddr) -> IpAddr {
    ip.to_canonical()
}

#[expect(clippy::disallowed_methods, reason = "the wire is looked at here")]
pub(super) async fn dial(address: SocketAddr) -> io::Result<TcpStream> {
    let tcp = TcpStream::connect(address).await?;
    tcp.set_nodelay(true)?;
    Ok(tcp)
}
