//! What a port does that is greeted in plain HTTP, or not at all.

use std::time::Duration;

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, timeout_at},
};

use super::{
    Error, Said, Speech, Wire, not_tls,
    passed_on::{MOST, said},
    visit::question,
};
use crate::endpoint::Endpoint;

/// Whoever has not hung up on silence by then waits for a word.
const PATIENCE: Duration = Duration::from_secs(1);

/// What came back for a question in plain HTTP.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Plain {
    Said(Said),
    /// Something that is no HTTP; a TLS server complains in TLS.
    Else,
    /// The connection was closed without a word.
    HungUp,
    Silent,
    /// There was no connection to ask over.
    Unreached,
}

/// What a server does to a client that says nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Heard {
    /// It waits, as a server of TLS does.
    Nothing,
    /// It hangs up.
    HungUp,
    /// It complains in TLS, though we have not said anything: somebody else has.
    Alert,
    Speech(Speech),
    Unreached,
}

impl Wire {
    /// Asks for `/readyz` in plain HTTP.
    pub fn plain(&self, endpoint: &Endpoint) -> Plain {
        self.within(async {
            let deadline = Instant::now() + self.timeout;
            let Ok(mut tcp) = self.dialled(endpoint, deadline).await else { return Plain::Unreached };
            in_clear(&mut tcp, endpoint, deadline).await
        })
        .unwrap_or(Plain::Unreached)
    }

    /// Connects and says nothing.
    pub fn listen(&self, endpoint: &Endpoint) -> Heard {
        self.within(async {
            let deadline = Instant::now() + self.timeout;
            let Ok(mut tcp) = self.dialled(endpoint, deadline).await else { return Heard::Unreached };
            let mut first = [0; 256];
            match timeout_at(Instant::now() + PATIENCE, tcp.read(&mut first)).await {
                Err(_) => Heard::Nothing,
                Ok(Ok(0) | Err(_)) => Heard::HungUp,
                Ok(Ok(_)) if first[0] == not_tls::ALERT => Heard::Alert,
                Ok(Ok(count)) => not_tls::name(&first[..count]).map_or(Heard::Nothing, Heard::Speech),
            }
        })
        .unwrap_or(Heard::Unreached)
    }

    async fn dialled(&self, endpoint: &Endpoint, deadline: Instant) -> Result<TcpStream, Error> {
        match timeout_at(deadline, self.connect(endpoint, deadline)).await {
            Ok(connected) => connected.map(|(tcp, _)| tcp),
            Err(_) => Err(self.too_late(endpoint)),
        }
    }

    fn within<T>(&self, look: impl Future<Output = T>) -> Option<T> {
        self.runtime().ok().map(|runtime| runtime.block_on(look))
    }
}

pub(super) async fn in_clear(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    endpoint: &Endpoint,
    deadline: Instant,
) -> Plain {
    if stream.write_all(question(endpoint).as_bytes()).await.is_err() {
        return Plain::HungUp;
    }
    let mut answer = vec![];
    let mut limited = stream.take(MOST);
    let read = timeout_at(deadline, limited.read_to_end(&mut answer)).await;
    match said(&String::from_utf8_lossy(&answer)) {
        Some(said) => Plain::Said(said),
        None if !answer.is_empty() => Plain::Else,
        None if read.is_err() => Plain::Silent,
        None => Plain::HungUp,
    }
}

impl Said {
    /// Whether these are the words of NGINX at a port where it ends TLS itself.
    pub fn is_of_nginx(&self) -> bool {
        self.body.contains("The plain HTTP request was sent to HTTPS port")
    }

    /// Whether an API server of Kubernetes answers so.
    pub fn is_of_api(&self) -> bool {
        let body = self.body.trim();
        let is_status = body.contains("\"kind\"") && body.contains("\"Status\"");
        body == "ok" || is_status || body.starts_with("[+]") || body.starts_with("[-]")
    }
}
