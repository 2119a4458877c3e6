//! What a client sees: the TLS handshake and its verdict.

use std::{
    io,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use openssl::ssl::SslContext;
use rustls::ClientConfig;
use tokio::{runtime::Runtime, sync::mpsc};

use crate::{cert::ServingCert, endpoint::Endpoint};

mod balancer;
mod dialled;
mod handshake;
mod lent;
mod lifetime;
mod look;
mod neighbours;
mod not_tls;
mod openssl_handshake;
mod passed_on;
mod plain;
mod signature;
mod trust;
mod visit;
mod witness;
mod words;

pub use balancer::{Mark, Signs, is_terminated, signs};
pub(crate) use dialled::{Undialled, dial_by};
pub use lifetime::Lifetime;
pub(crate) use look::whole_seconds;
pub use neighbours::neighbours;
pub use not_tls::Speech;
pub use passed_on::{Said, Unheard, ask};
pub use plain::{Heard, Plain};
pub(crate) use trust::strict;
pub use trust::{Trust, Validity, Verdict};
pub use visit::Visit;
pub(crate) use words::{io_words, is_alert, os_error, tls_words};
pub use words::{refusal, refusal_of};

/// More connections at once make neither the network nor two cores faster.
pub const CONCURRENCY: usize = 64;
/// How long answers gather before they are told: to be woken for each of a thousand takes longer than to tell it.
const GATHERING: Duration = Duration::from_millis(1);

/// Looks at endpoints over the wire; a clone shares the runtime and the TLS configuration.
///
/// Both are made when the first endpoint is dialled: what dials nothing should not wait for them.
#[derive(Clone)]
pub struct Wire {
    pub(crate) timeout: Duration,
    runtime: Arc<Threads>,
    tls: Arc<OnceLock<Arc<ClientConfig>>>,
    /// Made when the first server turns up that rustls cannot talk to.
    openssl: Arc<OnceLock<SslContext>>,
}

/// The runtime, which ends without waiting: the last to let go of it may be one of its own threads, and those cannot wait.
#[derive(Default)]
struct Threads(OnceLock<Runtime>);

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// What a server presented in one handshake on a fresh connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Presented {
    pub leaf: ServingCert,
    /// Everything after the leaf, as it was sent.
    pub chain: Vec<ServingCert>,
    /// `TLS 1.3`.
    pub version: String,
    pub cipher: String,
    pub alpn: Option<String>,
    /// Subjects of the CAs whose client certificates the server asks for (an API server of K3s asks and names none);
    /// `None` where it asks for none, or where OpenSSL had to read it, which does not tell.
    pub client_cas: Option<Vec<String>>,
    pub reader: Reader,
}

/// Which library shook hands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reader {
    Rustls,
    /// For servers that rustls cannot talk to.
    OpenSsl,
}

#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("{endpoint}: cannot resolve the name")]
    Resolve { endpoint: Endpoint },
    #[error("{endpoint}: cannot connect: {reason}")]
    Connect { endpoint: Endpoint, reason: String },
    #[error("{endpoint}: no answer within {seconds} s")]
    Timeout { endpoint: Endpoint, seconds: u64 },
    /// The far end speaks, but not TLS: plain HTTP, SSH, a balancer that expects the PROXY protocol.
    #[error("{endpoint}: does not speak TLS: {what}")]
    NotTls { endpoint: Endpoint, what: Speech },
    #[error("{endpoint}: cannot shake hands: {reason}")]
    Handshake { endpoint: Endpoint, reason: String },
}

impl Wire {
    pub fn new(timeout: Duration) -> Self {
        Self { timeout, runtime: Arc::default(), tls: Arc::default(), openssl: Arc::default() }
    }

    /// How long a connection, a handshake or a call may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// What the connections run on.
    pub(crate) fn runtime(&self) -> io::Result<&Runtime> {
        if let Some(runtime) = self.runtime.0.get() {
            return Ok(runtime);
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(std::thread::available_parallelism().map_or(1, |cores| cores.get().min(2)))
            .max_blocking_threads(16)
            .thread_name("wire")
            .enable_io()
            .enable_time()
            .build()?;
        // Of two that are made at once the second is dropped unused.
        Ok(self.runtime.0.get_or_init(|| runtime))
    }

    fn tls(&self) -> &Arc<ClientConfig> {
        self.tls.get_or_init(|| Arc::new(handshake::client_config()))
    }

    /// One handshake on a fresh connection: no SNI for an address, and never a name that was not asked for.
    pub fn presented(&self, endpoint: &Endpoint) -> Result<Presented, Error> {
        match self.runtime() {
            Ok(runtime) => runtime.block_on(self.look(endpoint, &endpoint.host)),
            Err(error) => Err(not_started(endpoint, &error)),
        }
    }

    /// Looks at many endpoints, at most `concurrency` at once, and tells each by its index as soon as it is known.
    pub fn presented_many(
        &self,
        endpoints: &[Endpoint],
        concurrency: usize,
        mut on_each: impl FnMut(usize, Result<Presented, Error>),
    ) {
        let runtime = match self.runtime() {
            Ok(runtime) => runtime,
            Err(error) => {
                let each = endpoints.iter().enumerate();
                return each.for_each(|(index, endpoint)| on_each(index, Err(not_started(endpoint, &error))));
            }
        };
        let endpoints: Arc<[Endpoint]> = endpoints.into();
        let next = Arc::new(AtomicUsize::new(0));
        // Bounded, so that a slow reader holds back the probes instead of piling up what they saw.
        let (seen, mut arrivals) = mpsc::channel(CONCURRENCY);
        let workers = (0..concurrency.clamp(1, endpoints.len().max(1))).map(|_| {
            let (wire, endpoints, next, seen) = (self.clone(), endpoints.clone(), next.clone(), seen.clone());
            runtime.spawn(async move {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(endpoint) = endpoints.get(index) else { break };
                    if seen.send((index, wire.look(endpoint, &endpoint.host).await)).await.is_err() {
                        break;
                    }
                }
            })
        });
        let workers: Vec<_> = workers.collect();
        drop(seen);
        let mut arrived = vec![];
        while arrivals.blocking_recv_many(&mut arrived, CONCURRENCY) > 0 {
            arrived.drain(..).for_each(|(index, presented)| on_each(index, presented));
            thread::sleep(GATHERING);
        }

        for worker in workers {
            if let Err(error) = runtime.block_on(worker) {
                std::panic::resume_unwind(error.into_panic());
            }
        }
    }
}

/// A machine without a thread or a descriptor to spare cannot dial.
fn not_started(endpoint: &Endpoint, error: &io::Error) -> Error {
    Error::Connect { endpoint: endpoint.clone(), reason: error.to_string() }
}

#[cfg(test)]
pub(crate) mod server;
#[cfg(test)]
mod tests;
