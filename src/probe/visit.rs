//! Several fresh connections to one address, each with a handshake and one question without a login.

use std::{io::Read as _, sync::Arc, time::Duration};

use rustls::{ClientConfig, ClientConnection};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite},
    task::JoinSet,
    time::{Instant, timeout_at},
};

use super::{
    Error, Presented, Said, Speech, Wire,
    handshake::{self, Broken, Then},
    passed_on::{MOST, said},
};
use crate::{endpoint::Endpoint, san::San};

/// As many at once as a balancer has to bear from a client that means no harm.
const AT_ONCE: usize = 8;

/// What one fresh connection came to, without a session of an earlier one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Visit {
    pub presented: Presented,
    /// TLS 1.3 session tickets that came: Go sends one, OpenSSL two.
    pub tickets: u32,
    /// What `/readyz` said to somebody without a login; `None` where it was no HTTP.
    pub said: Option<Said>,
    /// From the first packet to the end of the handshake.
    pub took: Duration,
}

impl Wire {
    /// What a handshake with an address shows to clients that ask for this name; no SNI for an address.
    pub fn presented_as(&self, endpoint: &Endpoint, name: &San) -> Result<Presented, Error> {
        match self.runtime() {
            Ok(runtime) => runtime.block_on(self.look(endpoint, name)),
            Err(error) => Err(super::not_started(endpoint, &error)),
        }
    }

    /// So many visits, each on a connection of its own.
    pub fn visits(&self, endpoint: &Endpoint, name: &San, count: usize) -> Vec<Result<Visit, Error>> {
        let Ok(runtime) = self.runtime() else { return vec![] };
        let config = Arc::new(without_h2((**self.tls()).clone()));
        runtime.block_on(async {
            let (mut under_way, mut seen) = (JoinSet::new(), Vec::with_capacity(count));
            for _ in 0..count {
                if under_way.len() >= AT_ONCE {
                    seen.extend(under_way.join_next().await.and_then(Result::ok));
                }
                let (wire, endpoint, name) = (self.clone(), endpoint.clone(), name.clone());
                let config = config.clone();
                under_way.spawn(async move { wire.visit(&endpoint, &name, &config).await });
            }
            seen.extend(under_way.join_all().await);
            seen
        })
    }

    async fn visit(
        &self,
        endpoint: &Endpoint,
        name: &San,
        config: &Arc<ClientConfig>,
    ) -> Result<Visit, Error> {
        let begun = Instant::now();
        let deadline = begun + self.timeout;
        let shaken = timeout_at(deadline, async {
            let (mut tcp, _) = self.connect(endpoint, deadline).await?;
            let (tls, presented) = greet(&mut tcp, (endpoint, name), config).await?;
            Ok((tls, tcp, presented))
        });
        let (mut tls, mut tcp, presented) = shaken.await.unwrap_or_else(|_| Err(self.too_late(endpoint)))?;
        let took = begun.elapsed();
        // Whoever says nothing to the question has shown its certificate all the same.
        let said = timeout_at(deadline, answer(&mut tls, &mut tcp)).await.ok().flatten();
        Ok(Visit { presented, tickets: tls.tls13_tickets_received(), said, took })
    }
}

/// Shakes hands and asks.
pub(super) async fn greet(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    (endpoint, name): (&Endpoint, &San),
    config: &Arc<ClientConfig>,
) -> Result<(ClientConnection, Presented), Error> {
    let mut tls = handshake::connection(config, name).map_err(|broken| error(endpoint, broken))?;
    let met = handshake::met(&mut tls, stream, Then::Ask(&question(endpoint))).await;
    let presented = met.map_err(|broken| error(endpoint, broken))?;
    Ok((tls, presented))
}

/// The answer is read as HTTP/1, so nothing else may be agreed on.
pub(super) fn without_h2(mut config: ClientConfig) -> ClientConfig {
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

/// A GET, because every other method is another verb to an API server, which lets nobody without a login use it.
pub(super) fn question(endpoint: &Endpoint) -> String {
    format!("GET /readyz HTTP/1.1\r\nHost: {endpoint}\r\nUser-Agent: cpctl\r\nConnection: close\r\n\r\n")
}

pub(super) async fn answer(tls: &mut ClientConnection, tcp: &mut (impl AsyncRead + Unpin)) -> Option<Said> {
    let (mut input, mut text) = (vec![0; 4096], vec![]);
    while text.len() < MOST as usize {
        let count = tcp.read(&mut input).await.unwrap_or(0);
        let mut bytes = &input[..count];
        let mut is_over = count == 0;
        while !bytes.is_empty() && !is_over {
            is_over = tls.read_tls(&mut bytes).is_err() || tls.process_new_packets().is_err();
        }
        // It would block where no more has come, and what has come is there nevertheless.
        let _ = tls.reader().read_to_end(&mut text);
        if is_over {
            break;
        }
    }
    said(&String::from_utf8_lossy(&text))
}

fn error(endpoint: &Endpoint, broken: Broken) -> Error {
    let endpoint = endpoint.clone();
    match broken {
        Broken::Closed => Error::NotTls { endpoint, what: Speech::HangsUp },
        Broken::NotTls(what) => Error::NotTls { endpoint, what },
        Broken::Refused(reason) | Broken::Unusable(reason) => Error::Handshake { endpoint, reason },
    }
}
