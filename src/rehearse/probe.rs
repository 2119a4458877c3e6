//! The witness of a rehearsal: a new connection twenty times a second, whatever became of the ones before.

use std::{
    collections::BTreeMap,
    fmt, io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::{
        Resumption, WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::Runtime,
    sync::oneshot,
    task::JoinSet,
    time::{interval, timeout},
};
use tokio_rustls::TlsConnector;

use super::{keys::provider, pki::Identity};
use crate::endpoint::Endpoint;

const EVERY: Duration = Duration::from_millis(50);
/// A request without an answer by then has failed.
const PATIENCE: Duration = Duration::from_secs(5);

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
            name: ServerName::try_from(endpoint.host.to_string()).map_err(io::Error::other)?,
            connector: TlsConnector::from(Arc::new(client(trust, who, ahead)?)),
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
    name: ServerName<'static>,
    connector: TlsConnector,
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
        let tls = self.connector.connect(self.name.clone(), stream).await;
        let mut tls = tls.map_err(|_| Failure::Handshake)?;
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
}

fn client(trust: &str, who: &Identity, ahead: i64) -> io::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    for ca in CertificateDer::pem_slice_iter(trust.as_bytes()) {
        roots.add(ca.map_err(io::Error::other)?).map_err(io::Error::other)?;
    }
    let strict = WebPkiServerVerifier::builder_with_provider(roots.into(), provider());
    let strict = strict.build().map_err(io::Error::other)?;
    let certificate = CertificateDer::from_pem_slice(who.certificate.as_bytes()).map_err(io::Error::other)?;
    let key = PrivateKeyDer::from_pem_slice(who.key.as_bytes()).map_err(io::Error::other)?;
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyName { strict, ahead }))
        .with_client_auth_cert(vec![certificate], key)
        .map_err(io::Error::other)?;
    config.resumption = Resumption::disabled();
    Ok(config)
}

/// Takes any name, and nothing else that the CA does not vouch for at the time of the cluster's clock.
#[derive(Debug)]
struct AnyName {
    strict: Arc<WebPkiServerVerifier>,
    /// How many seconds the cluster's clock is ahead of this one's.
    ahead: i64,
}

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        above: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        use rustls::Error::InvalidCertificate;
        let there = Duration::from_secs(now.as_secs().saturating_add_signed(self.ahead));
        let there = UnixTime::since_unix_epoch(there);
        match self.strict.verify_server_cert(leaf, above, name, ocsp, there) {
            Err(InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.strict.verify_tls12_signature(message, cert, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.strict.verify_tls13_signature(message, cert, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.strict.supported_verify_schemes()
    }
}

/// A count cannot be half made, so a thread that panicked left nothing broken.
fn lock(counts: &Mutex<Counts>) -> std::sync::MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}
