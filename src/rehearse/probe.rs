//! The witness of a rehearsal: a new connection twenty times a second, whatever became of the ones before.

use std::{
    collections::BTreeMap,
    fmt, io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use openssl::{
    error::ErrorStack,
    pkey::PKey,
    ssl::{SslConnector, SslMethod},
    x509::{X509, store::X509StoreBuilder},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::Runtime,
    sync::oneshot,
    task::JoinSet,
    time::{interval, timeout},
};
use tokio_openssl::SslStream;

use super::pki::Identity;
use crate::endpoint::Endpoint;

const EVERY: Duration = Duration::from_millis(50);
/// A request without an answer by then has failed. A machine with much else to do answers late, and that is no failure.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running probe.
pub struct Probe {
    runtime: Runtime,
    stop: oneshot::Sender<()>,
    done: oneshot::Receiver<()>,
    counts: Arc<Mutex<Counts>>,
}

/// What became of the requests.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    pub sent: u64,
    pub answered: u64,
    pub failed: BTreeMap<Failure, u64>,
}

/// Where a request ended that was not answered with 200.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Failure {
    Connect,
    Handshake,
    /// The connection ended before the answer.
    Cut,
    Status(u16),
    Timeout,
}

impl Counts {
    /// How many requests failed, of whatever kind.
    pub fn failures(&self) -> u64 {
        self.failed.values().sum()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect => f.write_str("cannot connect"),
            Self::Handshake => f.write_str("cannot shake hands"),
            Self::Cut => f.write_str("cut off"),
            Self::Status(code) => write!(f, "answered {code}"),
            Self::Timeout => f.write_str("no answer"),
        }
    }
}

impl Probe {
    /// Starts to ask `/readyz` of the endpoint. The chain must lead to the CA; the name is not judged, since the
    /// endpoint's own is not in the certificates when a migration starts.
    pub(super) fn start(endpoint: &Endpoint, trust: &str, who: &Identity, ahead: i64) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("rehearsal-probe")
            .enable_all()
            .build()?;
        let asked = Arc::new(Asked {
            at: endpoint.to_string(),
            name: endpoint.host.to_string(),
            client: client(trust, who)?,
            ahead,
        });
        let counts = Arc::new(Mutex::new(Counts::default()));
        let (stop, stopped) = oneshot::channel();
        let (end, done) = oneshot::channel();
        let tally = counts.clone();
        runtime.spawn(async move {
            ask_until(stopped, &asked, &tally).await;
            // Nobody waits for the end of a probe that was dropped.
            let _ = end.send(());
        });
        Ok(Self { runtime, stop, done, counts })
    }

    /// What became of the requests so far.
    pub fn counts(&self) -> Counts {
        lock(&self.counts).clone()
    }

    /// Sends no more, waits for the answers still out, and tells what became of all.
    pub fn stop(self) -> Counts {
        let Self { runtime, stop, done, counts } = self;
        // Either end may be gone already, and then there is nothing to wait for.
        let _ = stop.send(());
        let _ = runtime.block_on(done);
        runtime.shutdown_timeout(PATIENCE);
        lock(&counts).clone()
    }
}

struct Asked {
    at: String,
    name: String,
    client: SslConnector,
    /// How many seconds the cluster's clock is ahead of this one's.
    ahead: i64,
}

async fn ask_until(mut stopped: oneshot::Receiver<()>, asked: &Arc<Asked>, tally: &Arc<Mutex<Counts>>) {
    let mut requests = JoinSet::new();
    let mut ticks = interval(EVERY);
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            _ = ticks.tick() => {
                lock(tally).sent += 1;
                let (asked, tally) = (asked.clone(), tally.clone());
                requests.spawn(async move {
                    let result = timeout(PATIENCE, asked.ask()).await.unwrap_or(Err(Failure::Timeout));
                    let mut counts = lock(&tally);
                    match result {
                        Ok(()) => counts.answered += 1,
                        Err(failure) => *counts.failed.entry(failure).or_default() += 1,
                    }
                });
                while requests.try_join_next().is_some() {}
            }
        }
    }
    while requests.join_next().await.is_some() {}
}

impl Asked {
    #[expect(clippy::disallowed_methods, reason = "the witness must not use what it watches")]
    async fn ask(&self) -> Result<(), Failure> {
        let stream = TcpStream::connect(&self.at).await.map_err(|_| Failure::Connect)?;
        let mut tls = self.secured(stream).map_err(|_| Failure::Handshake)?;
        Pin::new(&mut tls).connect().await.map_err(|_| Failure::Handshake)?;
        let request = format!("GET /readyz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.at);
        tls.write_all(request.as_bytes()).await.map_err(|_| Failure::Cut)?;
        let mut start = [0; 12];
        tls.read_exact(&mut start).await.map_err(|_| Failure::Cut)?;
        let code =
            start.strip_prefix(b"HTTP/1.1 ").and_then(|code| std::str::from_utf8(code).ok()?.parse().ok());
        match code {
            Some(200) => Ok(()),
            Some(code) => Err(Failure::Status(code)),
            None => Err(Failure::Cut),
        }
    }

    /// A connection that takes any name, and nothing else that the CA does not vouch for by the cluster's clock.
    fn secured(&self, stream: TcpStream) -> Result<SslStream<TcpStream>, ErrorStack> {
        let mut ssl = self.client.configure()?.verify_hostname(false).into_ssl(&self.name)?;
        ssl.param_mut().set_time(Timestamp::now().as_second().saturating_add(self.ahead));
        SslStream::new(ssl, stream)
    }
}

/// Believes the CA alone, and shows who it is.
fn client(trust: &str, who: &Identity) -> Result<SslConnector, ErrorStack> {
    let mut roots = X509StoreBuilder::new()?;
    for ca in X509::stack_from_pem(trust.as_bytes())? {
        roots.add_cert(ca)?;
    }
    let mut client = SslConnector::builder(SslMethod::tls_client())?;
    client.set_cert_store(roots.build());
    client.set_certificate(&*X509::from_pem(who.certificate.as_bytes())?)?;
    client.set_private_key(&*PKey::private_key_from_pem(who.key.as_bytes())?)?;
    Ok(client.build())
}

/// A count cannot be half made, so a thread that panicked left nothing broken.
fn lock(counts: &Mutex<Counts>) -> std::sync::MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}
